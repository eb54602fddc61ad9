"""What becomes of a form when its document is filed."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from core import events
from core.models import DomainEvent
from documents import contributions, signing
from documents.models import Document, DocumentVersion, Source
from responses_app.models import FormResponse, FormState, FormSubmission
from responses_app.rendering import request_form
from responses_app.services.submission import state_before
from tools.fields.questions import narrowest
from tools.parties import names_its_people, unnamed_in

if TYPE_CHECKING:
    from accounts.models import User


def on_document_filed(event: DomainEvent) -> None:
    """Mark the form as filed, unless it was opened again or handed in anew meanwhile."""
    key = int(event.target.rpartition(":")[2])
    FormResponse.objects.filter(
        latest__rendering__version=key, state__in=[FormState.SUBMITTED, FormState.ACCEPTED]
    ).update(state=FormState.FILED)
    version = DocumentVersion.objects.select_related("document__tool_version", "document__folder").get(pk=key)
    if version.source != Source.RENDERED and version.number == 1:
        _keep_out_of_what_is_there(version.document)


def on_document_about_corrected(event: DomainEvent) -> None:
    """Let nobody read what was added about something else who may not read the form about this."""
    found = Document.objects.select_related("tool_version", "folder")
    _keep_out_of_what_is_there(found.get(pk=int(event.target.rpartition(":")[2])))


def _keep_out_of_what_is_there(document: Document) -> None:
    """Narrow a document that came here just now to who reads the forms about the same, and let it be their writer's.

    A hand-in of the same moment did not see it; the forms are held, so that the next one does.
    """
    forms = FormResponse.objects.held_about(document)
    if forms:
        document.audience = narrowest([document.audience, *(form.audience for form in forms)])
        document.author_id = forms[-1].author_id
        document.save(update_fields=["audience", "author"])


def on_document_removed(event: DomainEvent) -> None:
    """Give the form back to its writer, with the reason: what is not filed any more is not handed in either."""
    document = Document.objects.select_related("removed_by").get(pk=int(event.target.rpartition(":")[2]))
    taken_out = {
        "taken_out_by": document.removed_by,
        "taken_out_at": document.removed_at,
        "taken_out_reason": document.removed_reason,
    }
    for form in _held_behind(document):
        latest = FormSubmission.objects.filter(pk=form.latest_id or 0, rendering__version__document=document)
        if latest.update(**taken_out) and form.state in {FormState.SUBMITTED, FormState.ACCEPTED, FormState.FILED}:
            FormResponse.objects.filter(pk=form.pk).update(state=FormState.RETURNED)


def _held_behind(document: Document) -> list[FormResponse]:
    """Return the forms a document was made from, as they are now; who writes in them at this moment does so after."""
    return [FormResponse.objects.hold(form) for form in FormResponse.objects.behind(document).order_by("pk")]


def on_document_restored(event: DomainEvent) -> None:
    """Let a form whose paper is back be handed in as before, unless its writer has begun to change it.

    What was moved while its paper was out says something else than the paper: its PDF is made now.

    Raises:
        ValidationError: what was handed in later was filed as another document, and that was removed too: beside the
            earlier one, the form would say something else than its paper.
    """
    document = int(event.target.rpartition(":")[2])
    held = _held_behind(Document.objects.get(pk=document))
    if newer := FormResponse.objects.filter(pk__in=[form.pk for form in held]).removed_after(document).first():
        raise ValidationError(_newer_words(newer))
    for submission in FormSubmission.objects.taken_out_with(document):
        FormSubmission.objects.filter(pk=submission.pk).update(
            taken_out_by=None, taken_out_at=None, taken_out_reason=""
        )
        if submission.is_accepted is not False:
            returned = FormResponse.objects.filter(latest=submission, state=FormState.RETURNED)
            returned.update(state=state_before(submission))
        if submission.rendering is None and submission.form.latest_id == submission.pk:
            request_form(submission=submission, requested_by=submission.corrected_by or submission.submitted_by)


def _newer_words(number: str) -> str:
    sentence = _("It was handed in again after this one. Restore %(number)s instead, which was removed later.")
    return sentence % {"number": number}


def unnamed_in_document(document: Document, people: "list[User]") -> "list[User]":
    """Return whom the form does not name that a document of the whole group was made from."""
    if document.subject_id or document.session_key or not names_its_people(document.tool_version):
        return []
    said = FormResponse.objects.said_for_all(document.folder.group_id, document.tool_version.tool_id)
    return unnamed_in(document.tool_version, said, people)


signing.register(unnamed_in_document)
contributions.register_hindrance(
    contributions.Hindrance(lambda: Subquery(FormResponse.objects.removed_after(OuterRef("pk"))[:1]), _newer_words)
)
events.subscribe("document.filed", on_document_filed)
events.subscribe("document.about_corrected", on_document_about_corrected)
events.subscribe("document.removed", on_document_removed)
events.subscribe("document.restored", on_document_restored)
