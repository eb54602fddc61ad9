"""A form is begun: whose it is, what it is about, what stands in it already."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import events
from core.errors import NotPossibleError, NotYoursError
from mentoring import stops
from mentoring.models import MentoringGroup
from mentoring.role_names import called_as_in
from responses_app.conclusion import without_too_early
from responses_app.filled_in import kept_of, prefilled
from responses_app.models import FormResponse
from tools import related_sessions
from tools.fields.people import Members, members_of
from tools.fields.placeholders import values_for
from tools.fields.questions import questions_of, writes
from tools.models import Tool, ToolVersion
from tools.subjects import about

if TYPE_CHECKING:
    from accounts.models import User


def subjects_for(version: ToolVersion, members: Members, user: "User") -> list["User"]:
    """Return the people about whom this person may fill in the tool; empty for tools of the group."""
    roles = about(version).roles
    role = members.roles.get(user.pk)
    if not roles:
        return []
    if role in roles and role is not None and role.value in version.filled_by:
        return [user]
    return members.in_role(*roles)


def form_language(group: MentoringGroup) -> str:
    """Return the language of a form's document: the programme's, whatever language the page is read in."""
    language: str = group.programme.default_language
    return language


@transaction.atomic
def start_form(
    *,
    group: MentoringGroup,
    tool: Tool,
    user: "User",
    subject: "User | None" = None,
    session_key: str = "",
    session_title: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> FormResponse:
    """Return the form of this tool, subject and session; make it, with what is known already, if there is none.

    A double click, or two people who begin at the same time, get the same form. Records `form.started`.

    Args:
        subject: whom it is about; the person's own when the tool is theirs.
        session: key of the session; only for tools that have one per session.
        session_title: its title by language; asked of the provider when not given.

    Raises:
        NotYoursError: the person's role does not fill in this tool, or not about this person.
        NotPossibleError: the group is paused or closed, or the session is unknown or too early.
    """
    version = tool.current
    members = members_of(group)
    role = members.roles.get(user.pk)
    if version is None or role is None or role.value not in version.filled_by:
        raise NotYoursError
    subject = _subject(version, members, user, subject)
    found = _existing(group, tool, subject, session_key)
    if found is not None:
        return found
    if stop := stops.writing(group):
        raise NotPossibleError(stop)
    known = _session(group, version, session_key)
    if known and not session_title:
        session_title = known.title if session_key else {}
    with translation.override(form_language(group)), called_as_in(group.programme):  # what the paper will say
        related = related_sessions.find(group, known.key) if known else None
        values = values_for(group, subject=subject, session=related)
        asked = [each for each in questions_of(version) if writes(each, role)]
        answers = without_too_early(group, version, prefilled(asked, members, values, related))
    try:
        with transaction.atomic():
            form = FormResponse.objects.create(
                group=group,
                tool_version=version,
                author=user,
                subject=subject,
                session_key=session_key,
                session_title=dict(session_title or {}),
                answers=answers,
                filled_in=kept_of(version, answers),
                audience=_first_audience(version, group),
                language=form_language(group),
                saved_by=user,
                created_at=at or timezone.now(),
                saved_at=at or timezone.now(),
            )
    except IntegrityError:
        existing = _existing(group, tool, subject, session_key)
        if existing is None:
            raise
        return existing
    events.record("form.started", actor=user, group_id=group.pk, target=form, at=at, tool=tool.key)
    return form


def _existing(group: MentoringGroup, tool: Tool, subject: "User | None", session_key: str) -> FormResponse | None:
    return FormResponse.objects.about(group=group, tool=tool, subject=subject, session_key=session_key).first()


def _subject(version: ToolVersion, members: Members, user: "User", subject: "User | None") -> "User | None":
    possible = subjects_for(version, members, user)
    if not possible:
        if subject is not None or about(version).roles:
            raise NotYoursError
        return None
    if subject is None and len(possible) == 1:
        return possible[0]
    if subject not in possible:
        raise NotYoursError
    return subject


def _session(group: MentoringGroup, version: ToolVersion, key: str) -> related_sessions.RelatedSession | None:
    """Return the session that the form is about.

    Raises:
        NotPossibleError: the tool needs one and none was named, or it is not there (yet).
    """
    needed = about(version).needs_session
    if needed != bool(key):
        raise NotPossibleError(
            _("Choose the session it is about.") if needed else _("This form is not about a single session.")
        )
    found = related_sessions.find(group, key) if key or names_a_session(version) else None
    if key and found is None:
        raise NotPossibleError(_("This session is not in the plan of the group."))
    if key and found:
        too_early = found.too_early if about(version).roles else ""
        if stop := found.not_yet or too_early:
            raise NotPossibleError(stop)
    return found


def names_a_session(version: ToolVersion) -> bool:
    """Return whether a tool without a session speaks of the initial session (the contract)."""
    return '"session.' in json.dumps(version.fields) or "{{ session." in json.dumps(version.content)


def _first_audience(version: ToolVersion, group: MentoringGroup) -> str:
    """Return the audience of a new form: the tool's, unless the programme's choices for it leave that out."""
    choices = audience_choices(version, group)
    return version.audience if not choices or version.audience in choices else choices[0]


def audience_choices(version: ToolVersion, group: MentoringGroup) -> list[str]:
    """Return the audiences among which the writer may choose; empty when there is nothing to choose."""
    offered = version.content.get("audience_choices") or []
    return [audience for audience in offered if audience in group.programme.diary_audiences]
