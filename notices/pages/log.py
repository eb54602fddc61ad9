"""What was told in a group, to whom, why, and what became of it: for its Managers."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from accounts.models import Mail
from core.templatetags.ui import day_clock_here
from mentoring.models import MentoringGroup
from mentoring.navigation import rail_for
from notices import kinds
from notices.models import Notice, Outcome, Reminder, ReminderRule
from notices.rule_words import escalation_in_words, when_in_words

PER_PAGE = 50
LATE = "late_"


@dataclass(frozen=True, slots=True)
class LogRow:
    """One notice of somebody: whom, what, why, by which way; a chip where an e-mail did not arrive."""

    person: Any
    title: str
    line: str
    state: str
    words: str


def log_context(request: Any, group: MentoringGroup, page: str) -> dict[str, Any]:
    """Return one page of what was told in a group, the newest first; only of what the Manager may know as well."""
    told = Notice.objects.of_group(group).logged_for(request.standing).for_log()
    found: Page[Notice] = Paginator(told, PER_PAGE).get_page(page)
    notices = list(found.object_list)
    people, rules = kinds.named_in(notices), Reminder.objects.rules_of(notices)
    return {
        "group": group,
        "rows": [_row(each, people, rules.get((each.event_id, each.person_id))) for each in notices],
        "page": found,
        "rail": rail_for(request, group, current="people"),
    }


def _row(notice: Notice, people: dict[int, Any], rule: ReminderRule | None) -> LogRow:
    kind = kinds.kind_of(notice)
    title = (kind.logged or kind.title)(kinds.said_of(notice, people))
    state, words = _became(notice)
    why = str(kinds.REASONS_OF_OTHERS[notice.reason])
    if rule is not None:
        late = notice.kind.startswith(LATE)
        why = f"{why} {escalation_in_words(rule) if late else when_in_words(rule)}."
    return LogRow(notice.person, title, f"{day_clock_here(notice.created_at)}. {why}", state, words)


def _became(notice: Notice) -> tuple[str, str]:
    """Return what became of a notice: shape and words.

    Whether it was read, and which way the person chose, is theirs alone. So nothing tells a notice whose e-mail is
    still to come from one whose e-mail is not needed any more.
    """
    mail = notice.mail
    if mail is None:
        is_closed = notice.outcome == Outcome.CLOSED
        return ("waived", _("Not told any more")) if is_closed else ("planned", _("On the page"))
    return {
        Mail.State.SENT.value: ("done", _("E-mail sent")),
        Mail.State.WAITING.value: ("later", _("E-mail waits")),
        Mail.State.DROPPED.value: ("waived", _("Not told any more")),
        Mail.State.REFUSED.value: ("late", _("E-mail refused")),
        Mail.State.FAILED.value: ("late", _("E-mail not sent")),
    }[mail.state]
