"""What was told long ago goes: from everybody's list, from the log, and from the traces of reminders."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notices.models import KEPT_FOR, Digest, Fanout, MailSetting, Notice, Reminder
from notices.services.seen import count_anew

BATCH: Final = 1000
MONTH: Final = timedelta(days=30.5)
WORKED_OFF: Final = timedelta(days=60)
"""So long the work of telling is kept once it is done, for whoever looks after the platform."""


def forget(*, now: datetime | None = None) -> int:
    """Remove notices, and the reminders behind them, that are older than their programme keeps them; return how many.

    What belongs to no group goes after the time that holds where a programme says nothing.
    """
    now = now or timezone.now()
    kept = MailSetting.objects.kept_months()
    removed = _forget(~Q(group__programme__in=kept) | Q(group=None), KEPT_FOR, now)
    for months in sorted(set(kept.values())):
        programmes = [programme for programme, own in kept.items() if own == months]
        removed += _forget(Q(group__programme__in=programmes), months, now)
    Fanout.objects.filter(done_at__lt=now - WORKED_OFF).delete()
    Digest.objects.filter(made_at__lt=now - KEPT_FOR * MONTH).delete()
    Reminder.objects.filter(made_at__lt=now - KEPT_FOR * MONTH).delete()
    return removed


def _forget(whose: Q, months: int, now: datetime) -> int:
    old: Any = Notice.objects.filter(whose, created_at__lt=now - months * MONTH).order_by("pk")
    removed = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        removed += _forget_these(keys)
    return removed


@transaction.atomic
def _forget_these(keys: list[int]) -> int:
    """Remove some, and count the bells anew of those who had not seen theirs."""
    these = Notice.objects.filter(pk__in=keys)
    people = set(these.unseen().order_by().values_list("person", flat=True))
    these.delete()
    for person in sorted(people):
        count_anew(people=[person])
    return len(keys)
