"""Who may open a route: everyone of the cast tries it."""

from collections.abc import Callable, Iterable

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cast import Cast, World

MEMBERS = ("egle", "rasa", "milda", "tomas", "elena")
KEEPERS = ("egle", "rasa")
CANNOT_SIGN_IN = "viktor"
HIDDEN = (404, 405)
"""What is not yours is not there; a method that a route does not know is answered before anything is looked up."""


def address_of(route: str) -> Callable[..., str]:
    """Return a function that gives the address of a route about something.

    It takes the keys of the address in their order: objects, or what stands in the address itself; the world stands
    for the group «Žingsnis».
    """

    def address(*things: World | Model | str | int) -> str:
        return reverse(route, args=[_key_of(thing) for thing in things])

    return address


def _key_of(thing: World | Model | str | int) -> object:
    if isinstance(thing, World):
        return thing.group.pk
    return thing.pk if isinstance(thing, Model) else thing


def open_to(
    as_user: Callable[[User], Client], cast: Cast, url: str, *, method: str = "get", status: tuple[int, ...] = (200,)
) -> set[str]:
    """Return the first names of those who get `status`; the others must get 404."""
    found = set()
    for name, person in cast.everybody().items():
        if name == CANNOT_SIGN_IN:
            continue
        answer = getattr(as_user(person), method)(url)
        if answer.streaming:
            b"".join(answer.streaming_content)  # closes the file
        assert answer.status_code in {*status, 404}, (name, url, answer.status_code)
        if answer.status_code in status:
            found.add(name)
    return found


def refuses(client: Client, url: str, methods: Iterable[str]) -> bool:
    """Return whether the route answers 405 to each of these methods."""
    return all(getattr(client, method)(url).status_code == 405 for method in methods)


def asks_to_sign_in(url: str, method: str = "get") -> bool:
    """Return whether someone who is not signed in is sent to the sign-in page."""
    answer = getattr(Client(), method)(url)
    return answer.status_code == 302 and "/sign-in/" in answer.headers["Location"]
