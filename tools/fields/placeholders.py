"""The closed list of placeholders: names, dates and places of a group, filled in as text."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from django.template.defaultfilters import date as format_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.days import programme_today
from core.packs import PLACEHOLDERS
from core.policy.roles import Role
from core.texts import within
from mentoring.models import Membership, MentoringGroup
from mentoring.roles import members_of
from tools.related_sessions import RelatedSession

if TYPE_CHECKING:
    from accounts.models import User

Values = Mapping[str, str | date]
_TOKEN = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
GAP: Final = "…………………………"


def _names(members: Sequence[Membership], role: Role, subject: "User | None") -> str:
    found = [each.user for each in members if each.role == role]
    if subject is not None and subject in found:
        return subject.get_full_name()
    return ", ".join(person.get_full_name() for person in found)


def _members(members: Sequence[Membership]) -> str:
    return "\n".join(
        _("%(name)s, %(role)s") % {"name": each.user.get_full_name(), "role": within(Role(each.role).label)}
        for each in members
    )


def values_for(
    group: MentoringGroup,
    *,
    subject: "User | None" = None,
    session: RelatedSession | None = None,
    members: Sequence[Membership] | None = None,
) -> Values:
    """Return the value of every placeholder for a form of `group`, in the active language; dates stay dates.

    Reads `group.programme.organisation` and the members.

    Args:
        members: who counts as a member; who is one today when None.
    """
    members = members_of(group) if members is None else members
    about_session = session.values if session else {}
    return {
        "group.name": group.name,
        "group.motto": group.motto,
        "group.form": capfirst(str(group.get_form_display())),
        "group.starts_on": group.starts_on,
        "group.ends_on": group.ends_on,
        "group.members": _members(members),
        "mentee.name": _names(members, Role.MENTEE, subject),
        "mentor.name": _names(members, Role.MENTOR, subject),
        "manager.name": _names(members, Role.MANAGER, subject),
        "programme.title": group.programme.title,
        "organisation.name": group.programme.organisation.name,
        "session.title": about_session.get("session.title", ""),
        "session.date": about_session.get("session.date", ""),
        "session.place": about_session.get("session.place", ""),
        "session.from": about_session.get("session.from", ""),
        "session.to": about_session.get("session.to", ""),
        "today": programme_today(),
        "subject.name": subject.get_full_name() if subject else "",
        "subject.email": subject.email if subject else "",
        "communication_schedule": group.communication_schedule,
    }


def as_text(value: str | date) -> str:
    """Return a placeholder's value in words."""
    return format_date(value, "DATE_FORMAT") if isinstance(value, date) else value


def substitute(text: str, values: Values, *, gap: str = "") -> str:
    """Replace `{{ mentee.name }}` and its kind in `text`; what is not on the list stays as it is written.

    The result is text, escaped by the template like any other.

    Args:
        gap: stands where there is no value; `GAP` on paper, for a rights.
    """

    def value_of(match: re.Match[str]) -> str:
        if match[1] not in PLACEHOLDERS:
            return match[0]
        return as_text(values.get(match[1], "")) or gap

    return _TOKEN.sub(value_of, text)
