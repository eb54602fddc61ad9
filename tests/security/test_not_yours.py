"""What is not yours and what is not there answer alike, by every method: nobody learns what exists."""

import re
from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access_map import ACCESS, For
from tests.cast import World
from tests.furniture import House, furnish
from tests.test_routes import address

AsUser = Callable[[User], Client]
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
NOWHERE = 999_999_999
CHANGING = re.compile(r"""name="(csrfmiddlewaretoken|next)" value="[^"]*"|hx-headers='[^']*'""")


def answer(client: Client, method: str, url: str) -> tuple[int, str, str]:
    """Return status, allowed methods and page, without what differs between any two requests."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    cache.clear()
    page = CHANGING.sub("", body.decode("utf-8", "replace"))
    # The way back repeats the address that was asked for.
    return response.status_code, response.get("Allow", ""), re.sub(r'href="/[\w/-]*?/\d+/[^"]*"', "", page)


def elsewhere(house: House, name: str, entry: For) -> str:
    """Return the address of the same route with keys that nobody has."""
    things = {key: NOWHERE if isinstance(value, int) else value for key, value in house.things[entry.thing].items()}
    return reverse(name, kwargs={**things, **entry.more}) + entry.query


def test_what_is_not_yours_looks_like_what_is_not_there(world: World, as_user: AsUser) -> None:
    house = furnish(world)
    strangers = {name: as_user(getattr(world.cast, name)) for name in ("olga", "aino")}
    told = []
    for name, entry in sorted(ACCESS.items()):
        if not isinstance(entry, For):
            continue
        for person, client in strangers.items():
            if person in entry.may:
                continue
            for method in METHODS:
                there = answer(client, method, address(house, name, entry))
                nowhere = answer(client, method, elsewhere(house, name, entry))
                if there != nowhere:
                    told.append(f"{method} {name} ({person}): {there[:2]}, {nowhere[:2]}")
    assert told == []
