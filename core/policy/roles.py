"""The words everything else is written in: roles, actions, folder kinds, areas, audiences, stages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """A role inside one mentoring group (the 3M), held through a membership."""

    MANAGER = "manager", _("Manager")
    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")


class ProgrammeRole(models.TextChoices):
    """A role in a programme, held through an enrolment."""

    ADMIN = "admin", _("Programme Admin")
    MANAGER = "manager", _("Manager")
    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")


class Action(models.TextChoices):
    """What a person may do; folder grants and area rights use the same words."""

    VIEW = "view", pgettext_lazy("right", "read")
    UPLOAD = "upload", pgettext_lazy("right", "add files")
    REPLACE = "replace", pgettext_lazy("right", "add a new version")
    REMOVE = "remove", pgettext_lazy("right", "remove and bring back")
    FILL = "fill", pgettext_lazy("right", "fill in")
    DECIDE = "decide", pgettext_lazy("right", "accept or return")
    COMMENT = "comment", pgettext_lazy("right", "answer with a comment")
    CHANGE = "change", pgettext_lazy("right", "change")
    MANAGE = "manage", pgettext_lazy("right", "manage")
    OPEN_GROUP = "open_group", pgettext_lazy("right", "open a group")
    INVITE = "invite", pgettext_lazy("right", "invite")
    RETRY = "retry", pgettext_lazy("right", "try again")
    EXPORT = "export", pgettext_lazy("right", "export")
    WRITE = "write", pgettext_lazy("right", "write")
    MODERATE = "moderate", pgettext_lazy("right", "moderate")


class FolderKind(models.TextChoices):
    """The kinds of folder a group has."""

    MANAGING = "managing", _("Managing folder")
    MONITORING = "monitoring", _("Monitoring folder")
    PERSONAL = "personal", _("Own documents")


class Area(models.TextChoices):
    """What is governed by role: in a group, through the grants of its folders, or in a programme."""

    GROUP = "group", _("Group space")
    LIBRARY = "library", _("Template library")
    PEOPLE = "people", _("Members and stages")
    PLAN = "plan", _("Session plan")
    FORM = "form", _("Forms and diaries")
    CHECKLIST = "checklist", _("Checklist")
    BOARD = "board", _("Forum")
    FOLDER = "folder", _("Folders")
    PROGRAMME = "programme", _("Programme")


class Audience(models.TextChoices):
    """Who reads a form and the document made from it; the writer always does."""

    GROUP = "group", _("the whole group")
    STAFF = "staff", _("the Mentor and the Manager")
    MENTOR = "mentor", _("the Mentor only")
    MANAGER = "manager", _("the Manager only")
    AUTHOR = "author", _("only the writer")


AUDIENCE_ROLES: dict[str, frozenset[str]] = {
    Audience.GROUP: frozenset(Role.values),
    Audience.STAFF: frozenset({Role.MENTOR, Role.MANAGER}),
    Audience.MENTOR: frozenset({Role.MENTOR}),
    Audience.MANAGER: frozenset({Role.MANAGER}),
    Audience.AUTHOR: frozenset(),
}


def audiences_of(role: str | None) -> list[str]:
    """Return the audiences that include a role; those of nobody for None."""
    return [audience for audience, roles in AUDIENCE_ROLES.items() if role in roles]


class Stage(models.TextChoices):
    """The stages of a mentoring group (domain.md 4.8), with three side exits."""

    FORMING = "forming", _("Forming")
    MATCHED = "matched", _("Matched")
    CONTRACTED = "contracted", _("Contract signed")
    RUNNING = "running", _("Running")
    CLOSING = "closing", _("Closing")
    CLOSED = "closed", _("Closed")
    PAUSED = "paused", _("Paused")
    ENDED_EARLY = "ended_early", _("Ended early")


ROAD: tuple[Stage, ...] = (
    Stage.FORMING,
    Stage.MATCHED,
    Stage.CONTRACTED,
    Stage.RUNNING,
    Stage.CLOSING,
    Stage.CLOSED,
)
READ_ONLY_STAGES = frozenset({Stage.CLOSED, Stage.ENDED_EARLY})
