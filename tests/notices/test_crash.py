"""A real worker on a private Redis is killed while it tells people: nobody is forgotten, nobody is told twice."""

from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Mail
from notices.models import Fanout, Notice, Outcome
from notices.services import fan_out, mails
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
