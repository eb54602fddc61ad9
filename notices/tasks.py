"""Thin tasks of the notices."""

from celery import shared_task

from notices.services import digests, fan_out, mails, reminders, retention, seen


@shared_task(name="notices.fan_out")
def tell(*, fanout_id: int) -> None:
    """Tell of one event."""
    fan_out.work_off(fanout_id=fanout_id)


@shared_task(name="notices.count_anew")
def count(*, person_id: int) -> None:
    """Set the number at somebody's bell right."""
    seen.count_anew(people=[person_id])


@shared_task(name="notices.mail")
def mail(*, notice_id: int) -> None:
    """Write the e-mail about one notice."""
    mails.write(notice_id=notice_id)


@shared_task(name="notices.sweep")
def sweep() -> None:
    """Tell what was left lying, and write the e-mails whose time has come."""
    fan_out.sweep()
    mails.sweep()


@shared_task(name="notices.digests")
def gather() -> None:
    """Write the e-mails of the day and of the week whose hour has come."""
    digests.sweep()


@shared_task(name="notices.remind")
def remind() -> None:
    """Make the reminders of today, once their hour has come."""
    reminders.run()


@shared_task(name="notices.forget")
def forget() -> None:
    """Remove what was told longer ago than programmes keep it."""
    retention.forget()
