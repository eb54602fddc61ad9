"""What the worker does with what happened: for tests that look at the e-mails people get."""

from typing import Any

from accounts.models import Mail
from notices.kinds import kind_of
from notices.models import Fanout, Notice
from notices.services import fan_out, mails


def tell_of(event: str) -> None:
    """Tell of the events of a kind, and write the e-mails about them."""
    for fanout in Fanout.objects.waiting().filter(event__kind=event):
        fan_out.work_off(fanout_id=fanout.pk)
    for notice in Notice.objects.mail_due().filter(event__kind=event):
        mails.write(notice_id=notice.pk)


def reminders() -> Any:
    """Return the e-mails with which people are reminded of what they owe."""
    tell_of("checklist.reminded")
    return Mail.objects.filter(kind="notice:reminder")


def leads_to(mail: Mail) -> str:
    """Return where the link of an e-mail about a notice leads."""
    notice = Notice.objects.get(mail=mail)
    assert f"/notices/{notice.pk}/" in mail.body
    return kind_of(notice).url(notice)
