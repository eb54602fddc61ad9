"""The base of all querysets whose objects belong to somebody."""

from typing import Any, Self

from django.db import models

from core.roles import Action


class AccessQuerySet(models.QuerySet[Any]):
    """A queryset that must say what a person may do with its objects."""

    def allowing(self, user: Any, action: Action) -> Self:
        """Return the objects on which `user` may do `action`; subclasses must say so."""
        raise NotImplementedError(f"{type(self).__name__} does not say who may {action}.")
