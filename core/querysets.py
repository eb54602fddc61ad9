"""The base of all querysets whose objects belong to somebody."""

from collections.abc import Callable, Hashable
from datetime import date
from functools import lru_cache, wraps
from typing import Any, NamedTuple, Self, TypeVar, cast

from django.db import models
from django.db.models.sql import Query
from django.utils import timezone

from core.roles import Action


class AccessQuerySet(models.QuerySet[Any]):
    """A queryset that must say what a person may do with its objects."""

    def allowing(self, user: Any, action: Action) -> Self:
        """Return the objects on which `user` may do `action`; subclasses must say so."""
        raise NotImplementedError(f"{type(self).__name__} does not say who may {action}.")


class Person(NamedTuple):
    """All that a remembered `allowing` may know of a person."""

    pk: int | None
    is_active: bool


Allowing = TypeVar("Allowing", bound=Callable[..., Any])


def remembered(allowing: Allowing) -> Allowing:
    """Keep what `allowing` builds: for one person, action and day it is always the same, and dear to build.

    What is kept is the question, never an answer: memberships and grants are asked anew each time. The method may look
    at nothing but the person's key and activity, the action and the day.
    """

    @wraps(allowing)
    def asked(self: Any, user: Any, action: Action) -> Any:
        person = Person(user.pk, bool(getattr(user, "is_active", False)))
        if self.query.where or self.query.is_sliced or len(self.query.alias_map) > 1:
            return allowing(self, person, action)
        found = self._chain()
        found.query = _question(
            cast(Hashable, type(self)), self.model, allowing, person, action, timezone.localdate()
        ).clone()
        return found

    return cast(Allowing, asked)


@lru_cache(maxsize=256)
def _question(
    queryset: Any,
    model: type[models.Model],
    allowing: Callable[..., Any],
    person: Person,
    action: Action,
    day: date,  # noqa: ARG001 -- part of the key: memberships begin and end
) -> Query:
    query: Query = allowing(queryset(model), person, action).query
    return query
