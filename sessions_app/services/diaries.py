"""Diaries and other documents about a session."""

from typing import TYPE_CHECKING

from core.keys import key_from
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import PlannedSession, SessionResponse
from tools.models import OnePer, Tool

if TYPE_CHECKING:
    from accounts.models import User


def diary_tool(pack_id: int) -> Tool | None:
    """Return the tool that every Mentee fills in after a session; None when the pack has none."""
    return Tool.objects.of_pack(pack_id).filter(current__one_per=OnePer.MENTEE_SESSION).first()


def own_diary(*, session: PlannedSession, user: "User") -> FormResponse | None:
    """Return the person's diary about this session, if it was begun."""
    tool = diary_tool(session.plan.group.programme.pack_id)
    if tool is None:
        return None
    found: FormResponse | None = FormResponse.objects.about(
        group=session.plan.group, tool=tool, subject=user, session_key=session.session_key
    ).first()
    return found


def start_diary(*, session: PlannedSession, user: "User") -> FormResponse | None:
    """Return the person's diary about this session; begin it when there is none. None when the pack has no diary.

    Raises:
        NotYoursError, NotPossibleError: as `responses_app.services.start_form`.
    """
    tool = diary_tool(session.plan.group.programme.pack_id)
    if tool is None:
        return None
    return forms.start_form(
        group=session.plan.group, tool=tool, user=user, session_key=session.session_key,
        session_title=session.session_title,
    )  # fmt: skip


def link_document(*, form_id: int) -> SessionResponse | None:
    """Tie a form to the session it is about now; does nothing for other forms."""
    form = FormResponse.objects.get(pk=form_id)
    number = form.session_key.removeprefix("session-")
    if number == form.session_key or (key := key_from(number)) is None:
        return None
    session = PlannedSession.objects.filter(pk=key, plan__group=form.group_id).first()
    if session is None:
        return None
    return SessionResponse.objects.update_or_create(form=form, defaults={"session": session})[0]
