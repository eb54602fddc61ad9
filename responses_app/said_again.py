"""What the platform filled into a form by itself, said in another language: for copies of a filed form.

Names of roles, the form of the mentoring and titles of sessions were written down in the language of the document. A
copy says them in its own; what people wrote themselves stays as they wrote it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import translation

from core.texts import text
from mentoring.models import Membership
from responses_app.models import FormSubmission
from tools import related_sessions
from tools.fields.placeholders import as_text, values_for
from tools.fields.questions import Question, questions_of


def said_again(submission: FormSubmission, people: Sequence[Membership]) -> dict[str, Any]:
    """Return the answers of `submission`, with what the platform filled in said in the active language.

    Args:
        people: who was in the group then.
    """
    active = translation.get_language() or ""
    phrases = _phrases(submission, people, active)
    answers = dict(submission.answers)
    for question in questions_of(submission.form.tool_version):
        if question.key in answers:
            answers[question.key] = _again(question, answers[question.key], phrases)
    return answers


def _phrases(submission: FormSubmission, people: Sequence[Membership], active: str) -> dict[str, str]:
    """Return what was filled in, line by line, and how it reads in the active language."""
    form = submission.form
    spoken = []
    for language in (submission.language, active):
        with translation.override(language):
            session = related_sessions.find(form.group, form.session_key) if form.session_key else None
            values = values_for(form.group, subject=form.subject, session=session, members=people)
            spoken.append([as_text(values[name]) for name in ("group.form", "group.members", "session.title")])
    pairs = zip(*spoken, strict=True)
    phrases = {old: new for filed, here in pairs for old, new in zip(filed.split("\n"), here.split("\n"), strict=True)}
    for title in related_sessions.titles(form.group):
        phrases[text(title, submission.language)] = text(title, active)
    return phrases


def _again(question: Question, answer: Any, phrases: Mapping[str, str]) -> Any:
    if isinstance(answer, str) and question.content.get("prefill"):
        return "\n".join(phrases.get(line, line) for line in answer.split("\n"))
    if question.type == "rows" and isinstance(answer, list):
        return [dict(_row(row, phrases)) if isinstance(row, dict) else row for row in answer]
    return answer


def _row(row: Mapping[str, Any], phrases: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        yield key, phrases.get(value, value) if key == "session" and isinstance(value, str) else value
