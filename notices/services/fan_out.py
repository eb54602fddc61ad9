"""Telling people of an event: in batches, by a worker, once each, and only who may know of it."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.models import DomainEvent
from core.ops.sending import send_on_commit
from mentoring.standing import Standing
from notices import kinds, live
from notices.kinds import NoticeKind, Told
from notices.models import Fanout, Hours, Notice, NoticeChoice, Outcome, Way
from notices.services.seen import count_after, hold, keep_count
from notices.ways import quiet_until, role_for, way_of

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

BATCH = 100
REMINDERS = "reminder."
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
MAILED_WITHIN = timedelta(days=2)
"""What happened longer ago is told on the page only: after an outage nobody's mailbox is filled with what is past."""


def work_off(*, fanout_id: int) -> bool:
    """Tell everybody whom an event concerns; begun anew after a crash, it goes on where it stopped.

    Returns:
        Whether it is done now.
    """
    now = timezone.now()
    waiting = Fanout.objects.filter(pk=fanout_id, done_at=None, next_try_at__lte=now)
    if not waiting.update(next_try_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    fanout = Fanout.objects.select_related("event").get(pk=fanout_id)
    try:
        for kind in kinds.kinds_for(fanout.event.kind):
            told = kind.gather(fanout.event)
            if told is not None:
                _tell(kind, fanout.event, told)
        if not fanout.event.kind.startswith(REMINDERS):  # what falls due closes nothing that people were told of
            count_after(fanout.event)
    except Exception as error:
        gave_up = fanout.attempts >= MOST_ATTEMPTS
        Fanout.objects.filter(pk=fanout_id).update(
            error=type(error).__name__,
            next_try_at=timezone.now() + timedelta(minutes=2**fanout.attempts),
            done_at=timezone.now() if gave_up else None,
        )
        logger.exception("event %s could not be told", fanout.event_id)
        return False
    Fanout.objects.filter(pk=fanout_id).update(done_at=timezone.now(), error="")
    return True


def sweep() -> int:
    """Tell what was left lying; return how many events that were."""
    return sum(work_off(fanout_id=pk) for pk in list(Fanout.objects.waiting().values_list("pk", flat=True)[:200]))


def _tell(kind: NoticeKind, event: DomainEvent, told: Told) -> None:
    receivers = {key: reason for key, reason in told.receivers.items() if key != event.actor_id}
    keys = sorted(receivers)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        tell_some(kind, event, told, {key: receivers[key] for key in batch})


@transaction.atomic
def tell_some(kind: NoticeKind, event: DomainEvent, told: Told, receivers: Mapping[int, str]) -> list[Notice]:
    """Make the notices of some people, for those who may know of it; who has theirs already gets no second one."""
    people = {person.pk: person for person in hold(receivers)}
    there = set(Notice.objects.filter(event=event, kind=kind.code, person__in=people).values_list("person", flat=True))
    people = {key: person for key, person in people.items() if key not in there}
    if not people:
        return []
    standings = {key: Standing.of(person) for key, person in people.items()}
    chosen = NoticeChoice.objects.of_all(people)
    rows = []
    for key in people:
        way = way_of(kind, event.group_id, chosen.get(key, {}), role_for(standings[key], event.group_id))
        if way != Way.OFF:
            rows.append(_row(kind, event, told, key, receivers[key], way))
    Notice.objects.bulk_create(rows)
    made = [notice for notice in rows if _may_know(notice, standings[notice.person_id])]
    _after(kind, made, people, standings)
    return made


def _row(kind: NoticeKind, event: DomainEvent, told: Told, person: int, reason: str, way: Way) -> Notice:
    return Notice(
        person_id=person,
        kind=kind.code,
        event=event,
        group_id=event.group_id,
        target_id=told.target,
        reason=reason,
        facts=dict(told.facts),
        way=way,
        created_at=event.happened_at,
    )


def _may_know(notice: Notice, standing: Standing) -> bool:
    """Ask the policy; what is not theirs to know was never made."""
    if Notice.objects.filter(pk=notice.pk).known_to(standing, among=[notice.kind]).exists():
        return True
    notice.delete()
    return False


def _after(
    kind: NoticeKind, made: list[Notice], people: "Mapping[int, User]", standings: Mapping[int, Standing]
) -> None:
    """Let what is new take the place of what it replaces, count it, and see to its e-mails."""
    hours = {each.person_id: each for each in Hours.objects.filter(person__in=[each.person_id for each in made])}
    now = timezone.now()
    for notice in made:
        person = people[notice.person_id]
        if kind.replaces:
            earlier = Notice.objects.unseen().filter(person=person, kind=kind.code, target_id=notice.target_id)
            earlier.filter(pk__lt=notice.pk).update(seen_at=now)
        keep_count(person, standings[person.pk])
        live.wake_on_commit(person.pk)
        if notice.way == Way.IN_PAGE or now - notice.created_at > MAILED_WITHIN:
            continue
        due = quiet_until(person, hours.get(person.pk), now) if notice.way == Way.AT_ONCE else None
        Notice.objects.filter(pk=notice.pk).update(mail_due_at=due, outcome=Outcome.WAITING)
        if due is not None and due <= now:
            send_on_commit("notices.mail", notice_id=notice.pk)
