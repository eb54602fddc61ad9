"""Forms that people fill in: the working copy, what was handed in, comments, reading marks."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.policy.roles import Audience, Role
from core.texts import text
from documents.models import about_words
from mentoring.models import MentoringGroup
from rendering.models import Rendering
from responses_app.querysets import FormCommentQuerySet, FormResponseQuerySet, FormSubmissionQuerySet
from tools.constraints import one_each
from tools.models import ToolVersion


class FormState(models.TextChoices):
    """draft → submitted → returned / accepted → filed."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Handed in")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    FILED = "filed", _("Filed")


OPEN_STATES = (FormState.DRAFT, FormState.RETURNED)


class FormResponse(models.Model):
    """The working copy of one tool for one group, subject and session.

    `lock` counts the saves: who saves with an older number is shown both texts instead of overwriting.
    `answer_locks` keeps, by question, the count at which it last changed and which open page changed it.
    `typed` keeps by question what a draft cannot understand ("31.11.2026"); such a question has no answer yet.
    `added_by` keeps, by question of a part that others fill in later, who answered it last and when.
    State changes only through `responses_app.services`.
    """

    group = models.ForeignKey(MentoringGroup, models.PROTECT, related_name="forms", verbose_name=_("group"))
    tool_version = models.ForeignKey(ToolVersion, models.PROTECT, related_name="forms")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="forms", verbose_name=_("filled in by")
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forms_about",
        verbose_name=_("about"),
    )
    session_key = models.CharField(_("session key"), max_length=60, blank=True)
    session_title = models.JSONField(default=dict, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    filled_in = models.JSONField(_("answers that were filled in of the people"), default=dict, blank=True)
    typed = models.JSONField(_("answers not understood yet, as typed"), default=dict, blank=True)
    answer_locks = models.JSONField(default=dict, blank=True)
    added_by = models.JSONField(default=dict, blank=True)
    lock = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=FormState, default=FormState.DRAFT, db_index=True)
    audience = models.CharField(_("read by"), max_length=10, choices=Audience, default=Audience.GROUP)
    next_audience = models.CharField(max_length=10, choices=Audience, blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    latest = models.ForeignKey("responses.FormSubmission", models.PROTECT, null=True, blank=True, related_name="+")

    # What pages with many forms know of each.
    is_readable: bool
    is_read: bool
    is_read_by_me: bool

    objects = FormResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        constraints = [
            *one_each("one_form", "group", "tool_version"),
        ]
        indexes = [models.Index(fields=["group", "state"])]

    def __str__(self) -> str:
        return f"{self.tool_version.tool.key} {self.pk}"

    @property
    def title(self) -> str:
        """The form's name: tool, then session."""
        about = text(self.session_title)
        return f"{self.tool_version.title}: {about}" if about else self.tool_version.title

    @property
    def audience_to_be(self) -> str:
        """Who reads it once it is handed in: chosen while it is changed, and in force with what is handed in then."""
        return self.next_audience or self.audience

    @property
    def is_taken_out(self) -> bool:
        """Whether its paper was removed from the folder: it came back by that, not with a note."""
        return self.latest is not None and self.latest.taken_out_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it can be written in."""
        return self.state in OPEN_STATES


class FormSubmission(models.Model):
    """What was handed in, immutable: answers, language, audience, who and when.

    `added_by` is the form's at that time: a part that others fill in has names and times of its own. Where it was
    about another session or person, a copy says so: who corrected it, why, and what it was about before, only as far
    as that was wrong. A copy that was about the same was made because its session was corrected: with the reason where
    that was its attendance. `taken_out_…` says why its paper is not in the folder any more. `printed_with` keeps, by
    language, what stood on the PDF besides the answers (`printing.Known`).
    """

    form = models.ForeignKey(FormResponse, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    added_by = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10)
    audience = models.CharField(max_length=10, choices=Audience)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_accepted = models.BooleanField(null=True)
    decision_note = models.TextField(_("what to change"), max_length=2000, blank=True)
    rendering = models.OneToOneField(Rendering, models.PROTECT, null=True, blank=True, related_name="submission")
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    corrected_at = models.DateTimeField(null=True, blank=True)
    correction_reason = models.CharField(_("why"), max_length=300, blank=True)
    was_subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    was_session_title = models.JSONField(default=dict, blank=True)
    taken_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_out_at = models.DateTimeField(null=True, blank=True)
    taken_out_reason = models.CharField(_("why it was removed"), max_length=300, blank=True)
    printed_with = models.JSONField(default=dict, blank=True)

    objects = FormSubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="one_number_per_submission")]

    def __str__(self) -> str:
        return f"{self.form_id}.{self.number}"

    @property
    def was_about(self) -> str:
        """What it was about before it was corrected, in words; empty when it was not."""
        return about_words(self.was_subject, self.was_session_title) if self.corrected_at else ""

    @property
    def was_elsewhere(self) -> bool:
        """Whether it was about another session or person before it was corrected."""
        return bool(self.was_subject_id or self.was_session_title)

    @property
    def corrected_attendance(self) -> str:
        """Why the attendance of its session was corrected, when this is the copy made because of that."""
        return "" if self.was_elsewhere else self.correction_reason


class FormCopy(models.Model):
    """What was handed in, printed in another language than the one it is filed in; to read, in no folder."""

    submission = models.ForeignKey(FormSubmission, models.PROTECT, related_name="copies")
    language = models.CharField(max_length=10)
    rendering = models.OneToOneField(Rendering, models.PROTECT, related_name="copy")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "language"], name="one_copy_per_language")]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.language}"


class FormComment(models.Model):
    """An answer to a handed-in form: the Mentor's word under a diary. Read by whoever reads the form.

    `author_role` is the author's role when it was written: a Mentor's answer stays one when another Mentor comes.
    `seen_at` is when the writer of the form first had it on their screen.
    """

    form = models.ForeignKey(FormResponse, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    author_role = models.CharField(max_length=10, choices=Role, blank=True)
    text = models.TextField(_("comment"), max_length=5000)
    written_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    # What the page of a form says of each.
    is_answer: bool
    is_new: bool
    is_about_older: bool

    objects = FormCommentQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.form_id}: {self.author_id}"


class FormRead(models.Model):
    """A person has opened this submission; the writer sees that the Mentor has read it."""

    submission = models.ForeignKey(FormSubmission, models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "user"], name="one_read_mark_per_person")]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.user_id}"
