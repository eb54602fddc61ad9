"""Marking notices as seen, and keeping the number at the bell."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.models import DomainEvent
from mentoring.standing import Standing
from notices import live
from notices.kinds import targets_of
from notices.models import Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet


def hold(people: Collection[int]) -> list[User]:
    """Return people who may sign in, held: of two that count for the same person one waits."""
    found = User.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=people, is_active=True)
    return list(found.order_by("pk"))


@transaction.atomic
def count_anew(*, people: Collection[int]) -> None:
    """Set the number at the bell to that of what the person has not seen and may know of, and wake open pages."""
    for person in hold(people):
        before = person.unread_notices
        if keep_count(person, Standing.of(person)) != before:
            live.wake_on_commit(person.pk)


def count_after(event: DomainEvent) -> None:
    """Set the numbers right of those who have unseen notices of what an event may have closed or opened.

    All of its group; outside groups those about the same (`kinds.tell_about`), or of the person whom the event names.
    """
    unseen = Notice.objects.unseen()
    if event.group_id is not None:
        unseen = unseen.filter(group=event.group_id)
    else:
        key = int(event.target.rpartition(":")[2] or 0)
        about = Q(target_id=key) | Q(target_id__in=targets_of(event)) | Q(person=event.data.get("user_id"))
        unseen = unseen.filter(about, group=None)
    for person in sorted(set(unseen.order_by().values_list("person", flat=True))):
        count_anew(people=[person])


def keep_count(person: User, standing: Standing) -> int:
    """Count and keep what a person has not seen; whoever calls holds the person."""
    number = Notice.objects.unseen().of_reader(standing).count()
    if number != person.unread_notices:
        User.objects.filter(pk=person.pk).update(unread_notices=number)
        person.unread_notices = number
    return number


@transaction.atomic
def mark_seen(*, person: User, notices: Iterable[int] | None = None, at: datetime | None = None) -> int:
    """Mark one's notices as seen. Idempotent.

    Args:
        notices: their keys; all when None.

    Returns:
        How many were new.
    """
    held = hold([person.pk])
    mine: QuerySet[Notice] = Notice.objects.unseen().filter(person=person)
    if notices is not None:
        mine = mine.filter(pk__in=list(notices))
    changed = mine.update(seen_at=at or timezone.now())
    if changed and held:
        person.unread_notices = keep_count(held[0], Standing.of(person))
        live.wake_on_commit(person.pk)
    return changed


@transaction.atomic
def mark_told(*, person_id: int, kinds: Collection[str], targets: "QuerySet[Any]", at: datetime | None = None) -> int:
    """Mark a person's notices as seen of what was read on its own page. Idempotent; for the worker.

    Args:
        targets: the keys that notices of these kinds may be about.

    Returns:
        How many were new.
    """
    hold([person_id])
    mine = Notice.objects.unseen().filter(person=person_id, kind__in=kinds, target_id__in=targets)
    changed: int = mine.update(seen_at=at or timezone.now())
    if changed:
        count_anew(people=[person_id])
    return changed


@transaction.atomic
def mark_unseen(*, person: User, notice: int) -> None:
    """Take back that a notice was seen."""
    held = hold([person.pk])
    if Notice.objects.filter(person=person, pk=notice).update(seen_at=None) and held:
        keep_count(held[0], Standing.of(person))
        live.wake_on_commit(person.pk)


def differences() -> Iterator[tuple[int, int, int]]:
    """Yield every person whose kept number is wrong: key, what is kept, what is so."""
    with_notices = Notice.objects.unseen().order_by().values("person")
    for person in User.objects.filter(pk__in=with_notices) | User.objects.filter(unread_notices__gt=0):
        true = Notice.objects.unseen().of_reader(Standing.of(person)).count()
        if true != person.unread_notices:
            yield person.pk, person.unread_notices, true


def repair() -> None:
    """Set every wrong number right."""
    for person, _kept, true in list(differences()):
        User.objects.filter(pk=person).update(unread_notices=true)
