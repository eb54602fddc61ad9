"""Thin tasks of the accounts app."""

from celery import shared_task

from accounts import bounces, services


@shared_task(name="accounts.send_mail")
def send_mail(*, mail_id: int) -> None:
    """Send one mail."""
    services.send_mail(mail_id=mail_id)


@shared_task(name="accounts.sweep_mails")
def sweep_mails() -> None:
    """Send what was left lying."""
    services.sweep_mails()


@shared_task(name="accounts.bounces")
def take_bounces() -> None:
    """Read what came back, where a mailbox is configured."""
    bounces.take_from_mailbox()


@shared_task(name="accounts.forget_mails")
def forget_mails() -> None:
    """Remove old mails, and marks of addresses that mails reach again."""
    services.note_who_is_reached_again()
    services.forget_mails()
