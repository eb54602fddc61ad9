"""What the platform fills into a form because it is known, brought up to date when the form is opened again."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import translation

from mentoring.role_names import called_as_in
from responses_app.conclusion import without_too_early
from responses_app.models import FormResponse
from tools import related_sessions
from tools.fields.answers import field_for
from tools.fields.people import Members, members_of
from tools.fields.placeholders import Values, as_text, values_for
from tools.fields.questions import Question, questions_of
from tools.models import ToolVersion
from tools.parties import PREFILL as PEOPLE_OF_GROUP
from tools.related_sessions import RelatedSession

PEOPLE_OF_SESSION: Final = "session.people"
ABOUT_PEOPLE: Final = frozenset({"group.members", "mentor.name", "manager.name"})
ABOUT_SESSION: Final = frozenset(
    {"session.title", "session.date", "session.from", "session.to", "session.place", PEOPLE_OF_SESSION}
)
Row = dict[str, str]


def prefilled(
    questions: Iterable[Question], members: Members, values: Values, session: RelatedSession | None
) -> dict[str, Any]:
    """Return what is known already of these questions, in the active language."""
    answers: dict[str, Any] = {}
    for question in questions:
        source = question.content.get("prefill")
        if not source:
            continue
        if question.type == "rows" and source == PEOPLE_OF_SESSION and session:
            answers[question.key] = _people_rows(question, session)
        if question.type in {"rows", "rating_grid"}:
            continue
        known = _known(question, values.get(source, ""), members)
        if known is not None:
            answers[question.key] = known
    return answers


def _people_rows(question: Question, session: RelatedSession) -> list[Row]:
    """Return a row for each person of a session, in the columns `name` and `role`."""
    keys = {column.key for column in question.columns}
    rows = ({"name": name, "role": role} for name, role in session.people())
    return [{key: value for key, value in row.items() if key in keys and value} for row in rows][: question.max_rows]


def _known(question: Question, value: str | date, members: Members) -> Any:
    if not value:
        return None
    raw = value.isoformat() if isinstance(value, date) and question.type == "date" else as_text(value)
    try:
        return field_for(question, people=members.choices).clean(raw)
    except ValidationError:
        return None


def _kept(version: ToolVersion) -> list[Question]:
    return [each for each in questions_of(version) if each.content.get("prefill") in ABOUT_PEOPLE | ABOUT_SESSION]


def kept_of(version: ToolVersion, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of these answers, just filled in, is about people and session: kept in `filled_in`."""
    return {each.key: answers[each.key] for each in _kept(version) if answers.get(each.key)}


def filled_in_anew(form: FormResponse) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers of `form`, with what is known today where what was known then stands as it was filled in.

    A contract that is made anew because another Mentor came names that Mentor; a list of participants names those who
    were there, also after the attendance was corrected. What somebody wrote there stays; but when it was concluded is
    asked anew where somebody whom it names had not joined yet.

    Returns:
        The answers, and what was filled in of them.
    """
    answers, filled_in = dict(form.answers), dict(form.filled_in)
    untouched = [each for each in _kept(form.tool_version) if _is_as_filled_in(form, each)]
    for key, value in _known_today(form, untouched).items():
        is_table = isinstance(value, list)
        answers[key] = _rows_anew(answers[key], filled_in[key], value) if is_table else value
        filled_in[key] = value
    return without_too_early(form.group, form.tool_version, answers), filled_in


def about_session_anew(form: FormResponse, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return handed-in answers whose session was corrected, with what the platform filled in about it said anew.

    What somebody wrote stays, and so does the title, under which the paper was written.

    Returns:
        The answers, and what was filled in of them.
    """
    known = [each for each in _kept(form.tool_version) if each.content["prefill"] in ABOUT_SESSION - {"session.title"}]
    untouched = [
        each
        for each in known
        if _is_said_of(form, each, answers) or (each.type == "rows" and each.key in form.filled_in)
    ]
    said, filled_in = dict(answers), dict(form.filled_in)
    for key, value in _known_today(form, untouched).items():
        is_table = isinstance(value, list)
        said[key] = _rows_anew(said.get(key, []), filled_in[key], value) if is_table else value
        filled_in[key] = value
    return said, filled_in


def about_its_session(form: FormResponse, answers: Mapping[str, Any], *, tables: bool) -> dict[str, Any]:
    """Return answers of a form that was moved, with what was filled in about its session before said of the new one.

    What the new session does not say is left out; what somebody wrote stays.

    Args:
        tables: also the rows of people; what was handed in says who was there, whatever session it was put under.
    """
    about_session = [each for each in _kept(form.tool_version) if each.content["prefill"] in ABOUT_SESSION]
    plain = [each for each in about_session if each.type != "rows" and _is_said_of(form, each, answers)]
    rows = [each for each in about_session if tables and each.type == "rows" and answers.get(each.key)]
    known = _known_today(form, [*plain, *rows])
    said = {key: value for key, value in answers.items() if key not in {each.key for each in plain}}
    for key, value in known.items():
        said[key] = _rows_anew(said[key], form.filled_in.get(key, []), value) if isinstance(value, list) else value
    return said


def _is_said_of(form: FormResponse, question: Question, answers: Mapping[str, Any]) -> bool:
    known = form.filled_in.get(question.key)
    return bool(known) and answers.get(question.key) == known


def is_out_of_date(form: FormResponse) -> bool:
    """Return whether somebody stands in a table of `form` who was not at its session, or is missing there."""
    tables = [each for each in _kept(form.tool_version) if each.type == "rows" and _is_as_filled_in(form, each)]
    session = related_sessions.find(form.group, form.session_key) if tables else None
    if session is None or not session.is_recorded:
        return False
    return any(form.filled_in[key] != value for key, value in _known_today(form, tables).items())


def stands_as_filled_in(form: FormResponse) -> bool:
    """Return whether some answer names the people of the group as they were filled in: it can be brought up to date."""
    known = (each for each in _kept(form.tool_version) if each.content["prefill"] == PEOPLE_OF_GROUP)
    return any(_is_as_filled_in(form, each) for each in known)


def _is_as_filled_in(form: FormResponse, question: Question) -> bool:
    """Return whether an answer still says what was filled in; of a table each row is looked at by itself."""
    answer, known = form.answers.get(question.key), form.filled_in.get(question.key)
    return bool(answer) and (answer == known or (question.type == "rows" and bool(known)))


def _known_today(form: FormResponse, questions: list[Question]) -> dict[str, Any]:
    if not questions:
        return {}
    group = form.group
    is_of_session = any(each.content["prefill"] in ABOUT_SESSION for each in questions)
    with translation.override(form.language), called_as_in(group.programme):
        session = related_sessions.find(group, form.session_key) if is_of_session else None
        members = list(group.memberships.live().with_people())
        values = values_for(group, subject=form.subject, session=session, members=members)
        return prefilled(questions, members_of(group), values, session)


def _rows_anew(rows: list[Row], before: list[Row], now: list[Row]) -> list[Row]:
    """Return the rows of a table without whom was filled in wrongly, and with who was missing; others stay."""
    wrong = [each for each in before if each not in now]
    kept = [row for row in rows if not any(each.items() <= row.items() for each in wrong)]
    missing = [each for each in now if each not in before and not any(each.items() <= row.items() for row in kept)]
    return [*kept, *missing]
