"""When a paper was concluded that names the people of its group: never before one of them joined."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.days import programme_today
from mentoring.models import MentoringGroup
from mentoring.stays import Stay, stays_in
from rendering.pdf.fields import day_words
from tools.fields.forms import Check
from tools.fields.people import members_of
from tools.fields.questions import questions_of
from tools.models import ToolVersion
from tools.parties import concluded_in

if TYPE_CHECKING:
    from responses_app.models import FormResponse


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joined last of those who were not in the group yet on a day, and when."""

    name: str
    joined: date


@dataclass(frozen=True, slots=True)
class Again:
    """A paper that is written again for somebody who came since: what to look at.

    Attributes:
        who: their names.
        past: key, label and day in words of the days in it that are over.
        helps: a further sentence under each of these questions.
    """

    who: list[str]
    past: list[tuple[str, str, str]] = field(default_factory=list)
    helps: dict[str, str] = field(default_factory=dict)


class Parties:
    """Those who sign a paper of the whole group, with the days of their stay in it."""

    def __init__(self, group: MentoringGroup, version: ToolVersion) -> None:
        users = members_of(group).users
        stays = [stay for stay in stays_in(group) if stay.role in version.signed_by and stay.user_id in users]
        self._stays: list[tuple[Stay, str]] = [(stay, users[stay.user_id].full_name) for stay in stays]

    def newcomers(self, day: date) -> list[Newcomer]:
        """Return who was not in the group yet on a day, who joined last first."""
        late = [(stay, name) for stay, name in self._stays if day < stay.since and not stay.covers(day)]
        late.sort(key=lambda each: (each[0].since, each[1]), reverse=True)
        return [Newcomer(name, stay.since) for stay, name in late]


def checks_of(group: MentoringGroup, version: ToolVersion) -> dict[str, Check]:
    """Return what the day of conclusion must hold against; nothing, and no query, where a tool asks for none."""
    key = concluded_in(version)
    if not key:
        return {}
    parties = Parties(group, version)

    def check(answer: Any) -> str:
        late = parties.newcomers(date.fromisoformat(str(answer)))
        words = _("%(name)s joined the group on %(day)s. It cannot be concluded before that day.")
        return words % {"name": late[0].name, "day": day_words(late[0].joined)} if late else ""

    return {key: check}


def without_too_early(group: MentoringGroup, version: ToolVersion, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers without a day of conclusion on which one of the parties had not joined yet: it is asked anew."""
    key = concluded_in(version)
    if not key or not answers.get(key):
        return dict(answers)
    refused = checks_of(group, version)[key](answers[key])
    return {name: value for name, value in answers.items() if name != key or not refused}


def again_of(form: "FormResponse") -> Again | None:
    """Return what to look at while a paper is written again for somebody who came since; None otherwise."""
    key, last = concluded_in(form.tool_version), form.latest
    if not key or last is None or not form.is_open or not last.answers.get(key):
        return None
    newcomers = Parties(form.group, form.tool_version).newcomers(date.fromisoformat(last.answers[key]))
    if not newcomers:
        return None
    again = Again([each.name for each in newcomers])
    facts = {"name": newcomers[0].name, "day": day_words(newcomers[0].joined)}
    again.helps[key] = _("%(name)s joined on %(day)s. Give the day on which all of you conclude this version.") % facts
    for question in questions_of(form.tool_version):
        said = form.answers.get(question.key)
        if question.type == "date" and question.key != key and said and said < programme_today().isoformat():
            again.past.append((question.key, question.label.text, day_words(date.fromisoformat(said))))
            again.helps[question.key] = _("This day is over. Check whether it still holds.")
    return again
