"""Two workers with the same event, two pages that mark the same: on databases that let them."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Mail, User
from core.models import DomainEvent
from notices import kinds
from notices.models import Fanout, Notice, NoticeChoice, Topic, Way
from notices.services import digests, fan_out, seen
from tests.cast import World
from tests.notices.conftest import diary
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, in threads with connections of their own; return what went wrong."""
    ready, wrong = threading.Barrier(len(acts)), []

    def work(act: Callable[[], Any]) -> None:
        try:
            ready.wait(PATIENCE)
            act()
        except Exception as error:  # noqa: BLE001 -- the test says that there is none
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.fixture
def handed_in(world: World) -> DomainEvent:
    """A diary that Milda handed in, of which nobody was told yet."""
    diary(world)
    Notice.objects.all().delete()
    User.objects.update(unread_notices=0)
    return DomainEvent.objects.get(kind="form.submitted")


def tell(event: DomainEvent) -> None:
    """Tell of an event, as a worker does that does not know of the other one."""
    for kind in kinds.kinds_for(event.kind):
        told = kind.gather(event)
        if told is not None:
            fan_out._tell(kind, event, told)


def test_two_workers_tell_everybody_once(world: World, handed_in: DomainEvent) -> None:
    assert together(*[lambda: tell(handed_in)] * 4) == []
    found = Notice.objects.filter(event=handed_in)
    assert set(found.values_list("person__email", flat=True)) == {"egle@example.org", "rasa@example.org"}
    assert found.count() == 2
    assert list(seen.differences()) == []


def test_who_reads_while_more_comes_keeps_a_true_number(world: World, handed_in: DomainEvent) -> None:
    rasa = User.objects.get(pk=world.cast.rasa.pk)
    other = DomainEvent.objects.filter(kind="membership.started", group_id=world.group.pk).first()
    assert other is not None
    tell(handed_in)
    acts = [lambda: seen.mark_seen(person=rasa), lambda: tell(other), lambda: seen.count_anew(people=[rasa.pk])]
    assert together(*acts) == []
    assert list(seen.differences()) == []


def test_one_of_two_workers_takes_the_work(world: World, handed_in: DomainEvent) -> None:
    fanout = Fanout.objects.get(event=handed_in)
    Fanout.objects.filter(pk=fanout.pk).update(done_at=None, attempts=0, next_try_at=timezone.now())
    done: list[bool] = []
    assert together(*[lambda: done.append(fan_out.work_off(fanout_id=fanout.pk))] * 3) == []
    assert sorted(done) == [False, False, True]


def test_two_beats_write_one_digest(world: World, handed_in: DomainEvent) -> None:
    NoticeChoice.objects.create(person=world.cast.rasa, topic=Topic.FORMS, way=Way.DAILY)
    tell(handed_in)
    now = timezone.now() + timedelta(days=1)
    noon = now.astimezone(ZoneInfo("Europe/Vilnius")).replace(hour=12)
    assert together(*[lambda: digests.write(person_id=world.cast.rasa.pk, now=noon)] * 3) == []
    assert Mail.objects.filter(kind__startswith="digest").count() == 1
