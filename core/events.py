"""Recording domain events and telling subscribers within the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from core.models import DomainEvent

Handler = Callable[[DomainEvent], None]
_subscribers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(kind: str, handler: Handler) -> None:
    """Call `handler(event)` in the transaction of every later event of `kind`; for `apps.ready()` of higher layers."""
    if handler not in _subscribers[kind]:
        _subscribers[kind].append(handler)


def record(
    kind: str,
    *,
    actor: Any = None,
    group_id: int | None = None,
    target: Model | None = None,
    at: datetime | None = None,
    **data: int | str | bool | None,
) -> DomainEvent:
    """Write one event and tell its subscribers.

    Args:
        kind: dotted name, past tense: `form.submitted`.
        actor: the person who did it; None for the system.
        target: the object it is about; kept as `app.model:pk`.
        at: when it happened; now when not given (demo data gives the past).
        data: ids, numbers and codes only, never text that a person typed.
    """
    event = DomainEvent.objects.create(
        kind=kind,
        actor=actor if actor is not None and actor.pk else None,
        group_id=group_id,
        target=f"{target._meta.label_lower}:{target.pk}" if target is not None else "",
        data=data,
        happened_at=at or timezone.now(),
    )
    for handler in _subscribers[kind]:
        handler(event)
    return event
