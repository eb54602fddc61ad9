"""A handed-in form in another language: asked for on a document's page, made, kept for reading; filed nowhere."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from core.policy.roles import Action
from documents.models import DocumentVersion
from mentoring.standing import Standing
from rendering import kinds
from rendering.kinds import InTheMaking
from rendering.models import Rendering, RenderingKind
from rendering.pdf import engine
from rendering.pdf.errors import BrokenError
from rendering.pdf.registration import Registration
from rendering.services import renderings
from responses_app import printing
from responses_app.models import FormCopy, FormResponse, FormSubmission

if TYPE_CHECKING:
    from accounts.models import User


def request_copy(*, submission: FormSubmission, language: str, requested_by: "User") -> Rendering:
    """Ask for a filed form in another language of its pack. Idempotent.

    Raises:
        ValueError: it is filed in this language, or the pack does not have it.
    """
    form = submission.form
    if language == submission.language or language not in form.group.programme.pack.languages:
        raise ValueError(language)
    # What the submission holds never changes, nor does a version of a tool.
    parts = [submission.pk, form.tool_version.digest, language]
    rendering = renderings.request(RenderingKind.COPY, parts, language=language, requested_by=requested_by)
    FormCopy.objects.update_or_create(submission=submission, language=language, defaults={"rendering": rendering})
    return rendering


class CopyKind:
    """A copy of a filed form; its file hangs on the rendering itself."""

    def make(self, rendering: Rendering) -> int:
        """Make it and keep its file."""
        submission = FormSubmission.objects.for_making(copies__rendering=rendering)
        version = DocumentVersion.objects.made_by(submission.rendering_id) if submission else None
        if submission is None or version is None:
            raise BrokenError("a copy of a form that is not filed")
        document = version.document
        registration = Registration(document.number, document.check_code, version.number)
        made = printing.form_document(submission, registration, copy_in=rendering.language)
        return renderings.keep(rendering, engine.render_form(made))

    def reached_by(self, standing: Standing, action: Action) -> Q:
        """Let those see it who may read the version; let those try again who may do so with the form."""
        if action != Action.VIEW:
            forms = FormResponse.objects.allowing(standing, action)
            return Q(copy__submission__form__in=forms.values("pk"))
        versions = DocumentVersion.objects.allowing(standing, action)
        return Q(copy__submission__rendering__version__in=versions.values("pk"))

    def describe(self, renderings: Sequence[Rendering], standing: Standing) -> dict[int, InTheMaking]:  # noqa: ARG002 -- the protocol
        """Return nothing: it goes into no folder."""
        return {}

    def result_url(self, rendering: Rendering) -> str:
        """Return where the copy opens."""
        version = FormCopy.objects.values_list("submission__rendering__version", flat=True).get(rendering=rendering)
        return f"{reverse('responses:copy-download', args=[version])}?lang={rendering.language}&inline=1"


kinds.register(RenderingKind.COPY, CopyKind())
