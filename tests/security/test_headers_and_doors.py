"""Headers of every kind of answer, the token of every act, narrowed diaries, sign-in by look-alikes."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.web.routes import all_routes
from documents.models import DocumentVersion
from rendering.models import Rendering
from responses_app import services as forms
from responses_app.models import FormResponse
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, stored
from tests.furniture import House, furnish

AsUser = Callable[[User], Client]
SECRET = "Znarrow"


def test_every_kind_of_answer_carries_the_headers(world: World, as_user: AsUser) -> None:
    house = furnish(world)
    client = as_user(world.cast.egle)
    things = {name: kwargs["pk"] for name, kwargs in house.things.items() if "pk" in kwargs}
    client.raise_request_exception = False
    answers = {
        "page": client.get("/"),
        "missing": client.get("/nothing/"),
        "not mine": client.get(reverse("documents:folder-detail", args=[10**6])),
        "refused": client.post(reverse("uploads:upload-create", args=[world.group.pk]), {"once": "x"}),
        "wrong method": client.get(reverse("responses:form-submit", args=[things["diary"]])),
        "bad": client.get("/groups/?q=%00"),
        "document": client.get(reverse("documents:version-download", args=[things["contract_version"]]) + "?inline=1"),
        "part": client.get(
            reverse("documents:version-download", args=[things["contract_version"]]), headers={"Range": "bytes=0-4"}
        ),
        "impossible part": client.get(
            reverse("documents:version-download", args=[things["contract_version"]]),
            headers={"Range": "bytes=9999999-"},
        ),
        "look": client.head(reverse("documents:version-download", args=[things["contract_version"]])),
        "export": client.get(reverse("home:matrix-export")),
        "fragment": client.get(
            reverse("documents:folder-detail", args=[things["folder"]]), headers={"HX-Request": "true"}
        ),
        "token": Client(enforce_csrf_checks=True).post(reverse("account_login"), {}),
        "sign-in": Client().get(reverse("account_login")),
        "health": Client().get("/healthz"),
    }
    for name, answer in answers.items():
        policy = answer.get("Content-Security-Policy", "")
        assert "default-src" in policy, name
        assert "unsafe-inline" not in policy.replace("style-src 'unsafe-inline'; plugin-types", ""), name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert answer["X-Frame-Options"] == "DENY", name
        if name not in {"token", "sign-in", "health"}:
            assert "no-store" in answer["Cache-Control"], name


def test_every_act_needs_the_token(world: World) -> None:
    """Whatever it is sent by: a form, a script, htmx."""
    from django.conf import settings  # noqa: PLC0415

    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.egle, backend=settings.AUTHENTICATION_BACKENDS[0])
    for route in all_routes():
        if "POST" not in route.methods or route.name.startswith("admin:"):
            continue
        path = re.sub(r"<[^>]*>|\(\?P<[^>]*>[^)]*\)", "1", route.pattern).replace("^", "").replace("$", "")
        if "(" in path or "[" in path:
            continue
        for sent in ({}, {"headers": {"HX-Request": "true"}}, {"content_type": "application/json", "data": "{}"}):
            answer = client.post(path, **sent)  # type: ignore[arg-type]
            assert answer.status_code in {403, 404, 405}, (route.name, answer.status_code)


@pytest.fixture
def house(world: World) -> House:
    """A house with a diary that only the Mentor reads, filed, commented, and opened again by its writer."""
    house = furnish(world)
    milda = world.cast.milda
    form = diary_of(world, milda, key="e2")
    forms.choose_audience(form=form, user=milda, audience="mentor")
    words = {key: f"{SECRET} {value}" if key != "mood" else value for key, value in DIARY.items()}
    forms.submit_form(form=stored(form), user=milda, lock=stored(form).lock, answers=words)
    forms.add_comment(form=stored(form), user=world.cast.rasa, text=f"{SECRET} comment")
    house.things["narrow"] = {"pk": form.pk}
    return house


def _pages(client: Client, start: str = "/", most: int = 120) -> Iterator[tuple[str, str]]:
    """Follow every link of the platform that a person sees."""
    seen, waiting = {start}, [start]
    while waiting and len(seen) < most:
        url = waiting.pop(0)
        answer = client.get(url, follow=False)
        if answer.status_code in {301, 302}:
            target = answer["Location"]
            if target.startswith("/") and target not in seen:
                seen.add(target)
                waiting.append(target)
            continue
        if "text" not in answer.get("Content-Type", ""):
            continue
        text = answer.content.decode()
        yield url, text
        for target in re.findall(r'(?:href|hx-get|src|action)="(/[^"#]*)', text):
            target = target.replace("&amp;", "&")
            shape = re.sub(r"/\d+/", "/n/", target.split("?")[0])
            if (
                target not in seen
                and not target.startswith(("/static/", "/sign-out", "/admin"))
                and "download" not in shape
            ):
                seen.add(target)
                waiting.append(target)


def test_a_narrowed_diary_is_nowhere_for_others(world: World, as_user: AsUser, house: House) -> None:
    form = FormResponse.objects.get(pk=house.things["narrow"]["pk"])
    rendering = Rendering.objects.get(submission=form.latest)
    versions = list(DocumentVersion.objects.filter(rendering__submission=form.latest))
    for person in (world.cast.egle, world.cast.tomas, world.cast.petar, world.cast.dana, world.cast.jonas):
        client = as_user(person)
        for url, text in _pages(client):
            assert SECRET not in text, (person, url)
            assert f"/forms/{form.pk}/" not in text, (person, url)
        doors = [reverse(f"responses:form-{name}", args=[form.pk]) for name in ("detail", "edit", "audience")] + [
            reverse("rendering:rendering-status", args=[rendering.pk])
        ]
        for version in versions:
            doors.append(reverse("documents:version-download", args=[version.pk]))
            doors.append(reverse("documents:document-detail", args=[version.document_id]))
        for url in doors:
            assert client.get(url).status_code == 404, (person, url)
            assert client.head(url).status_code == 404, (person, url)
        for name in ("save", "submit", "reopen", "accept", "return", "comment"):
            url = reverse(f"responses:form-{name}", args=[form.pk])
            assert client.post(url, {"lock": 0, "number": 1, "text": "x", "note": "x"}).status_code == 404, (
                person,
                name,
            )
        assert client.post(reverse("rendering:rendering-retry", args=[rendering.pk])).status_code == 404
    assert SECRET in as_user(world.cast.rasa).get(reverse("responses:form-detail", args=[form.pk])).content.decode()


def test_tries_are_counted_for_the_person_not_for_the_spelling(world: World) -> None:
    url, email = reverse("account_login"), world.cast.egle.email
    spellings = [email, email.upper(), f" {email}", email.title(), f"{email} ", "ｅgle@example.org", email]
    last = None
    for number, spelling in enumerate(spellings):
        last = Client(headers={"X-Forwarded-For": f"10.0.0.{number}"}).post(url, {"login": spelling, "password": "no"})
    assert last is not None
    right = {"login": email, "password": "a-long-and-quiet-road"}
    answer = Client(headers={"X-Forwarded-For": "10.9.9.9"}).post(url, right)
    assert answer.status_code != 302, "the right password entered after five wrong ones"


def test_signing_in_gives_a_new_session(world: World) -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.post(reverse("account_login"), {"login": world.cast.egle.email, "password": "a-long-and-quiet-road"})
    assert client.cookies["sessionid"].value != session.session_key


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(world: World, target: str) -> None:
    right = {"login": world.cast.egle.email, "password": "a-long-and-quiet-road", "next": target}
    answer = Client().post(reverse("account_login") + f"?next={target}", right)
    assert answer.status_code == 302
    assert answer["Location"] == "/"


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/healthz", "/admin/", "/nothing/"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "a b", "testserver.evil.example", "-"])
def test_a_host_that_is_not_ours_is_refused_in_plain_words(client: Client, db: None, path: str, host: str) -> None:  # noqa: ARG001 -- opens the database
    client.raise_request_exception = False
    for language, words in (("en", "does not belong to the platform"), ("bg", "Този адрес не е на платформата")):
        response = client.get(path, headers={"Host": host, "Accept-Language": language})
        assert response.status_code == 400
        assert words in response.content.decode()
        assert host not in response.content.decode() or host == "-"
