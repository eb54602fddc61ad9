"""Statements about groups that many pages ask, built once (`core.built_once`); asked through the querysets."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Window

from core.built_once import Keys, built_once
from core.days import programme_today


@built_once
def _members(groups: Keys, day: date) -> Any:
    from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

    return Membership.objects.live(day).with_people().filter(group__in=groups)


def give_members(groups: Iterable[Any]) -> None:
    """Give each group its `live_memberships` with their people, Mentor and Manager first, as `with_people()` does."""
    by_key = {group.pk: group for group in groups}
    for group in by_key.values():
        group.live_memberships = []
    for each in _members(tuple(by_key), programme_today()):
        each.group = by_key[each.group_id]
        each.group.live_memberships.append(each)


@built_once
def groups_of_reader(keys: Keys, reader: int, *, newest_first: bool) -> Any:
    from mentoring.models import MentoringGroup  # noqa: PLC0415 -- models import this module

    found = MentoringGroup.objects.filter(pk__in=keys).with_unread(reader)
    return found.newest_first() if newest_first else found.by_name()


@built_once
def group_for_page(keys: Keys, key: int) -> Any:
    """The group with this key, if it is among `keys`, with its programme."""
    from mentoring.models import MentoringGroup  # noqa: PLC0415 -- models import this module

    return MentoringGroup.objects.filter(pk__in=keys, pk=key).for_page()


def _listed(keys: Keys, *, with_over: bool) -> Any:
    from mentoring.models import MentoringGroup  # noqa: PLC0415 -- models import this module

    found = MentoringGroup.objects.filter(pk__in=keys)
    return found if with_over else found.not_over()


@built_once
def group_count(keys: Keys, *, with_over: bool) -> Any:
    """How many of these groups a list has: one row, or none."""
    counted = _listed(keys, with_over=with_over).order_by().annotate(n=Window(Count("pk")))
    return counted.values_list("n", flat=True)[:1]


@built_once
def group_rows(keys: Keys, day: date, *, with_over: bool, start: int, stop: int) -> Any:
    """Some of the rows of a list of groups; their Mentors are read by `give_mentors`."""
    return _listed(keys, with_over=with_over).for_rows_alone(day)[start:stop]


@built_once
def _mentors(groups: Keys, day: date) -> Any:
    from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

    return Membership.objects.live(day).in_role("mentor").with_people().filter(group__in=groups)


def give_mentors(groups: Iterable[Any]) -> None:
    """Give each group its `mentors`: memberships with their people."""
    by_key = {group.pk: group for group in groups}
    for group in by_key.values():
        group.mentors = []
    for each in _mentors(tuple(by_key), programme_today()):
        each.group = by_key[each.group_id]
        each.group.mentors.append(each)
