"""Every route × every person of the cast; nothing confidential comes out anywhere for those who may not read it."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.services import portrait
from core.web.routes import Route, all_routes
from tests.access_map import ACCESS, LINKS, PUBLIC, SIGNED_IN, For
from tests.cast import World
from tests.documents.sent_files import photo
from tests.furniture import GROUP_MARKERS, HIDDEN_MARKERS, House, furnish

SignIn = Callable[..., Client]
MISSING = 404
ANONYMOUS = "nobody"
ROUTES = {route.name: route for route in all_routes() if not route.name.startswith("admin:")}


@pytest.fixture(autouse=True)
def no_running_loop() -> Iterator[None]:
    """A browser's loop stays in the thread between its tests; the stream, an async view, is asked outside it here."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


def app_of(name: str) -> str:
    """Return the namespace of a route; the account pages have none."""
    return name.rpartition(":")[0]


APPS = sorted({app_of(name) for name, entry in ACCESS.items() if isinstance(entry, For)})


@pytest.fixture
def house(world: World) -> House:
    world.cast.milda.photo.save("milda.jpg", ContentFile(portrait(photo())))
    return furnish(world)


@pytest.fixture
def clients(house: House, as_user: SignIn) -> dict[str, Client]:
    signed_in = {name: as_user(user) for name, user in house.world.cast.everybody().items() if user.is_active}
    return {**signed_in, ANONYMOUS: Client()}


def address(house: House, name: str, entry: For) -> str:
    """Return the URL of a route about a thing."""
    return reverse(name, kwargs={**house.things[entry.thing], **entry.more}) + entry.query


def read(response: Any) -> bytes:
    """Return what was answered; of a stream, which does not end, nothing (`tests/notices/test_stream.py` listens)."""
    if not response.streaming:
        return bytes(response.content)
    return b"" if response.is_async else b"".join(response.streaming_content)


def ask(client: Client, route: Route, url: str, sent: dict[str, object]) -> int:
    """Ask with the route's first method; undo whatever it did."""
    with transaction.atomic():
        response = client.get(url) if "GET" in route.methods else client.post(url, sent)
        read(response)
        transaction.set_rollback(True)
    cache.clear()
    return int(response.status_code)


def test_map_names_exactly_the_routes_that_exist() -> None:
    assert set(ROUTES) - set(ACCESS) == set(), "routes that nobody wrote down"
    assert set(ACCESS) - set(ROUTES) == set(), "written down, but gone"


def test_map_agrees_with_the_guards_on_what_is_public() -> None:
    for name, entry in ACCESS.items():
        if name in ROUTES and isinstance(entry, str):
            guard = ROUTES[name].access
            assert guard == entry or (entry == PUBLIC) == (guard == "public"), name


@pytest.mark.parametrize("app", APPS)
def test_every_route_answers_exactly_those_who_may(house: House, clients: dict[str, Client], app: str) -> None:
    wrong = []
    for name, entry in sorted(ACCESS.items()):
        if not isinstance(entry, For) or app_of(name) != app:
            continue
        url = address(house, name, entry)
        answered = {
            person
            for person, client in clients.items()
            if person != ANONYMOUS and ask(client, ROUTES[name], url, entry.sent) != MISSING
        }
        if answered != entry.may:
            wrong.append(f"{name}: too many {sorted(answered - entry.may)}, too few {sorted(entry.may - answered)}")
    assert not wrong, "\n".join(wrong)


def test_every_route_can_be_used_by_somebody(house: House, as_user: SignIn) -> None:
    """A route that answers nobody at all would pass every test about who may not."""
    unused = []
    for name, entry in sorted(ACCESS.items()):
        if name == "core:readyz":  # says 503 where no worker runs; the tests of health see it green
            continue
        may = sorted(entry.may) if isinstance(entry, For) else ["egle", *([ANONYMOUS] if entry == PUBLIC else [])]
        for method in {"GET", "POST"} & set(ROUTES[name].methods):
            answers = []
            for person in may:
                status, target = knock(house, as_user, name, method, person)
                answers.append(f"{person} got {status} {target}")
                if is_of_use(method, status, target, ROUTES[name]):
                    break
            else:
                unused.append(f"{method} {name}: {answers}")
    assert not unused, "\n".join(unused)


def knock(house: House, as_user: SignIn, name: str, method: str, person: str) -> tuple[int, str]:
    """Ask a route as a person; return the status, and where a redirect leads. Whatever it did is undone."""
    entry = ACCESS[name]
    keys = house.things[LINKS[name]] if name in LINKS else {}
    url = address(house, name, entry) if isinstance(entry, For) else reverse(name, kwargs=keys)
    with transaction.atomic():
        client = Client() if person == ANONYMOUS else as_user(house.world.cast.everybody()[person])
        sent = entry.sent if isinstance(entry, For) else {}
        response = client.get(url) if method == "GET" else client.post(url, sent)
        read(response)
        transaction.set_rollback(True)
    cache.clear()
    return response.status_code, response.get("Location", "")


def is_of_use(method: str, status: int, target: str, route: Route) -> bool:
    """Return whether the answer is one for someone who may: a page by GET; by POST at least not "not found".

    Pages of allauth do not say that they take no POST: their refusal counts where there is a page to be read.
    """
    if "/sign-in/?" in target:
        return False
    if method == "GET":
        return 200 <= status < 400
    return status != MISSING and (status != 405 or "GET" in route.methods)


