"""What the platform filled into a form about the people of the group, brought up to date when it is opened again."""

from datetime import datetime
from typing import Any, Final

from django.utils import translation

from core.days import programme_day
from mentoring.role_names import called_as_in
from responses_app.models import FormResponse
from tools.fields.placeholders import as_text, values_for
from tools.fields.questions import questions_of

ABOUT_PEOPLE: Final = frozenset({"group.members", "mentor.name", "manager.name"})


def filled_in_anew(form: FormResponse) -> dict[str, Any]:
    """Return the answers of `form`, with the people of today where those of then stand as they were filled in.

    A contract that is made anew because another Mentor came names that Mentor; what somebody wrote there stays.
    """
    questions = [each for each in questions_of(form.tool_version) if each.content.get("prefill") in ABOUT_PEOPLE]
    if not any(form.answers.get(each.key) for each in questions):
        return dict(form.answers)
    moments = [form.created_at, *([form.latest.submitted_at] if form.latest else [])]
    with translation.override(form.language), called_as_in(form.group.programme):
        now = _people(form, None)
        then = [_people(form, moment) for moment in moments]
    answers = dict(form.answers)
    for question in questions:
        source = question.content["prefill"]
        if answers.get(question.key) in {each[source] for each in then}:
            answers[question.key] = now[source]
    return answers


def _people(form: FormResponse, moment: datetime | None) -> dict[str, str]:
    """Return what is filled in about the people of a moment; of today when None."""
    live = form.group.memberships.live(programme_day(moment)) if moment else form.group.memberships.live()
    values = values_for(form.group, subject=form.subject, members=list(live.with_people()))
    return {name: as_text(values[name]) for name in ABOUT_PEOPLE}
