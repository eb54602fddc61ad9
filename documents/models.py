"""Folders with their grants, documents, versions, signatures, downloads."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from core.policy.choices import label_of
from core.policy.roles import Action, Audience, FolderKind, Role
from core.policy.tables import WITHHELD_WITH
from core.texts import text
from documents.querysets import (
    AboutCorrectionQuerySet,
    BroughtBackQuerySet,
    DocumentQuerySet,
    DocumentVersionQuerySet,
    DownloadQuerySet,
    FolderQuerySet,
    FolderRestrictionQuerySet,
    SignatureCorrectionQuerySet,
    SignatureQuerySet,
)
from mentoring.models import MentoringGroup
from tools.constraints import one_each
from tools.models import ToolVersion

if TYPE_CHECKING:
    from accounts.models import User

WITHHOLDABLE: Final = (Action.VIEW, Action.UPLOAD, Action.REPLACE, Action.REMOVE)
"""What of a folder can be withheld from a role or a person."""


def about_words(subject: "User | None", session_title: dict[str, Any]) -> str:
    """Return what a paper is about in words: the session, the person, or both."""
    return ", ".join(filter(None, [text(session_title), subject.full_name if subject else ""]))


FOLDER_ACTIONS: tuple[Action, ...] = (Action.VIEW, Action.UPLOAD, Action.REPLACE, Action.REMOVE, Action.MANAGE)


def codename(action: Action) -> str:
    """Return the permission codename of a folder action: `upload_folder`."""
    return f"{action.value}_folder"


class Folder(models.Model):
    """A folder of a group. Rights on it are guardian rows written by `documents.grants` alone."""

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="folders", verbose_name=_("group"))
    kind = models.CharField(_("kind"), max_length=12, choices=FolderKind)

    # What `for_page()` adds.
    has_removed: bool

    objects = FolderQuerySet.as_manager()

    # What `with_narrowing()` adds: whether something is withheld there.
    is_narrowed: bool

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        default_permissions = ()
        permissions = [
            (f"{action.value}_folder", f"Can {action.value} in a folder")
            for action in (Action.VIEW, Action.UPLOAD, Action.REPLACE, Action.REMOVE, Action.MANAGE)
        ]
        constraints = [models.UniqueConstraint(fields=["group", "kind"], name="one_folder_per_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.group}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return the kind in words."""
        return label_of(FolderKind, self.kind)


