"""The e-mail about a notice: title and link, in the person's language and time zone; never what somebody wrote."""

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts import services as accounts
from accounts.models import Mail
from mentoring.models import MentoringGroup
from mentoring.role_names import called_as_in
from mentoring.standing import Standing
from notices import kinds, unsubscribing
from notices.mail_layout import with_styles
from notices.models import Hours, MailSetting, Notice, NoticeChoice, Outcome, Way
from notices.ways import quiet_until, role_for, way_of, zone_for

if TYPE_CHECKING:
    from accounts.models import User

KIND = "notice"


@transaction.atomic
def write(*, notice_id: int) -> bool:
    """Write the e-mail about a notice, if it is still to be told that way; once, whoever asks.

    Returns:
        Whether it is written now.
    """
    notice: Notice | None = (
        Notice.objects.select_for_update(of=("self",), no_key=True).filter(pk=notice_id).mail_due().first()
    )
    if notice is None:
        return False
    notice = Notice.objects.for_words().select_related("person").get(pk=notice.pk)
    standing = Standing.of(notice.person)
    if why_not := _why_not(notice, standing):
        _settle(notice, why_not)
        return False
    hours = Hours.objects.of(notice.person_id)
    later, now = quiet_until(notice.person, hours, timezone.now()), timezone.now()
    if later > now:
        Notice.objects.filter(pk=notice.pk).update(mail_due_at=later)
        return False
    _settle(notice, Outcome.WRITTEN, mail=_compose(notice))
    return True


def sweep() -> int:
    """Write the e-mails whose time has come; return how many."""
    return sum(write(notice_id=pk) for pk in list(Notice.objects.mail_due().values_list("pk", flat=True)[:200]))


def _why_not(notice: Notice, standing: Standing) -> Outcome | None:
    """Return why no e-mail is written any more: asked of the policy and of the person's choice at this moment."""
    if notice.seen_at is not None:
        return Outcome.SEEN
    if not _may_know(notice, standing):
        return Outcome.CLOSED
    choices = NoticeChoice.objects.of_all([notice.person_id]).get(notice.person_id, {})
    way = way_of(kinds.kind_of(notice), notice.group_id, choices, role_for(standing, notice.group_id))
    return None if way == Way.AT_ONCE else Outcome.UNWANTED


def _settle(notice: Notice, outcome: Outcome, *, mail: Mail | None = None) -> None:
    Notice.objects.filter(pk=notice.pk).update(mail_due_at=None, outcome=outcome, mail=mail)


def may_leave(mail: Mail) -> bool:
    """Return whether an e-mail that waited may still leave: what it tells of may have been closed meanwhile."""
    notice = Notice.objects.filter(mail=mail).select_related("person").first()
    if notice is None:
        return False
    return _may_know(notice, Standing.of(notice.person))


def _may_know(notice: Notice, standing: Standing) -> bool:
    return Notice.objects.filter(pk=notice.pk, person=standing.user_id).known_to(standing, among=[notice.kind]).exists()


def _compose(notice: Notice) -> Mail:
    """Write the mail row, in the language and the time zone of who gets it."""
    person, kind = notice.person, kinds.kind_of(notice)
    group = MentoringGroup.objects.select_related("programme__pack").filter(pk=notice.group_id).first()
    named = kinds.named_in([notice])
    programme = group.programme if group else None
    with translation.override(person.language), timezone.override(zone_for(person)), called_as_in(programme):
        said = kinds.said_of(notice, named)
        title, unsubscribe = kind.title(said), unsubscribing.address(person.pk, kind.topic)
        context = {
            "language": person.language,
            "title": title,
            "line": kind.line(said),
            "person": person,
            "group": group,
            "reason": str(kinds.REASONS[notice.reason]),
            "link": f"{settings.SITE_URL}{reverse('notices:notice-open', args=[notice.pk])}",
            "choices": f"{settings.SITE_URL}{reverse('notices:choices-edit')}",
            "unsubscribe": unsubscribe,
            "programme": programme.title if programme else "Open e-Mentoring",
        }
        return accounts.store_mail(
            to=person.email,
            kind=f"{KIND}:{kind.code}",
            subject=" ".join(title.split()),
            body=render_to_string("email/notice.txt", context),
            html=with_styles(render_to_string("email/notice.html", context)),
            headers=headers(notice, person, unsubscribe) | reply_to({programme.pk} if programme else ()),
        )


def reply_to(programmes: Collection[int]) -> dict[str, str]:
    """Return the header that says where answers go: as the programmes say, if all of them say the same."""
    found = MailSetting.objects.answers_of(programmes)
    return {"Reply-To": found} if found else {}


def headers(notice: Notice, person: "User", unsubscribe: str) -> dict[str, str]:
    """Return the headers: made by a machine, part of a thread, and how not to get more of it."""
    host = accounts.mail_host()
    topic = f"{notice.group_id or 0}.{kinds.kind_of(notice).topic}.{notice.target_id}.{person.pk}"
    thread = hashlib.sha256(f"{settings.SECRET_KEY}{topic}".encode()).hexdigest()[:24]
    return {
        "References": f"<thread.{thread}@{host}>",
        "In-Reply-To": f"<thread.{thread}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


accounts.register_check(KIND, may_leave)
