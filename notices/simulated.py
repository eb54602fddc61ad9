"""A time that is not today, run through: every notice that its days bring, while nobody does anything.

Beat, worker and the e-mails of the day work as they do, each hour that something waits, with a clock that is set
(`core.clock`). All of it happens in one transaction that is rolled back: nothing is kept, and no e-mail leaves.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from core.clock import Clock, clock_at
from core.days import programme_zone
from notices import kinds
from notices.models import Fanout, Notice, Outcome, Reminder, ReminderRule, ReminderRun
from notices.rule_words import in_words
from notices.services import digests, fan_out, mails, reminders

HOURS = (*range(reminders.FROM_HOUR, 24), *range(24, 24 + reminders.FROM_HOUR))
"""The hours of a day, from its reminders on until those of the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notice: when, to whom, of what kind, why; by which rule; what it says, and when an e-mail said it."""

    at: str
    person: str
    kind: str
    reason: str
    why: str
    rule: str
    group: str
    title: str
    way: str
    mailed_at: str
    mail: str

    def as_data(self) -> dict[str, str]:
        """Return it as plain values."""
        return asdict(self)


def run_days(first: date, last: date, *, with_mails: bool = True) -> list[Line]:
    """Return every notice of the days from the first to the last, in the order in which they are made.

    Args:
        with_mails: write the e-mails, too, so that it can be said when each leaves; a third of the work.
    """
    with transaction.atomic(), clock_at(_hour(first, reminders.FROM_HOUR)) as clock:
        known = _begin(first)
        mailed: dict[int, datetime] = {}
        for number in range((last - first).days + 1):
            _day(clock, first + timedelta(days=number), known, mailed, with_mails=with_mails)
        found = list(_lines(known, mailed))
        transaction.set_rollback(True)
    return found


def _hour(day: date, hour: int) -> datetime:
    local = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), tzinfo=programme_zone())
    return local.astimezone(timezone.get_fixed_timezone(0))


def _begin(first: date) -> int:
    """Forget what waits and was sent, let the rules count from the first day; return the newest notice of before."""
    Fanout.objects.filter(done_at=None).update(done_at=timezone.now())
    Notice.objects.filter(outcome=Outcome.WAITING).update(outcome=Outcome.NONE, mail_due_at=None)
    Reminder.objects.all().delete()
    ReminderRun.objects.all().delete()
    ReminderRule.objects.update(since=first)
    newest = Notice.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def _day(clock: Clock, day: date, known: int, mailed: dict[int, datetime], *, with_mails: bool) -> None:
    for hour in HOURS:
        clock.set(_hour(day, hour))
        if hour == reminders.FROM_HOUR:
            reminders.run()
            while fan_out.sweep():
                pass
        if not with_mails:
            return
        if not Notice.objects.filter(pk__gt=known, outcome=Outcome.WAITING).exists():
            return
        if mails.sweep() + digests.sweep():
            written = Notice.objects.filter(pk__gt=known, outcome=Outcome.WRITTEN).exclude(pk__in=mailed)
            mailed.update(dict.fromkeys(written.values_list("pk", flat=True), clock.moment))


def _lines(known: int, mailed: dict[int, datetime]) -> Iterator[Line]:
    told = Notice.objects.filter(pk__gt=known).for_words().select_related("person", "event__actor", "group", "mail")
    told = told.order_by("created_at", "group__name", "person__email", "pk")
    notices = list(told.defer("mail__body", "mail__html"))
    people, rules = kinds.named_in(notices), Reminder.objects.rules_of(notices)
    for notice in notices:
        yield _line(notice, people, rules.get((notice.event_id, notice.person_id)), mailed.get(notice.pk))


def _line(notice: Notice, people: Any, rule: ReminderRule | None, mailed_at: datetime | None) -> Line:
    with translation.override(notice.person.language):
        title = kinds.kind_of(notice).title(kinds.said_of(notice, people))
    with translation.override("en"):
        words = in_words(rule, is_escalation=notice.kind.startswith("late_")) if rule else ""
        why = str(kinds.REASONS_OF_OTHERS[notice.reason])
    return Line(
        _said(notice.created_at), notice.person.email, notice.kind, notice.reason, why, words,
        notice.group.name if notice.group else "", title, notice.way, _said(mailed_at) if mailed_at else "",
        notice.mail.kind if notice.mail else "",
    )  # fmt: skip


def _said(moment: datetime) -> str:
    return timezone.localtime(moment, programme_zone()).isoformat(timespec="minutes")
