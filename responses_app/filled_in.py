"""What the platform filled into a form about the people of the group, brought up to date when it is opened again."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import translation

from mentoring.role_names import called_as_in
from responses_app.models import FormResponse
from tools.fields.placeholders import as_text, values_for
from tools.fields.questions import Question, questions_of
from tools.models import ToolVersion

ABOUT_PEOPLE: Final = frozenset({"group.members", "mentor.name", "manager.name"})


def _about_people(version: ToolVersion) -> list[Question]:
    return [each for each in questions_of(version) if each.content.get("prefill") in ABOUT_PEOPLE]


def about_people(version: ToolVersion, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of these answers, just filled in, says who the people of the group are: kept in `filled_in`."""
    return {each.key: answers[each.key] for each in _about_people(version) if answers.get(each.key)}


def filled_in_anew(form: FormResponse) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers of `form`, with the people of today where those of then stand as they were filled in.

    A contract that is made anew because another Mentor came names that Mentor; what somebody wrote there stays.

    Returns:
        The answers, and what was filled in of them.
    """
    answers, filled_in = dict(form.answers), dict(form.filled_in)
    untouched = [each for each in _about_people(form.tool_version) if _is_untouched(form, each.key)]
    if not untouched:
        return answers, filled_in
    with translation.override(form.language), called_as_in(form.group.programme):
        members = list(form.group.memberships.live().with_people())
        values = values_for(form.group, subject=form.subject, members=members)
    for question in untouched:
        answers[question.key] = filled_in[question.key] = as_text(values[question.content["prefill"]])
    return answers, filled_in


def _is_untouched(form: FormResponse, key: str) -> bool:
    return bool(form.answers.get(key)) and form.answers[key] == form.filled_in.get(key)
