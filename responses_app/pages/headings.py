"""The sentences under headings: a tool speaks in them to whoever fills it in; other readers get their own words."""

from collections.abc import Iterable

from django.utils.translation import get_language

from core.texts import ShownText
from responses_app.models import FormResponse
from responses_app.pages import words as form_words
from tools.fields.questions import Question, is_later_part, is_narrower, questions_of
from tools.fields.reading import Part
from tools.subjects import fills_in_about_oneself


def is_for_writer(form: FormResponse, heading: Question) -> bool:
    """Return whether a heading speaks to whoever fills in a form about oneself: not over a part that others add."""
    version = form.tool_version
    if heading.type != "heading" or not fills_in_about_oneself(version):
        return False
    questions = questions_of(version)
    place = next(at for at, each in enumerate(questions) if each.key == heading.key)
    asked = next((each for each in questions[place + 1 :] if each.is_asked), None)
    return asked is not None and not is_later_part(version, asked)


def say_to_readers(form: FormResponse, parts: Iterable[Part]) -> None:
    """Let headings tell others than the writer who reads a part, where fewer do, in place of the writer's words."""
    for part in parts:
        if not is_for_writer(form, part.question):
            continue
        audience = part.question.audience
        is_fewer = bool(audience) and is_narrower(audience, form.audience)
        words = form_words.only_for(audience) if is_fewer else ""
        part.help = ShownText(words, get_language() or "", is_fallback=False)