def test_post_is_guarded_like_get(house: House, clients: dict[str, Client]) -> None:
    wrong = []
    for name, entry in sorted(ACCESS.items()):
        if not isinstance(entry, For) or "POST" not in ROUTES[name].methods or "GET" not in ROUTES[name].methods:
            continue
        url = address(house, name, entry)
        for person, client in clients.items():
            if person in entry.may or person == ANONYMOUS:
                continue
            with transaction.atomic():
                status = client.post(url, {"name": "x", "reason": "x", "role": "mentor"}).status_code
                transaction.set_rollback(True)
            if status != MISSING:
                wrong.append(f"{name}: {person} got {status}")
    assert wrong == []


def test_anonymous_is_sent_to_sign_in_everywhere_else(house: House) -> None:
    wrong = []
    for name, entry in sorted(ACCESS.items()):
        if entry == PUBLIC:
            continue
        url = address(house, name, entry) if isinstance(entry, For) else reverse(name)
        for send in (Client().get, Client().post):
            response = send(url)
            if not (response.status_code == 302 and "/sign-in/" in response.url) and response.status_code != 405:
                wrong.append(f"{name}: {response.status_code}")
    assert wrong == []


def test_unknown_and_foreign_answer_the_same(house: House, clients: dict[str, Client]) -> None:
    client = clients["aino"]
    for name in ("documents:folder-detail", "responses:form-detail", "documents:version-download"):
        entry = ACCESS[name]
        assert isinstance(entry, For)
        foreign = client.get(address(house, name, entry))
        unknown = client.get(reverse(name, kwargs={"pk": 999_999}))
        assert foreign.status_code == unknown.status_code == MISSING
        assert _without_tokens(foreign.content.decode()) == _without_tokens(unknown.content.decode())


def _without_tokens(page: str) -> str:
    import re  # noqa: PLC0415 -- needed only here

    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": |name="next" value=)"[^"]*"', "", page)


def pages_of(client: Client, house: House) -> Iterator[tuple[str, str]]:
    """Yield name and text of every page that answers this person."""
    for name, entry in sorted(ACCESS.items()):
        if name == "account_logout" or "GET" not in ROUTES[name].methods:
            continue
        if isinstance(entry, str):
            if ROUTES[name].pattern.count("<"):
                continue
            url = reverse(name)
        else:
            url = address(house, name, entry)
        with transaction.atomic():
            response = client.get(url, {"q": "Z"} if entry == SIGNED_IN else {})
            body = read(response)
            transaction.set_rollback(True)
        yield name, body.decode("utf-8", "replace")


@pytest.mark.parametrize("person", ["aino", "kalina", "petar", "boris", "dana", "olga", "jonas", "sofia", ANONYMOUS])
def test_nothing_confidential_reaches_people_outside_the_group(
    house: House, clients: dict[str, Client], person: str
) -> None:
    leaks = [
        f"{name}: {marker}"
        for name, text in pages_of(clients[person], house)
        for marker in GROUP_MARKERS
        if marker in text
    ]
    assert leaks == []


def test_the_markers_do_reach_the_members(house: House, clients: dict[str, Client]) -> None:
    seen = {marker for _, text in pages_of(clients["elena"], house) for marker in GROUP_MARKERS if marker in text}
    assert seen == set(GROUP_MARKERS)


@pytest.mark.parametrize("person", ["egle", "rasa", "milda", "elena"])
def test_what_is_deleted_or_not_posted_is_on_no_page_of_others(
    house: House, clients: dict[str, Client], person: str
) -> None:
    leaks = [
        f"{name}: {marker}"
        for name, text in pages_of(clients[person], house)
        for marker in HIDDEN_MARKERS
        if marker in text
    ]
    assert leaks == []


def test_a_draft_is_its_writers_alone(house: House, clients: dict[str, Client]) -> None:
    url = reverse("responses:form-detail", kwargs=house.things["draft"])
    people = {name: client for name, client in clients.items() if name != ANONYMOUS}
    assert {name for name, client in people.items() if client.get(url).status_code != MISSING} == {"milda"}


@pytest.mark.parametrize("person", ["milda", "tomas", "elena"])
def test_no_mentee_finds_a_way_to_put_a_file_into_a_folder(
    house: House, clients: dict[str, Client], person: str
) -> None:
    client = clients[person]
    for name, route in ROUTES.items():
        entry = ACCESS[name]
        if "upload" in name and isinstance(entry, For):
            url = address(house, name, entry)
            assert client.get(url).status_code in {MISSING, 405}, name
            answer = client.post(url, {"files": ContentFile(photo(), "x.jpg")}).status_code
            assert answer == MISSING or (answer == 405 and "POST" not in route.methods), name
    page = client.get(reverse("documents:folder-detail", kwargs=house.things["folder"])).content.decode()
    assert 'type="file"' not in page
    assert "/upload/" not in page


def test_var_is_not_served(client: Client, db: None) -> None:
    for path in ("/media/", "/var/", "/static/../var/secret_key"):
        assert client.get(path).status_code in {302, MISSING}
