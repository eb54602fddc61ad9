"""The base of all querysets whose objects belong to somebody."""

from typing import Any, Self

from django.db import models

from core.policy.roles import Action, Area


class AccessQuerySet(models.QuerySet[Any]):
    """A queryset that must say what a person may do with its objects.

    `area`: the part of the policy that governs them.
    """

    area: Area

    def for_page(self) -> Self:
        """Return the objects with what their page shows."""
        return self

    def in_area(self, standing: Any, action: Action, *, area: Area) -> Self:
        """Return the objects on which the person may do `action` in `area`; only groups have areas."""
        raise NotImplementedError

    def one_for_page(self, standing: Any, action: Action, key: int, *, area: Area | None = None) -> Any:
        """Return the object with this key and what its page shows, if the person may do `action` on it; else None."""
        reached = self.in_area(standing, action, area=area) if area else self.allowing(standing, action)
        return reached.for_page().filter(pk=key).first()

    def has(self, obj: Any) -> bool:
        """Return whether `obj` is among these."""
        return self.filter(pk=obj.pk).exists()

    def hold(self, obj: Any) -> Any:
        """Return the row as it is now; nobody else changes it before the transaction ends."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)

    def hold_key(self, key: int) -> None:
        """Let nobody else change the row before the transaction ends; nothing where it is gone."""
        self.select_for_update(of=("self",), no_key=True).filter(pk=key).values_list("pk", flat=True).first()

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the objects on which a person of this standing may do `action`; subclasses must say so.

        Args:
            standing: a `mentoring.standing.Standing`: who the person is in this request or transaction.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say who may {action}.")
