"""What becomes of a form when its document is filed."""

from core import events
from core.models import DomainEvent
from responses_app.models import FormResponse, FormState


def on_document_filed(event: DomainEvent) -> None:
    """Mark the form as filed, unless it was opened again or handed in anew meanwhile."""
    version = int(event.target.rpartition(":")[2])
    FormResponse.objects.filter(
        latest__rendering__version=version, state__in=[FormState.SUBMITTED, FormState.ACCEPTED]
    ).update(state=FormState.FILED)


events.subscribe("document.filed", on_document_filed)
