"""Reads whose SQL is built once: what is kept, what never is."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from core.built_once import BuiltOnce, Keys, built_once, keys_of
from mentoring.models import Membership, MentoringGroup
from tests.cast import World

pytestmark = pytest.mark.django_db


def counted(build: Callable[..., Any]) -> tuple[BuiltOnce, list[int]]:
    """Return the read, and a list that grows each time its statement is built."""
    built: list[int] = []

    def counts(*args: Any, **words: Any) -> Any:
        built.append(1)
        return build(*args, **words)

    return built_once(counts), built


def of_people(people: Keys, day: dt.date) -> Any:
    """Memberships of these people on a day."""
    return Membership.objects.live(day).filter(user__in=people).order_by("pk").select_related("group")


def test_each_call_gets_its_own_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second person of the same shape is not shown what the first one was."""
    monkeypatch.setattr(BuiltOnce, "checks", None)
    read, built = counted(of_people)
    people = sorted(set(Membership.objects.values_list("user_id", flat=True)))
    day = world.group.starts_on
    for key in people:
        assert read([key], day) == list(of_people([key], day))
    assert len(people) > 2
    assert len(built) == 1


def test_a_membership_that_ended_is_gone_at_the_next_call(world: World) -> None:
    """Days are values of the call, so revocation holds at once."""
    read = built_once(of_people)
    mine = Membership.objects.filter(user=world.cast.milda).first()
    assert mine is not None
    today = mine.starts_on + dt.timedelta(days=30)
    assert mine in read([mine.user_id], today)
    Membership.objects.filter(pk=mine.pk).update(ends_on=today - dt.timedelta(days=1))
    assert mine not in read([mine.user_id], today)


def test_related_rows_are_read_with_it(world: World) -> None:
    """What `select_related` brings costs no further statement."""
    read = built_once(of_people)
    with CaptureQueriesContext(connection) as asked:
        names = {each.group.name for each in read([world.cast.milda.pk], world.group.starts_on)}
    assert names == {world.group.name}
    assert len(asked) == 1


def test_another_number_of_values_is_another_text() -> None:
    """One key and two keys are two statements, and none has no rows and asks nothing."""
    read, built = counted(of_people)
    day = dt.date(2026, 11, 2)
    for keys in ([1], [2], [1, 2], [3, 4]):
        read(keys, day)
    with CaptureQueriesContext(connection) as asked:
        assert read([], day) == []
    assert len(asked) == 0
    anew = 5  # the tests build each statement once more beside the kept one
    assert len(built) == 3 + anew - 1


def test_words_are_part_of_the_text(world: World) -> None:
    """A keyword argument changes the statement, and is kept by its value."""

    @built_once
    def first(keys: Keys, *, limit: int) -> Any:
        return MentoringGroup.objects.filter(pk__in=keys).order_by("pk")[:limit]

    keys = sorted(MentoringGroup.objects.values_list("pk", flat=True))
    assert [len(first(keys, limit=number)) for number in (1, 0)] == [1, 0]
    assert world.group.pk in keys


def test_a_query_in_place_of_keys_is_built_anew(world: World) -> None:
    """Somebody in very many groups has a query in place of their keys."""
    read = built_once(lambda groups: MentoringGroup.objects.filter(pk__in=groups).order_by("pk"))
    some = MentoringGroup.objects.filter(name=world.group.name)
    assert read(some.values("pk")) == [world.group]
    assert keys_of(some) is some
    assert keys_of(list(some)) == [world.group.pk]


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda keys: Membership.objects.live().filter(pk__in=keys), "must be an argument"),
        (lambda keys: Membership.objects.filter(Q(pk=1) | Q(pk=2)) if keys else None, "nowhere in the statement"),
        (lambda keys: MentoringGroup.objects.filter(pk__in=keys).with_people(), "a statement of its own"),
    ],
)
def test_what_must_not_be_kept_is_refused(build: Callable[..., Any], why: str) -> None:
    """A clock asked while building, a value that is decided by, rows prefetched by values of the first call."""
    with pytest.raises(TypeError, match=why):
        built_once(build)([7])


def test_the_comparison_of_the_tests_can_fail() -> None:
    """A function that decides by its values is found out at the first call that differs."""

    @built_once
    def careless(key: int) -> Any:
        found = MentoringGroup.objects.filter(pk=key)
        return found.exclude(name="x") if key == 7 else found

    careless(6)
    with pytest.raises(AssertionError):
        careless(7)
