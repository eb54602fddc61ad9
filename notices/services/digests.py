"""The one e-mail of the day or the week: the next step first, then what is new, by group; nothing when nothing is."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import services as accounts
from accounts.models import Mail, User
from mentoring.models import Pack
from mentoring.role_names import called_as_in
from mentoring.standing import Standing
from notices import kinds, unsubscribing
from notices.mail_layout import with_styles
from notices.models import GATHERED, Digest, Hours, Notice, NoticeChoice, Outcome, Way
from notices.next_steps import next_step_of
from notices.services.mails import reply_to
from notices.services.seen import hold
from notices.ways import period_of, quiet_until, role_for, way_of, zone_for

if TYPE_CHECKING:
    from collections.abc import Sequence

logger = logging.getLogger(__name__)
KIND = "digest"
MOST_LINES = 60
"""More than anybody reads in a mail; the rest is counted, and stands on the page."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is new in one group; of what belongs to none the title is empty."""

    title: str
    lines: list["Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """What is new: in words, what the page says below, where it leads, and how many notices say the same."""

    title: str
    text: str
    link: str
    number: int


def sweep(now: datetime | None = None) -> int:
    """Write every e-mail whose hour has come; return how many."""
    people = Notice.objects.to_gather().order_by().values_list("person", flat=True).distinct()
    written = 0
    for person in sorted(people):
        try:
            written += write(person_id=person, now=now)
        except Exception:  # one person's pages must not keep the others from theirs; it is tried again
            logger.exception("the digest of person %s could not be written", person)
    return written


@transaction.atomic
def write(*, person_id: int, now: datetime | None = None) -> int:
    """Write a person's e-mails of the day and of the week, if their hour has come and there is something to say.

    Returns:
        How many were written.
    """
    held = hold([person_id])  # of two workers one waits, and finds the row of the other
    now = now or timezone.now()
    if not held:
        return 0
    person, hours = held[0], Hours.objects.of(person_id)
    if quiet_until(person, hours, now) > now:
        return 0
    standing = Standing.of(person)
    _settle_what_changed(person, standing)
    written = 0
    for way in GATHERED:
        day = period_of(way, person, hours, now)
        found = list(Notice.objects.to_gather().for_words().filter(person=person, way=way))
        if day is None or not found or Digest.objects.filter(person=person, way=way, day=day).exists():
            continue
        digest = Digest.objects.create(person=person, way=way, day=day, made_at=now)
        digest.mail = _compose(person, standing, way, found)
        digest.save(update_fields=["mail"])
        keys = [notice.pk for notice in found]
        Notice.objects.filter(pk__in=keys).update(outcome=Outcome.WRITTEN, mail=digest.mail)
        written += 1
    return written


def _settle_what_changed(person: User, standing: Standing) -> None:
    """Take out what the person may know no more or wants no more by e-mail; what was chosen anew goes that way."""
    seen = Notice.objects.filter(person=person, outcome=Outcome.WAITING, mail_due_at=None, seen_at__isnull=False)
    seen.update(outcome=Outcome.SEEN)
    waiting = Notice.objects.to_gather().filter(person=person)
    known = set(waiting.known_to(standing, among=waiting.kinds()).values_list("pk", flat=True))
    waiting.exclude(pk__in=known).update(outcome=Outcome.CLOSED)
    choices = NoticeChoice.objects.of_all([person.pk]).get(person.pk, {})
    for notice in waiting.filter(pk__in=known):
        way = way_of(kinds.kind_of(notice), notice.group_id, choices, role_for(standing, notice.group_id))
        if way not in {*GATHERED, Way.AT_ONCE}:
            Notice.objects.filter(pk=notice.pk).update(outcome=Outcome.UNWANTED)
        elif way in GATHERED and way != notice.way:
            Notice.objects.filter(pk=notice.pk).update(way=way)


def may_leave(mail: Mail) -> bool:
    """Return whether the e-mail may still leave; one that names what was closed since is written anew, without it."""
    digest = Digest.objects.filter(mail=mail).select_related("person").first()
    if digest is None:
        return False
    told, standing = Notice.objects.filter(mail=mail), Standing.of(digest.person)
    if told.known_to(standing, among=told.kinds()).count() == told.count() and _says_step(mail, standing):
        return True
    with transaction.atomic():
        told.update(outcome=Outcome.WAITING, mail=None)
        digest.delete()
    return False


def _says_step(mail: Mail, standing: Standing) -> bool:
    """Return whether an e-mail leads to the next step as it is now, or to none where there is none."""
    step, site = next_step_of(standing), re.escape(settings.SITE_URL)
    steps = [path for path in re.findall(rf"{site}(/\S*)", mail.body) if not path.startswith("/notices/")]
    return steps == ([step.url] if step else [])


def _compose(person: User, standing: Standing, way: Way, notices: "Sequence[Notice]") -> Mail:
    with translation.override(person.language), timezone.override(zone_for(person)), called_as_in(_pack(standing)):
        step = next_step_of(standing)
        count, unsubscribe = len(notices), unsubscribing.address(person.pk, unsubscribing.EVERYTHING)
        title = (
            ngettext("Your day: %(count)d notice", "Your day: %(count)d notices", count)
            if way == Way.DAILY
            else ngettext("Your week: %(count)d notice", "Your week: %(count)d notices", count)
        ) % {"count": count}
        context: dict[str, Any] = {
            "language": person.language,
            "title": title,
            "person": person,
            "step": step,
            "step_url": f"{settings.SITE_URL}{step.url}" if step else "",
            "parts": _parts(notices[:MOST_LINES]),
            "more": max(count - MOST_LINES, 0),
            "all_url": f"{settings.SITE_URL}{reverse('notices:notice-list')}",
            "unsubscribe": unsubscribe,
            "choices": f"{settings.SITE_URL}{reverse('notices:choices-edit')}",
        }
        return accounts.store_mail(
            to=person.email,
            kind=f"{KIND}:{way}",
            subject=title,
            body=render_to_string("email/digest.txt", context),
            html=with_styles(render_to_string("email/digest.html", context)),
            headers={
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                **reply_to({seat.programme for seat in standing.seats}),
            },
        )


def _pack(standing: Standing) -> Pack | None:
    """Return the pack whose words for the roles hold, where all of the person's programmes have the same."""
    packs = {seat.pack for seat in standing.seats}
    return Pack.objects.filter(pk=packs.pop()).first() if len(packs) == 1 else None


def _parts(notices: "Sequence[Notice]") -> list[Part]:
    """Return what is new by group, the groups in the order of their names, what belongs to none last.

    What reads the same stands there once: whoever administers a programme is told of no person, so several do.
    """
    people = kinds.named_in(notices)
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for notice in notices:
        said, kind = kinds.said_of(notice, people), kinds.kind_of(notice)
        link = f"{settings.SITE_URL}{reverse('notices:notice-open', args=[notice.pk])}"
        found.setdefault(said.group, {}).setdefault((kind.title(said), kind.line(said)), []).append(link)
    order = sorted(found, key=lambda name: (not name, name.casefold()))
    return [
        Part(name or _("Elsewhere"), [Line(*words, links[0], len(links)) for words, links in found[name].items()])
        for name in order
    ]


accounts.register_check(KIND, may_leave)
