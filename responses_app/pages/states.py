"""How a document that was made from a form stands, and which sessions forms are about."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from core.policy.roles import Role
from documents import contributions
from documents.contributions import DocumentState
from documents.models import Document, Source
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormState, FormSubmission
from tools import related_sessions
from tools.models import Filing


def states_of(documents: Sequence[Document], standing: Standing) -> Mapping[int, DocumentState]:
    """Return the state of those documents whose current version was made from a form."""
    made = [each for each in documents if each.current and each.current.source == Source.RENDERED]
    submissions = FormSubmission.objects.behind(made, standing.user) if made else ()
    by_version = {each.rendering.version_id: each for each in submissions}
    return {
        document.pk: DocumentState(
            *_words(by_version[document.current_id], document, standing),
            reverse("responses:form-detail", args=[by_version[document.current_id].form_id]),
        )
        for document in made
        if document.current_id in by_version
    }


def _words(submission: FormSubmission, document: Document, standing: Standing) -> tuple[str, str]:
    """Return chip and words; a reading person sees what is still to be read."""
    form, tool = submission.form, document.tool_version
    if form.state == FormState.RETURNED:
        return "returned", _("Returned to %(name)s") % {"name": form.author.get_short_name()}
    if submission.is_accepted:
        return "done", _("Accepted")
    if tool.content.get("editor") == "session_plan":
        return "done", _("In force")
    is_staff = standing.role_in(document.folder.group_id) in {Role.MENTOR, Role.MANAGER}
    if is_staff and tool.filing == Filing.AT_ONCE and form.author_id != standing.user_id:
        is_read: bool = submission.is_read  # type: ignore[attr-defined]  # `behind()` says so
        return ("done", _("Read by you")) if is_read else ("waiting", _("For you to read"))
    return "done", _("Handed in")


contributions.register_states(states_of)
related_sessions.register_used(FormResponse.objects.sessions_of)
