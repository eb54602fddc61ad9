"""A real worker on a private Redis is killed while it tells people: nobody is forgotten, nobody is told twice."""

from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Mail
from checklist.models import ChecklistItem
from core.days import programme_today
from notices.models import Fanout, Notice, NoticeChoice, Outcome, Reminder, ReminderRule, ReminderRun, Topic, Way
from notices.services import fan_out, mails, reminders
from responses_app import services as forms
from tests.cast import World
from tests.notices.conftest import DIARY, begun
from tests.rendering.test_crash import Worker, broker, redis_socket  # noqa: F401 -- fixtures
from tests.waiting import until

pytestmark = [pytest.mark.crash, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def told() -> list[tuple[int, int, str]]:
    """Return who was told of which event by which kind."""
    return list(Notice.objects.order_by("pk").values_list("event", "person", "kind"))


def test_killed_workers_forget_nobody_and_tell_nobody_twice(world: World, broker: str, tmp_path: Path) -> None:  # noqa: F811
    Fanout.objects.update(next_try_at=timezone.now())
    worker = Worker(broker, tmp_path / "worker.log")
    try:
        for person in (world.cast.milda, world.cast.tomas, world.cast.elena):
            form = begun(world, by=person)
            forms.submit_form(form=form, user=person, lock=form.lock, answers=DIARY)
            until(lambda: Notice.objects.exists())
            worker.kill()
            worker = Worker(broker, tmp_path / "worker.log")

        def all_done() -> bool:
            # What a killed worker held is free again after its lease; the test does not wait for the clock.
            Fanout.objects.filter(done_at=None).update(next_try_at=timezone.now())
            fan_out.sweep()
            mails.sweep()
            waiting = Fanout.objects.filter(done_at=None).exists()
            return (
                not waiting and not Notice.objects.filter(outcome=Outcome.WAITING, mail_due_at__isnull=False).exists()
            )

        until(all_done)
        assert len(told()) == len(set(told()))
        handed_in = Notice.objects.filter(kind="form_submitted")
        assert set(handed_in.values_list("person__email", flat=True)) == {"egle@example.org", "rasa@example.org"}
        assert handed_in.count() == 6
        written = Notice.objects.filter(outcome=Outcome.WRITTEN)
        assert written.count() == Mail.objects.filter(kind__startswith="notice").count() > 0
    except AssertionError:
        print((tmp_path / "worker.log").read_text()[-4000:])
        raise
    finally:
        worker.kill()


def test_killed_workers_remind_everybody_once(world: World, broker: str, tmp_path: Path) -> None:  # noqa: F811
    """Killed between the row of a reminder, its notice and its e-mail, and with beats that begin again."""
    Fanout.objects.update(done_at=timezone.now())
    ReminderRule.objects.create(programme=world.programme, kind="tool", days=0, since=programme_today())
    ChecklistItem.objects.filter(tool_version__tool__key="personal_goals").update(due_on=programme_today())
    people = list(ChecklistItem.objects.filter(due_on=programme_today()).values_list("subject", flat=True).distinct())
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(person_id=key, topic=Topic.ASKED, way=Way.AT_ONCE) for key in people]
    )
    morning = timezone.now().replace(hour=9)
    worker = Worker(broker, tmp_path / "worker.log")
    try:
        assert reminders.run(now=morning) >= len(people) == 5
        until(lambda: Notice.objects.exists())
        worker.kill()
        ReminderRun.objects.all().delete()
        assert reminders.run(now=morning) == 0, "a beat that remembers nothing"
        worker = Worker(broker, tmp_path / "worker.log")
        worker.kill()

        def all_done() -> bool:
            Fanout.objects.filter(done_at=None).update(next_try_at=timezone.now())
            fan_out.sweep()
            mails.sweep()
            return not Fanout.objects.filter(done_at=None).exists()

        until(all_done)
        asked = list(Notice.objects.filter(kind="due_tool").values_list("person", "target_id"))
        assert len(asked) == len(set(asked)) == Reminder.objects.filter(rule__kind="tool").count()
        written = Mail.objects.filter(kind="notice:due_tool")
        assert written.count() == Notice.objects.filter(kind="due_tool", outcome=Outcome.WRITTEN).count() == len(asked)
    except AssertionError:
        print((tmp_path / "worker.log").read_text()[-4000:])
        raise
    finally:
        worker.kill()
