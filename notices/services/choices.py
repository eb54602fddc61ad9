"""Choosing what reaches one."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction

from notices.models import GATHERED, Hours, NoticeChoice, Topic, Way
from notices.services.seen import hold

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def choose(
    *,
    person: "User",
    topics: Mapping[str, str],
    groups: Mapping[int, str],
    quiet: tuple[time, time] | None,
    gathered_at: time,
) -> None:
    """Keep what a person chose.

    Args:
        topics: the way by topic; empty: as it fits the role.
        groups: the way by group, for whatever happens there; empty: as chosen for the topics.
        quiet: from when until when no e-mail leaves; None for no such hours.
        gathered_at: when the one e-mail of the day or the week leaves.
    """
    hold([person.pk])  # of two pages that are saved at once one waits
    for topic, way in topics.items():
        _keep(person, way, topic=topic, group_id=None)
    for group, way in groups.items():
        _keep(person, way, topic="", group_id=group)
    begins, ends = quiet or (None, None)
    kept = {"quiet_from": begins, "quiet_until": ends, "gathered_at": gathered_at}
    Hours.objects.update_or_create(person=person, defaults=kept)


def _keep(person: "User", way: str, *, topic: str, group_id: int | None) -> None:
    place: dict[str, Any] = {"person": person, "topic": topic, "group_id": group_id}
    if way:
        NoticeChoice.objects.update_or_create(**place, defaults={"way": way})
    else:
        NoticeChoice.objects.filter(**place).delete()


@transaction.atomic
def end_mails(*, person_id: int, topics: Sequence[Topic]) -> None:
    """Let a person have no more e-mails about topics, in any group; what they are about stays on the page. Idempotent.

    What was switched off altogether stays off.
    """
    person = get_user_model().objects.filter(pk=person_id).first()
    if person is None:
        return
    hold([person.pk])
    mailed = [Way.AT_ONCE, *GATHERED]
    mine = NoticeChoice.objects.filter(person=person)
    groups = list(mine.filter(topic="", group__isnull=False, way__in=mailed).values_list("group", flat=True))
    for topic in topics:
        mine.filter(topic=topic, group__isnull=False, way__in=mailed).delete()
        for group in groups:
            _keep(person, Way.IN_PAGE, topic=topic, group_id=group)
        if not mine.filter(topic=topic, group=None, way=Way.OFF).exists():
            _keep(person, Way.IN_PAGE, topic=topic, group_id=None)
