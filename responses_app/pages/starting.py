"""The page before a form is begun: what it is for, whom and which session it is about."""

from typing import Any

from django.http import Http404

from core.policy.roles import Action
from core.texts import shown
from core.web.http import SignedInRequest
from mentoring import stops
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from responses_app.models import FormResponse
from responses_app.pages import words as form_words
from responses_app.services import subjects_for
from tools import related_sessions
from tools.fields.answers import words
from tools.fields.people import members_of
from tools.models import Tool
from tools.subjects import about


def start_context(request: SignedInRequest, group: MentoringGroup, tool: Tool) -> dict[str, Any] | None:
    """Return the page before a form is begun; None when the person does not fill in this tool."""
    version = tool.current
    members = members_of(group)
    role = members.roles.get(request.user.pk)
    if version is None or role is None or role.value not in version.filled_by:
        return None
    subjects = subjects_for(version, members, request.user)
    known = related_sessions.choices(group, tool, request.user) if about(version).needs_session else []
    return {
        "group": group,
        "tool": tool,
        "version": version,
        "purpose": words(shown(version.content.get("purpose"))),
        "minutes": version.content.get("minutes"),
        "subjects": subjects,
        "own": subjects == [request.user],
        "sessions": known,
        "needs_session": about(version).needs_session,
        "chosen_subject": request.GET.get("subject", ""),
        "chosen_session": request.GET.get("session_key", ""),
        "stop": stops.writing(group),
        "editor_url": related_sessions.editor_url(version.content.get("editor", ""), group),
        "readers": form_words.audience_of_tool(version),
    }


def begun_already(standing: Standing, group: MentoringGroup, tool: Tool, start: dict[str, Any]) -> FormResponse | None:
    """Return the form that “Start writing” would open, where nothing is left to choose and the person may read it."""
    subjects, session_key = start["subjects"], start["chosen_session"].replace("\x00", "")[:60]
    if len(subjects) > 1 or bool(session_key) != start["needs_session"]:
        return None
    about_it = FormResponse.objects.allowing(standing, Action.VIEW).about(
        group=group, tool=tool, subject=subjects[0] if subjects else None, session_key=session_key
    )
    return about_it.first()


def chosen(request: SignedInRequest, start: dict[str, Any]) -> dict[str, Any]:
    """Return subject and session as chosen on the page before a form is begun."""
    by_number = {str(person.pk): person for person in start["subjects"]}
    number = request.POST.get("subject", "")
    if number and number not in by_number:
        raise Http404
    return {
        "subject": by_number.get(number),
        "session_key": request.POST.get("session_key", "").replace("\x00", "")[:60],
    }
