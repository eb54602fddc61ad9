"""What becomes of a form when its document is filed."""

from core import events
from core.models import DomainEvent
from documents.models import Document, DocumentVersion, Source
from responses_app.models import FormResponse, FormState, FormSubmission
from responses_app.rendering import request_form
from responses_app.services.submission import state_before
from tools.fields.questions import narrowest


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
    # Held first: whoever goes back to what was handed in at this moment must see that it is taken out.
    held = FormResponse.objects.behind(document).held()
    forms = FormResponse.objects.filter(pk__in=held, latest__rendering__version__document=document)
    taken_out = {
        "taken_out_by": document.removed_by,
        "taken_out_at": document.removed_at,
        "taken_out_reason": document.removed_reason,
    }
    for form in forms:
        FormSubmission.objects.filter(pk=form.latest_id).update(**taken_out)
        FormResponse.objects.filter(
            pk=form.pk, state__in=[FormState.SUBMITTED, FormState.ACCEPTED, FormState.FILED]
        ).update(state=FormState.RETURNED)


def on_document_restored(event: DomainEvent) -> None:
    """Let a form whose paper is back be handed in as before, unless its writer has begun to change it.

    What was moved while its paper was out says something else than the paper: its PDF is made now.
    """
    document = int(event.target.rpartition(":")[2])
    FormResponse.objects.behind(document).held()
    for submission in FormSubmission.objects.taken_out_with(document):
        FormSubmission.objects.filter(pk=submission.pk).update(
            taken_out_by=None, taken_out_at=None, taken_out_reason=""
        )
        if submission.is_accepted is not False:
            returned = FormResponse.objects.filter(latest=submission, state=FormState.RETURNED)
            returned.update(state=state_before(submission))
        if submission.rendering is None and submission.form.latest_id == submission.pk:
            request_form(submission=submission, requested_by=submission.corrected_by or submission.submitted_by)


events.subscribe("document.filed", on_document_filed)
events.subscribe("document.about_corrected", on_document_about_corrected)
events.subscribe("document.removed", on_document_removed)
events.subscribe("document.restored", on_document_restored)
