"""What the roles are called in a programme, and on which programme's pages one is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from core.role_names import RoleNames, called
from mentoring.models import MentoringGroup, Pack, Programme


@lru_cache(maxsize=32)
def role_names_of(names: str) -> RoleNames:
    """Return the names that a pack gives, from its JSON text."""
    return RoleNames(json.loads(names))


@contextmanager
def called_as_in(programme: Programme | Pack | None) -> Iterator[None]:
    """Let sentences call the roles as a programme does, whoever asked: on documents and in mails."""
    pack = programme.pack if isinstance(programme, Programme) else programme
    names = role_names_of(json.dumps(pack.role_names)) if pack else None
    with called(lambda: names):
        yield


def where(place: Any) -> tuple[int | None, int | None]:
    """Return programme and group of what a page shows, as far as it says so without a query."""
    if isinstance(place, Programme):
        return place.pk, None
    if isinstance(place, MentoringGroup):
        return place.programme_id, place.pk
    if place is None:
        return None, None
    programme, group = getattr(place, "programme_id", None), getattr(place, "group_id", None)
    if programme or group:
        return programme, group
    loaded = place._state.fields_cache.values()
    return next((found for each in loaded if (found := where(each)) != (None, None)), (None, None))
