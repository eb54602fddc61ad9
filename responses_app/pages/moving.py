"""The page on which it is said which session or person a form or paper is really about."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.texts import text
from core.web.http import SignedInRequest
from documents.models import Document
from mentoring.models import MentoringGroup
from mentoring.roles import people_in, role_of
from responses_app.forms import AboutForm
from responses_app.models import FormResponse
from responses_app.services import may_move
from responses_app.services.moving import is_of_its_writer
from tools import related_sessions
from tools.models import ToolVersion
from tools.subjects import about

if TYPE_CHECKING:
    from accounts.models import User


def form_page(request: SignedInRequest, form: FormResponse) -> AboutForm | None:
    """Return what is asked about a form; None where this person has nothing to say."""
    if not may_move(form, request.user, role_of(request.user, form.group)):
        return None
    return _asked(request, form.group, form, needs_reason=form.latest_id is not None, fixed=is_of_its_writer(form))


def document_page(request: SignedInRequest, document: Document) -> AboutForm | None:
    """Return what is asked about a paper; None where it is about the group."""
    if not about(document.tool_version).is_of_one:
        return None
    fixed = any(is_of_its_writer(form) for form in FormResponse.objects.behind(document))
    return _asked(request, document.folder.group, document, fixed=fixed)


def _asked(
    request: SignedInRequest,
    group: MentoringGroup,
    thing: FormResponse | Document,
    *,
    fixed: bool,
    needs_reason: bool = True,
) -> AboutForm:
    version: ToolVersion = thing.tool_version
    people: list[User] = [] if fixed else people_in(group, *about(version).roles) if about(version).roles else []
    if people and thing.subject is not None and thing.subject not in people:
        people.append(thing.subject)
    sessions: list[tuple[str, str]] = []
    if about(version).needs_session:
        sessions = related_sessions.choices(group, version.tool, thing.subject or request.user)
        if isinstance(thing, FormResponse):
            sessions = _free(sessions, thing, is_writer=thing.author_id == request.user.pk)
        if thing.session_key not in dict(sessions):
            sessions = [(thing.session_key, text(thing.session_title)), *sessions]
    return AboutForm(
        request.POST if request.method == "POST" else None,
        sessions=sessions,
        people=people,
        session_key=thing.session_key,
        subject=thing.subject,
        needs_reason=needs_reason,
    )


def _free(sessions: list[tuple[str, str]], form: FormResponse, *, is_writer: bool) -> list[tuple[str, str]]:
    """Leave out the sessions about which its writer has another one; to staff, who may not know of it, it is said."""
    taken = FormResponse.objects.taken_sessions(form)
    if is_writer:
        return [choice for choice in sessions if choice[0] not in taken]
    said = _("%(session)s (one is there already)")
    return [(key, said % {"session": words} if key in taken else words) for key, words in sessions]


def shown(request: SignedInRequest, page: AboutForm, back_url: str, title: str) -> HttpResponse:
    """Render the page."""
    context = {"form": page, "back_url": back_url, "title": title, "nothing": page.nothing_to_choose()}
    return render(request, "responses/about.html", context, status=422 if page.errors else 200)
