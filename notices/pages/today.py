"""Who would be reminded today, by which rule, and who was: for Programme Admins, and for Managers of their groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.days import programme_today, programme_zone
from core.policy.roles import Action, Area
from core.texts import within
from mentoring.models import MentoringGroup, Programme
from mentoring.standing import Standing
from notices import kinds
from notices.due import due_kinds
from notices.models import NoticeChoice, Reminder, ReminderRun, Way
from notices.occurrences import GRACE, Occurrence, occurrences_on
from notices.rule_words import escalation_in_words, kind_in_words, when_in_words
from notices.services.reminders import FROM_HOUR

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One reminder of one person: of what, in which group, by which rule, and whether it is made already."""

    person: User
    what: str
    why: str
    state: str
    words: str


def of_programme(programme: Programme, *, page: str) -> dict[str, Any]:
    """Return what today asks for in a whole programme."""
    wanted = occurrences_on(programme_today(), programmes=[programme.pk])
    return _context(wanted, page) | {"programme": programme}


def of_own_groups(standing: Standing, *, page: str) -> dict[str, Any]:
    """Return what today asks for in the groups whose checklist the person manages."""
    names: dict[int, str] = MentoringGroup.objects.names_of(standing.groups(Area.CHECKLIST, Action.MANAGE))
    programmes = {seat.programme for seat in standing.seats if seat.in_groups}
    wanted = [each for each in occurrences_on(programme_today(), programmes=programmes) if each.place in names]
    return _context(wanted, page) | {"programme": None}


def _context(wanted: Iterable[Occurrence], page: str) -> dict[str, Any]:
    today = programme_today()
    there = Reminder.objects.keys_since(today - GRACE)
    pairs = _not_switched_off([(each, person) for each in wanted for person in each.people])
    found: Page[tuple[Occurrence, int]] = Paginator(pairs, PER_PAGE).get_page(page)
    shown = list(found.object_list)
    people = kinds.people_by_key({person for _each, person in shown})
    is_made = ReminderRun.objects.is_done(today)
    rows = [_row(each, people[key], is_made=each.key(key) in there) for each, key in shown if key in people]
    return {"rows": rows, "page": found, "is_made": is_made, "is_early": _is_early(), "today": today}


def _not_switched_off(pairs: list[tuple[Occurrence, int]]) -> list[tuple[Occurrence, int]]:
    """Leave out those who want no such notices at all; they get none."""
    chosen = NoticeChoice.objects.of_all({person for _each, person in pairs})
    return [(each, person) for each, person in pairs if not _is_off(each, chosen.get(person, {}))]


def _is_off(each: Occurrence, ways: dict[tuple[str, int | None], str]) -> bool:
    topic = "asked" if each.is_escalation else due_kinds()[each.due.kind].topic.value
    order = ((topic, each.due.group), ("", each.due.group), (topic, None))
    return next((ways[key] for key in order if key in ways), "") == Way.OFF


def _row(each: Occurrence, person: User, *, is_made: bool) -> Row:
    rule = each.rule
    why = escalation_in_words(rule) if each.is_escalation else when_in_words(rule)
    late = _("Late: %(what)s") % {"what": within(kind_in_words(rule))} if each.is_escalation else kind_in_words(rule)
    state, words = ("done", _("Made")) if is_made else ("later", _("Comes"))
    return Row(person, late, ". ".join(filter(None, [each.group, why])) + ".", state, words)


def _is_early() -> bool:
    return timezone.localtime(timezone=programme_zone()).hour < FROM_HOUR
