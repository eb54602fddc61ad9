"""How a document that was made from a form stands, and which sessions forms are about."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.policy.roles import Role
from core.web.http import addresses
from core.web.way_back import register_places
from documents import contributions, readers
from documents.contributions import DocumentState
from documents.models import Document, Source
from mentoring.roles import people_by_key
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormState, FormSubmission
from responses_app.querysets import MadeFrom
from tools import related_sessions
from tools.models import Filing

TO_READ: Final[dict[str, tuple[str, Any]]] = {
    Role.MENTOR: ("waiting", gettext_lazy("For you to read")),
    Role.MANAGER: ("planned", pgettext_lazy("of a form or document", "New")),
}
"""The state of what was handed in and not opened yet: a Mentor is to read it, nobody waits for the Manager to."""


def read_words(found: Any) -> str:
    """Return by whom something was read that is not to be read any more."""
    return _("Read by you") if found.is_read_by_me else _("Read before you came")


def states_of(documents: Sequence[Document], standing: Standing) -> Mapping[int, DocumentState]:
    """Return the state of those documents whose current version was made from a form."""
    made = [each for each in documents if each.current and each.current.source == Source.RENDERED]
    by_version = FormSubmission.objects.behind(made, standing) if made else {}
    address = addresses("responses:form-detail")
    return {
        document.pk: DocumentState(*_words(found, document, standing), address(found.form))
        for document in made
        if (found := by_version.get(document.current_id or 0))
    }


def _words(made_from: MadeFrom, document: Document, standing: Standing) -> tuple[str, str]:
    """Return chip and words; a reading person sees what is still to be read."""
    tool = document.tool_version
    if made_from.form_state == FormState.RETURNED:
        writer = people_by_key(document.folder.group, [made_from.author])[made_from.author]
        return "returned", _("Returned to %(name)s") % {"name": writer.get_short_name() if writer else ""}
    if made_from.form_state == FormState.DRAFT and made_from.author == standing.user_id:
        return "draft", _("Changes not handed in")
    if made_from.is_accepted:
        return "done", _("Accepted")
    if tool.content.get("editor") == "session_plan":
        return "done", _("In force")
    role = standing.role_in(document.folder.group_id)
    if role is not None and role in TO_READ and tool.filing == Filing.AT_ONCE and made_from.author != standing.user_id:
        return ("done", read_words(made_from)) if made_from.is_read else TO_READ[role]
    return "done", _("Handed in")


contributions.register_states(states_of)
register_places({"responses:form-detail": gettext_lazy("What was handed in")})
related_sessions.register_used(FormResponse.objects.sessions_of)
readers.register(FormResponse.objects.audiences_about)
