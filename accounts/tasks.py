"""Thin tasks of the accounts app."""

from celery import shared_task

from accounts import services


@shared_task(name="accounts.send_mail")
def send_mail(*, mail_id: int) -> None:
    """Send one mail."""
    services.send_mail(mail_id=mail_id)


@shared_task(name="accounts.sweep_mails")
def sweep_mails() -> None:
    """Send what was left lying."""
    services.sweep_mails()
