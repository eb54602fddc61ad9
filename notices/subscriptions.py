"""Every event that somebody may have to be told of becomes a row of work; who leaves loses sight of notices at once."""

from datetime import timedelta

from django.utils import timezone

from core import events
from core.models import DomainEvent
from core.ops.sending import send_on_commit
from notices import kinds
from notices.models import Fanout, Notice
from notices.services.rules import take_rules_of_packs
from notices.services.seen import count_anew

OLD_NEWS = timedelta(days=14)
"""What is recorded later than this after it happened is told to nobody: the past of a demo, or an import."""


def on_told(event: DomainEvent) -> None:
    """Write the work down; whom it concerns is the worker's to find out, however many they are."""
    if timezone.now() - event.happened_at <= OLD_NEWS:
        fanout = Fanout.objects.create(event=event)
        send_on_commit("notices.fan_out", fanout_id=fanout.pk)


def on_left(event: DomainEvent) -> None:
    """Take what happened in a group out of the count of who left it."""
    count_anew(people=[event.data["user_id"]])


def on_back(event: DomainEvent) -> None:
    """Let nothing that was told of somebody's leaving be new once they are in the group again."""
    left = Notice.objects.unseen().of_leaving(event.group_id, event.data["user_id"])
    people = sorted(set(left.values_list("person", flat=True)))
    left.update(seen_at=event.happened_at)
    for person in people:
        send_on_commit("notices.count_anew", person_id=person)


# What closes or opens something that people were told of; the bells of its group are counted anew.
for closing in (
    "folder.narrowed", "folder.restriction_lifted", "document.signatures_corrected", "document.version_taken_back",
    "document.version_brought_back", "document.about_corrected", "form.handed_back", "form.moved", "session.removed",
    "post.deleted", "post.restored", "enrolment.ended",
):  # fmt: skip
    events.subscribe(closing, on_told)
kinds.listen(on_told)
events.subscribe("membership.ended", on_left)


def on_programme(event: DomainEvent) -> None:
    """Give a new programme the reminder rules of its pack."""
    take_rules_of_packs(programmes=[int(event.target.rpartition(":")[2])])


events.subscribe("programme.created", on_programme)
for kind in ("membership.started", "membership.resumed"):
    events.subscribe(kind, on_back)
