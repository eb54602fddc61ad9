"""A day's reminders: rows with a unique key and the events that the engine tells of; once, whoever asks how often."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.days import programme_today, programme_zone
from core.models import DomainEvent
from core.ops.sending import send_on_commit
from core.policy.roles import ProgrammeRole
from notices.due import ESCALATED, REMINDED
from notices.models import Fanout, Reminder, ReminderRun
from notices.occurrences import GRACE, Key, Occurrence, occurrences_on
from notices.services.rules import take_rules_of_packs

logger = logging.getLogger(__name__)

FROM_HOUR: Final = 6
"""Reminders are made from this hour on, by the programme's clock: in time for the one e-mail of the day."""

BATCH: Final = 100
"""So many things are told of in one transaction, and in one turn of the sweeper."""


def run(*, now: datetime | None = None) -> int:
    """Make the reminders of today, if its hour has come and they are not made; return how many.

    Begun anew after a crash it makes those that are missing. Of two that run at once one waits for the other.
    """
    now = now or timezone.now()
    today = programme_today()
    if timezone.localtime(now, programme_zone()).hour < FROM_HOUR or ReminderRun.objects.is_done(today):
        return 0
    take_rules_of_packs()
    ReminderRun.objects.get_or_create(day=today)
    wanted, made = occurrences_on(today), 0
    for start in range(0, len(wanted), BATCH):
        made += _make(wanted[start : start + BATCH], today, now)
    ReminderRun.objects.filter(day=today).update(done_at=now)
    if made:
        logger.info("reminders made: %s", made)
    return made


@transaction.atomic
def _make(wanted: Sequence[Occurrence], today: date, now: datetime) -> int:
    """Make those of a batch that are not there yet, each with its event and the work of telling it."""
    ReminderRun.objects.select_for_update().get(day=today)  # of two one waits, and finds the rows of the other
    there = Reminder.objects.keys_since(today - GRACE)
    missing = [(each, people) for each in wanted if (people := _without(each, there))]
    if not missing:
        return 0
    events = DomainEvent.objects.bulk_create([_event(each, now) for each, _people in missing])
    rows = [
        Reminder(
            rule=each.rule, person_id=person, place=each.place, target=each.due.target, day=each.day,
            is_escalation=each.is_escalation, event=event, facts=_facts(each), made_at=now,
        )
        for (each, people), event in zip(missing, events, strict=True)
        for person in people
    ]  # fmt: skip
    Reminder.objects.bulk_create(rows)
    Fanout.objects.bulk_create([Fanout(event=event, next_try_at=now) for event in events])
    send_on_commit("notices.sweep")
    return len(rows)


def _without(each: Occurrence, there: Iterable[Key]) -> list[int]:
    return [person for person in each.people if each.key(person) not in there]


def _event(each: Occurrence, now: datetime) -> DomainEvent:
    """Return the event of one occurrence; nobody did it."""
    return DomainEvent(
        kind=ESCALATED if each.is_escalation else REMINDED, group_id=each.due.group,
        target=f"notices.reminderrule:{each.rule.pk}", happened_at=now,
        data={"due": each.due.kind, "about": each.due.target, "day": each.day.isoformat()},
    )  # fmt: skip


def _facts(each: Occurrence) -> dict[str, Any]:
    """Return what the words are made of; Programme Admins are told of no person, and led to the group alone."""
    facts = dict(each.due.facts)
    late_url = facts.pop("late_url", facts.get("url"))
    if not each.is_escalation:
        return facts
    if each.rule.escalate_to == ProgrammeRole.ADMIN:
        facts.pop("person_id", None)
        late_url = reverse("admin:mentoring_mentoringgroup_change", args=[each.due.group]) if each.due.group else ""
    return facts | {"url": late_url}
