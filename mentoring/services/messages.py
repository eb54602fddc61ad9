"""What members of a group write to each other, one to one; the e-mail about it carries no word of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.services import write_mail
from core import events
from mentoring import stops
from mentoring.models import Membership, Message
from mentoring.role_names import called_as_in

if TYPE_CHECKING:
    from accounts.models import User

MOST_PER_HOUR: Final = 60
"""More than anybody writes by hand, to all together."""


@transaction.atomic
def send_message(*, to: Membership, by: "User", text: str, at: datetime | None = None) -> Message:
    """Write to a member of a group. An e-mail says so, unless an earlier message of the same person is still unread.

    Records `message.sent`, without the words.

    Raises:
        ValidationError: nothing was written, the group is closed, one of the two is not in it, or too many at once.
    """
    now, group = at or timezone.now(), to.group
    if not text.strip():
        raise ValidationError({"text": _("Write something first.")})
    if stop := stops.writing_to_people(group):
        raise ValidationError(stop)
    if not to.is_live() or not to.user.is_active:
        raise ValidationError(_("%(name)s is no longer in this group.") % {"name": to.user.full_name})
    mine = Membership.objects.live().filter(group=group, user=by).exclude(user=to.user_id).first()
    if mine is None:
        raise ValidationError(_("You can write to the other people of your groups."))
    if Message.objects.filter(sender=by, sent_at__gt=now - timedelta(hours=1)).count() >= MOST_PER_HOUR:
        raise ValidationError(_("These are many messages in a short time. Go on in an hour."))
    is_known = Message.objects.unread_by(to.user_id).filter(group=group, sender=by).exists()
    message = Message.objects.create(group=group, sender=by, recipient=to.user, text=text, sent_at=now)
    events.record("message.sent", actor=by, group_id=group.pk, target=message, at=at, user_id=to.user_id)
    if not is_known:
        _tell(message, mine)
    return message


def _tell(message: Message, sender: Membership) -> None:
    """Write the e-mail, in the language of whoever gets it."""
    with translation.override(message.recipient.language), called_as_in(message.group.programme):
        write_mail(
            to=message.recipient.email,
            kind="message",
            template="email/message.txt",
            context={
                "person": message.recipient,
                "by": message.sender,
                "group": message.group,
                "link": f"{settings.SITE_URL}{reverse('mentoring:message-list', args=[sender.pk])}",
            },
        )


def mark_read(*, group_id: int, reader: "User", sender_id: int, at: datetime | None = None) -> int:
    """Note that a person has seen what another wrote to them. Returns how many messages were new."""
    unread = Message.objects.unread_by(reader.pk).filter(group=group_id, sender=sender_id)
    return unread.update(read_at=at or timezone.now())
