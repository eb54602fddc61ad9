"""The PDF of a handed-in form: asked for, made, filed, and who sees it meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.held import read_held
from core.policy.roles import Action
from core.templatetags.ui import since
from core.texts import text
from documents.models import DocumentVersion, Source
from documents.services import filing
from mentoring.standing import Standing
from rendering import kinds
from rendering.kinds import InTheMaking, NoLongerNeededError
from rendering.models import Rendering, RenderingKind
from rendering.pdf import engine
from rendering.pdf.errors import BrokenError
from rendering.pdf.registration import Registration
from rendering.services import renderings
from responses_app import printing
from responses_app.models import FormResponse, FormSubmission
from responses_app.querysets import documents_of

if TYPE_CHECKING:
    from accounts.models import User

RENUMBERED: Final = 3


def request_form(*, submission: FormSubmission, requested_by: "User", at: datetime | None = None) -> Rendering:
    """Ask for the PDF of a handed-in form; it is filed when it is ready. Idempotent.

    Args:
        at: when the document counts as filed; now when None (demo data gives the past).
    """
    form = submission.form
    rendering = renderings.request(
        RenderingKind.FORM,
        _parts(submission),
        language=submission.language,
        requested_by=requested_by,
        at=at,
        group=form.group,
        tool_version=form.tool_version,
    )
    if submission.rendering_id != rendering.pk:
        submission.rendering = rendering
        submission.save(update_fields=["rendering"])
    return rendering


def form_digest(submission: FormSubmission) -> str:
    """Return the digest under which the PDF of a handed-in form is kept."""
    return renderings.digest_of(RenderingKind.FORM, _parts(submission))


def _parts(submission: FormSubmission) -> list[Any]:
    digest = submission.form.tool_version.digest
    return [submission.pk, digest, submission.answers, submission.language]


def keep_out(form: FormResponse, audience: str) -> None:
    """Narrow the documents of a form to who reads what was handed in last, and let them be its writer's."""
    place = filing.DocumentKey(form.tool_version, form.subject, form.session_key, form.session_title)
    made = list(documents_of(form).values_list("pk", flat=True))
    filing.narrow_documents(group=form.group, place=place, audience=audience, author=form.author, made=made)


@transaction.atomic
def _keep_out_who_may_not_read(form: FormResponse) -> None:
    """Narrow the documents once more, when nothing is being handed in: what was, did not see one just made."""
    keep_out(read_held(FormResponse.objects.for_page(), form.pk), FormSubmission.objects.newest_of(form).audience)


class FormKind:
    """The document of a handed-in form."""

    def make(self, rendering: Rendering) -> int:
        """Make and file it; the number it will have is settled first, since it is printed in it."""
        submission = FormSubmission.objects.for_making(rendering=rendering)
        if submission is None:
            raise BrokenError("a rendering of a form without a form")
        if filed := DocumentVersion.objects.filter(rendering=rendering).first():
            return int(filed.pages)
        form = submission.form
        about = {
            "subject": form.subject,
            "session_key": form.session_key,
            "session_title": form.session_title,
            "tool_version": form.tool_version,
        }
        for pk in Rendering.objects.before(submission):  # versions are filed in the order of handing in
            renderings.run(pk)
        for _attempt in range(RENUMBERED):
            # Asked anew each time: while this one was made, more may have been handed in and filed.
            if FormSubmission.objects.is_filed_after(submission):
                raise NoLongerNeededError
            latest = FormSubmission.objects.newest_of(form)
            document = filing.open_document(
                group=form.group,
                place=filing.DocumentKey(**about),
                author=form.author,
                audience=latest.audience,
                at=rendering.queued_at,
            )
            _keep_out_who_may_not_read(form)
            number = filing.next_version(document)
            submission.printed_with = printing.known_now(submission)
            made = printing.form_document(submission, Registration(document.number, document.check_code, number))
            pdf = engine.render_form(made)
            try:
                filing.file_version(
                    group=form.group,
                    author=form.author,
                    audience=latest.audience,
                    content=pdf.content,
                    pages=pdf.pages,
                    language=submission.language,
                    source=Source.RENDERED,
                    # A correction makes a version of its own, in the name of who corrected it.
                    created_by=submission.corrected_by or submission.submitted_by,
                    read_by=submission.audience,
                    written_by=submission.submitted_by,
                    causes=[rendering],
                    note=printing.version_note(submission),
                    at=rendering.queued_at,
                    expected_number=number,
                    **about,
                )
            except filing.VersionTakenError:
                continue
            submission.save(update_fields=["printed_with"])
            renderings.drop(Rendering.objects.given_up_before(submission))
            return pdf.pages
        raise BrokenError("the version number changed under our hands three times")

    def reached_by(self, standing: Standing, action: Action) -> Q:
        """Let those see it, or try again, who may do so with the form."""
        return Q(submission__form__in=FormResponse.objects.allowing(standing, action).values("pk"))

    def describe(self, renderings: Sequence[Rendering], standing: Standing) -> dict[int, InTheMaking]:  # noqa: ARG002 -- the protocol
        """Return type, session and person; the name leads to the answers meanwhile."""
        return {each.rendering_id: _in_the_making(each) for each in FormSubmission.objects.in_the_making(renderings)}

    def result_url(self, rendering: Rendering) -> str:
        """Return the version that it was filed as."""
        return kinds.filed_url(rendering)


def _in_the_making(submission: FormSubmission) -> InTheMaking:
    form = submission.form
    about, tool = text(form.session_title), form.tool_version.title
    title = f"{tool}, {about}" if about else tool
    title = f"{title}: {form.subject.full_name}" if form.subject else title
    line = _("%(tool)s. Handed in %(when)s") % {"tool": tool, "when": since(submission.submitted_at)}
    return InTheMaking(title, reverse("responses:form-detail", args=[form.pk]), line)


kinds.register(RenderingKind.FORM, FormKind())
