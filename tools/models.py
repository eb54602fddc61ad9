"""The tools of a pack: a template and its versions; forms as data."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.policy.roles import Audience, FolderKind, Role
from core.texts import text
from mentoring.models import Pack
from tools.querysets import ToolQuerySet


class Phase(models.TextChoices):
    """When in the process a tool is used (domain.md 3)."""

    SELECTION = "selection", _("Selection")
    INITIAL_SESSION = "initial_session", _("Initial session")
    MEETINGS = "meetings", _("Every further meeting")
    MONITORING_START = "monitoring_start", _("Monitoring, start")
    MONITORING_MIDDLE = "monitoring_middle", _("Monitoring, middle")
    MONITORING_END = "monitoring_end", _("Monitoring, end")


class OnePer(models.TextChoices):
    """How many forms of a tool a group needs."""

    GROUP = "group", _("one for the group")
    MENTEE = "mentee", _("one for each Mentee")
    MENTOR = "mentor", _("one for each Mentor")
    MENTEE_OR_MENTOR = "mentee_or_mentor", _("one for each Mentee and Mentor")
    MENTEE_SESSION = "mentee_session", _("one for each Mentee and session")
    SESSION = "session", _("one for a session")


class Filing(models.TextChoices):
    """When a handed-in form becomes a filed document."""

    AT_ONCE = "at_once", _("at once")
    AFTER_ACCEPTANCE = "after_acceptance", _("after it was accepted")


class Tool(models.Model):
    """A tool of a pack (domain.md 3): contract, diary, questionnaire; what it says is in its versions."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="tools", verbose_name=_("pack"))
    key = models.SlugField(_("key"), max_length=60)
    number = models.PositiveSmallIntegerField(_("number"))
    icon = models.CharField(_("icon"), max_length=40, default="file-earmark-pdf")
    is_offered = models.BooleanField(_("offered"), default=True)
    current = models.ForeignKey(
        "tools.ToolVersion", models.PROTECT, related_name="+", null=True, verbose_name=_("version in use")
    )

    objects = ToolQuerySet.as_manager()

    class Meta:
        verbose_name = _("tool")
        verbose_name_plural = _("tools")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["pack", "key"], name="one_tool_per_key")]

    def __str__(self) -> str:
        return self.current.title if self.current else self.key


class ToolVersion(models.Model):
    """One version of a tool; immutable once a group uses it.

    `content` is the tool of the pack as validated by `core.packs` (fields, texts, rules); the columns repeat what
    queries need. `by_<role>`: the role fills in the tool. `part_by_<role>`: the role adds to what was handed in (the
    Manager’s part of a profile).
    """

    tool = models.ForeignKey(Tool, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(max_length=64)
    mandatory = models.BooleanField(_("mandatory"), default=False)
    phase = models.CharField(_("phase"), max_length=20, choices=Phase)
    one_per = models.CharField(_("how many"), max_length=20, choices=OnePer)
    folder_kind = models.CharField(_("goes to"), max_length=12, choices=FolderKind)
    filing = models.CharField(_("filed"), max_length=20, choices=Filing, default=Filing.AT_ONCE)
    audience = models.CharField(_("read by"), max_length=10, choices=Audience, default=Audience.GROUP)
    by_manager = models.BooleanField(_("Manager fills in"), default=False)
    by_mentor = models.BooleanField(_("Mentor fills in"), default=False)
    by_mentee = models.BooleanField(_("Mentee fills in"), default=False)
    part_by_manager = models.BooleanField(_("Manager has a part of their own"), default=False)
    part_by_mentor = models.BooleanField(_("Mentor has a part of their own"), default=False)
    part_by_mentee = models.BooleanField(_("Mentee has a part of their own"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of a tool")
        verbose_name_plural = _("versions of tools")
        constraints = [models.UniqueConstraint(fields=["tool", "version"], name="one_version_number_per_tool")]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    @property
    def title(self) -> str:
        """The tool's name in the active language."""
        return text(self.content.get("title"))

    @property
    def short_title(self) -> str:
        """The name for a matrix column."""
        return text(self.content.get("short_title") or self.content.get("title"))

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The ordered fields."""
        fields: list[dict[str, Any]] = self.content.get("fields", [])
        return fields

    @property
    def filled_by(self) -> list[str]:
        """Roles that fill it in."""
        roles: list[str] = self.content.get("filled_by", [])
        return roles

    @property
    def accepted_by(self) -> list[str]:
        """Roles that accept or return it; Mentor and Manager when the tool does not say."""
        return self.content.get("accepted_by") or [Role.MENTOR.value, Role.MANAGER.value]

    @property
    def signed_by(self) -> list[str]:
        """Roles that sign it; empty when nobody does."""
        roles: list[str] = self.content.get("signed_by", [])
        return roles

    @property
    def is_contract(self) -> bool:
        """Whether the group goes further by it (domain.md 4.8): the tool that is written in the contract's editor."""
        return bool(self.content.get("editor") == "contract")

    @property
    def needs_signatures(self) -> bool:
        """Whether it counts as done only once a signed document is filed."""
        return bool(self.signed_by)