class FolderGroupObjectPermission(GroupObjectPermissionBase):
    """A grant on a folder for the auth group of a role: direct foreign keys, so none outlives its folder."""

    content_object = models.ForeignKey(Folder, models.CASCADE, related_name="grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.content_object_id}: {self.group_id} {self.permission_id}"


class Document(models.Model):
    """A document in a folder; its bytes are its versions, never overwritten, only superseded."""

    folder = models.ForeignKey(Folder, models.PROTECT, related_name="documents", verbose_name=_("folder"))
    tool_version = models.ForeignKey(ToolVersion, models.PROTECT, related_name="documents", verbose_name=_("type"))
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("about"),
    )
    session_key = models.CharField(_("session key"), max_length=60, blank=True)
    session_title = models.JSONField(_("session in words"), default=dict, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    audience = models.CharField(_("read by"), max_length=10, choices=Audience, default=Audience.GROUP)
    number = models.CharField(_("number"), max_length=30, unique=True)
    check_code = models.CharField(_("verification code"), max_length=16, unique=True)
    current = models.ForeignKey(
        "documents.DocumentVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("newest version")
    )
    created_at = models.DateTimeField(_("filed"), default=timezone.now)
    changed_at = models.DateTimeField(_("last filed"), default=timezone.now, db_index=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    removed_reason = models.CharField(_("why it was removed"), max_length=300, blank=True)

    objects = DocumentQuerySet.as_manager()

    # What `for_list()` and `for_page()` add to a row.
    signature_count: int
    expected_signers: "list[User]"
    has_moved: bool
    is_signed_anew: bool
    was_brought_back: bool
    # What the page of the folder knows of a removed one: why it cannot be restored.
    hindrance: str

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            *one_each("one_document", "folder", "tool_version", condition=models.Q(removed_at__isnull=True)),
        ]
        indexes = [models.Index(fields=["folder", "removed_at", "-changed_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The document's name: type, then whom or what it is about."""
        parts = [self.tool_version.title]
        if about := text(self.session_title):
            parts.append(about)
        head = ", ".join(parts)
        return f"{head}: {self.subject.full_name}" if self.subject else head

    @property
    def short_title(self) -> str:
        """The name where the type stands beside it: session and person; the type where it is about neither."""
        parts = [text(self.session_title), self.subject.full_name if self.subject else ""]
        return ": ".join(filter(None, parts)) or self.tool_version.title


class Source(models.TextChoices):
    """Where a version's bytes come from."""

    RENDERED = "rendered", _("made from the form")
    PHOTOS = "photos", _("photos of a paper")
    UPLOADED = "uploaded", _("uploaded PDF")
    OFFICE = "office", _("made from an office file")


def version_name(version: "DocumentVersion", filename: str) -> str:  # noqa: ARG001 -- the sent name is not trusted
    """Return a random storage name; the real name is made when it is handed out."""
    import uuid  # noqa: PLC0415

    return f"papers/{timezone.now():%Y/%m}/{uuid.uuid4().hex}.pdf"


class DocumentVersion(models.Model):
    """The bytes of a document at one time.

    It knows nothing of the form, upload or rendering it was made from: they point at it. `audience` narrows who reads
    it where what was written was for fewer people than read the document now; `written_by` reads it always. One that
    was added by mistake is taken back, with a reason: nobody reads it any more, and an earlier one is current again.
    """

    HASHED_FILE = "file"

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to=version_name, max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    content_type = models.CharField(max_length=100, default="application/pdf")
    pages = models.PositiveIntegerField(_("pages"), default=0)
    language = models.CharField(max_length=10, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    audience = models.CharField(
        _("read by"), max_length=10, choices=Audience, blank=True, help_text=_("Empty: whoever reads the document.")
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(_("why"), max_length=300, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    # What the page of the document knows.
    signers: list["User"]

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_number_per_document_version")]

    def __str__(self) -> str:
        return f"{self.document_id}.{self.number}"


class Signature(models.Model):
    """A person has signed this version, on paper."""

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="signatures")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="one_signature_per_person")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.person_id}"


class SignatureCorrection(models.Model):
    """What was said about who signed a version turned out wrong: the trace of putting it right."""

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="signature_corrections")
    added = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    removed = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    reason = models.CharField(_("why"), max_length=300)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    # What `of_document()` adds: a name in a line.
    added_names: str | None
    removed_names: str | None

    objects = SignatureCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.corrected_at:%Y-%m-%d}"


class AboutCorrection(models.Model):
    """A paper was filed about the wrong session or person: the trace of putting it right."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="about_corrections")
    was_subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    was_session_title = models.JSONField(default=dict, blank=True)
    is_subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_session_title = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    objects = AboutCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.corrected_at:%Y-%m-%d}"

    @property
    def before(self) -> str:
        """What the paper was said to be about, in words, as far as that was wrong."""
        return about_words(*self._wrong_part(self.was_subject, self.was_session_title))

    @property
    def after(self) -> str:
        """What it is about, in words."""
        return about_words(*self._wrong_part(self.is_subject, self.is_session_title))

    def _wrong_part(self, subject: "User | None", title: dict[str, Any]) -> "tuple[User | None, dict[str, Any]]":
        """Return what differs between before and after; the rest was right."""
        is_same_person = self.was_subject_id == self.is_subject_id
        is_same_session = self.was_session_title == self.is_session_title
        return None if is_same_person else subject, {} if is_same_session else title


class BroughtBack(models.Model):
    """A document that was removed and restored, or one `version` that was taken back and brought back: the trace."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="brought_back")
    version = models.ForeignKey(
        DocumentVersion,
        models.CASCADE,
        null=True,
        related_name="brought_back",
    )
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()
    reason = models.CharField(_("why"), max_length=300, blank=True)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now)

    objects = BroughtBackQuerySet.as_manager()

    class Meta:
        ordering = ["-brought_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.brought_at:%Y-%m-%d}"


class Download(models.Model):
    """Somebody opened a version (or one of its kept originals)."""

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    original = models.PositiveIntegerField(_("number of the kept original"), null=True)
    opened_at = models.DateTimeField(default=timezone.now)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.user_id}"


class FolderRestriction(models.Model):
    """Actions that a role or one person may not do in a folder, though the policy grants them.

    Written by `documents.services.restrictions` alone. A lifted one stays as a trace; rows are never deleted. What is
    withheld from a role, `documents.grants` does not grant; from a person, `documents.access` leaves out.
    """

    folder = models.ForeignKey(Folder, models.CASCADE, related_name="restrictions", verbose_name=_("folder"))
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    withholds_view = models.BooleanField(default=False)
    withholds_upload = models.BooleanField(default=False)
    withholds_replace = models.BooleanField(default=False)
    withholds_remove = models.BooleanField(default=False)
    reason = models.CharField(_("why"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("when"), default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = FolderRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction of a folder")
        verbose_name_plural = _("restrictions of folders")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(role=""), name="restriction_of_a_role_or_a_person"
            ),
            models.CheckConstraint(
                condition=Q(withholds_view=True)
                | Q(withholds_upload=True)
                | Q(withholds_replace=True)
                | Q(withholds_remove=True),
                name="restriction_withholds_something",
            ),
            models.CheckConstraint(
                condition=Q(withholds_view=False)
                | Q(withholds_upload=True, withholds_replace=True, withholds_remove=True),
                name="restriction_of_reading_withholds_all",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_by__isnull=False), name="restriction_lifted_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder_id}: {self.role or self.person_id}"

    @property
    def actions(self) -> frozenset[Action]:
        """What is withheld."""
        return frozenset(action for action in WITHHOLDABLE if getattr(self, f"withholds_{action.value}"))

    def is_about(self, user_id: int, role: str) -> bool:
        """Return whether a person who has `role` in the group is meant."""
        return self.person_id == user_id if self.person_id else self.role == role


def with_consequences(actions: Collection[Action]) -> frozenset[Action]:
    """Return the actions with those that cannot be done without them."""
    return frozenset(actions).union(*(WITHHELD_WITH.get(action, frozenset()) for action in actions))


def columns(actions: Collection[Action]) -> dict[str, Any]:
    """Return the values of the columns of a restriction that withholds these actions."""
    withheld = with_consequences(actions)
    return {f"withholds_{action.value}": action in withheld for action in WITHHOLDABLE}
