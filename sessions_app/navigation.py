"""The places of the group space that belong to sessions, and where the group stands."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.policy.roles import Role
from core.templatetags.ui import day_month
from core.web.http import SignedInRequest, address
from core.web.way_back import register_places
from mentoring.models import MentoringGroup
from mentoring.navigation import GroupItem, Outlook
from sessions_app.models import SectionKind
from sessions_app.pages.diaries import to_write_count, unread_count
from sessions_app.pages.outline import FORM_ICONS, Phase, outline_of, phase_of, when_and_where
from sessions_app.pages.sections import ICONS, offered_counts

ORDERS = {
    SectionKind.INITIAL: 30,
    SectionKind.EMPLOYABILITY: 40,
    SectionKind.ENTREPRENEURSHIP: 50,
    SectionKind.MONITORING: 60,
}


def places(request: SignedInRequest, group: MentoringGroup, role: Role | None) -> Iterable[GroupItem]:
    """Name plan, diaries and the four sections."""
    if role is None:
        return
    here = [group.pk]
    yield GroupItem("plan", _("Session plan"), address("sessions:plan-detail", *here), "calendar2-check", 1)
    yield GroupItem(
        "diaries", _("Diaries"), address("sessions:diary-list", *here), "journal-text", 2,
        note=_diary_note(request, group, role),
    )  # fmt: skip
    offered: dict[str, int] = {}
    for kind in SectionKind:
        yield GroupItem(
            f"section-{kind.value}",
            str(kind.label),
            address("sessions:section-detail", group.pk, kind.value),
            ICONS[kind],
            ORDERS[kind],
            summary=_lazy(group, kind, offered),
        )


def _diary_note(request: SignedInRequest, group: MentoringGroup, role: Role) -> str:
    if role == Role.MENTEE:
        count = to_write_count(request.standing, group)
        return _("%(count)d to write") % {"count": count} if count else ""
    count = unread_count(request.standing, group)
    return ngettext("%(count)d new", "%(count)d new", count) % {"count": count} if count else ""


def _lazy(group: MentoringGroup, kind: SectionKind, offered: dict[str, int]) -> Any:
    """Return the section's fact, worked out only where it is shown; the counts are asked once for all sections."""

    def words() -> str:
        if kind == SectionKind.INITIAL:
            return _initial_words(group)
        if not offered:
            offered.update({each.value: 0 for each in SectionKind} | offered_counts(group.programme.pack_id))
        return _menu_words(group, kind, offered[kind])

    return SimpleLazyObject(words)


def _initial_words(group: MentoringGroup) -> str:
    row = next((row for row in outline_of(group).rows if row.catalogue.kind == SectionKind.INITIAL), None)
    if row is None:
        return _("Not in the plan")
    phase = phase_of(row, group)
    if phase == Phase.DROPPED:
        return _("Not held")
    if row.starts_at is None:
        return _("No date yet")
    words = {
        Phase.HELD: _("Held on %(day)s"),
        Phase.UNRECORDED: _("%(day)s, attendance not recorded"),
    }
    return words.get(phase, _("On %(day)s")) % {"day": day_month(row.starts_at)}


def _menu_words(group: MentoringGroup, kind: SectionKind, offered: int) -> str:
    outline = outline_of(group)
    if kind == SectionKind.MONITORING:
        ahead = next((row for row in outline.ahead if row.catalogue.kind == kind and row.starts_at), None)
        if ahead is not None:
            return _("%(title)s on %(day)s") % {"title": ahead.title, "day": day_month(ahead.starts_at)}
    chosen = sum(row.catalogue.kind == kind for row in outline.rows)
    return _("%(offered)d to choose from, %(chosen)d in our plan") % {"offered": offered, "chosen": chosen}


def outlook(group: MentoringGroup) -> Outlook:
    """Say how far the plan is and which session comes next."""
    outline = outline_of(group)
    row = outline.next
    if row is None:
        return Outlook(progress=outline.progress, is_all_over=bool(outline.rows) and not outline.ahead)
    return Outlook(
        progress=outline.progress,
        title=row.title,
        line=when_and_where(row),
        url=address("sessions:session-detail", row.pk),
        icon=FORM_ICONS[row.form],
    )


register_places(
    {
        "sessions:plan-detail": gettext_lazy("Session plan"),
        "sessions:session-detail": gettext_lazy("Session"),
        "sessions:diary-list": gettext_lazy("Diaries"),
        "sessions:section-detail": gettext_lazy("Sessions"),
    }
)
