"""A tool's rules in words: who fills it in, who signs, when it is due, where it goes."""

from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.policy.roles import Audience, FolderKind, Role
from core.texts import text, within
from tools.models import Filing, ToolVersion
from tools.subjects import about

_AFTER: Final = {
    "group_start": ngettext_lazy("%(n)d day after the start", "%(n)d days after the start", "n"),
    "initial_session": ngettext_lazy(
        "%(n)d day after the initial session", "%(n)d days after the initial session", "n"
    ),
    "session": ngettext_lazy("%(n)d day after the session", "%(n)d days after the session", "n"),
    "group_middle": ngettext_lazy("%(n)d day after the middle", "%(n)d days after the middle", "n"),
    "group_end": ngettext_lazy("%(n)d day after the end", "%(n)d days after the end", "n"),
}
_BEFORE: Final = {
    "group_start": ngettext_lazy("%(n)d day before the start", "%(n)d days before the start", "n"),
    "initial_session": ngettext_lazy(
        "%(n)d day before the initial session", "%(n)d days before the initial session", "n"
    ),
    "session": ngettext_lazy("%(n)d day before the session", "%(n)d days before the session", "n"),
    "group_middle": ngettext_lazy("%(n)d day before the middle", "%(n)d days before the middle", "n"),
    "group_end": ngettext_lazy("%(n)d day before the end", "%(n)d days before the end", "n"),
}
_ON: Final = {
    "group_start": gettext_lazy("At the start"),
    "initial_session": gettext_lazy("On the day of the initial session"),
    "session": gettext_lazy("On the day of the session"),
    "group_middle": gettext_lazy("In the middle"),
    "group_end": gettext_lazy("At the end"),
}


def listed(words: list[str]) -> str:
    """Return “Manager, Mentor and Mentee”."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def every(role: Role) -> str:
    """Return “Every Mentor”."""
    words = {Role.MANAGER: _("Every Manager"), Role.MENTOR: _("Every Mentor"), Role.MENTEE: _("Every Mentee")}
    return words[role]


def filled_by(version: ToolVersion) -> str:
    """Return who fills the tool in: “Each Mentee, with the Mentor”."""
    roles = version.filled_by
    if roles == [Role.MENTEE.value] and about(version).roles == (Role.MENTEE,):
        who = _("Each Mentee")
    else:
        who = capfirst(listed([within(Role(role).label) for role in roles]))
    helper = text(version.content.get("with_help_of"))
    return f"{who}, {helper}" if helper else who


def signed_by(version: ToolVersion) -> str:
    """Return who signs; empty when nobody does."""
    if set(version.signed_by) == set(Role.values):
        return _("All of the group")
    return capfirst(listed([within(Role(role).label) for role in version.signed_by]))


def due(version: ToolVersion) -> str:
    """Return when the tool is due."""
    rule: dict[str, Any] = version.content.get("due") or {}
    base, days = rule.get("from", ""), int(rule.get("days", 0))
    if base not in _ON:
        return ""
    if days == 0:
        return str(_ON[base])
    return capfirst((_AFTER if days > 0 else _BEFORE)[base] % {"n": abs(days)})


def folder(version: ToolVersion) -> str:
    """Return where the finished document goes."""
    if version.folder_kind == FolderKind.PERSONAL:
        return _("Only the person’s own documents")
    return str(FolderKind(version.folder_kind).label)


def filing(version: ToolVersion) -> str:
    """Return when the document is filed: at once, or after somebody accepted it."""
    if version.filing == Filing.AT_ONCE:
        return _("At once")
    return _("When accepted by: %(roles)s") % {
        "roles": listed([within(Role(role).label) for role in version.accepted_by])
    }


def readers(version: ToolVersion) -> str:
    """Return who reads the finished document."""
    return capfirst(str(Audience(version.audience).label))
