"""What the page of a programme's rules of reminders shows."""

from dataclasses import dataclass
from typing import Any

from mentoring.models import Programme
from notices.due import due_kinds
from notices.models import KEPT_FOR, MailSetting, ReminderRule
from notices.rule_words import escalation_in_words, when_in_words


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in words."""

    pk: int
    when: str
    late: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The rules about one kind of what falls due."""

    title: str
    rows: list[RuleRow]


def rules_context(programme: Programme) -> dict[str, Any]:
    """Return the rules of a programme by kind, in the order of the kinds, and how it writes."""
    found: dict[str, list[RuleRow]] = {}
    for rule in ReminderRule.objects.of_programme(programme):
        found.setdefault(rule.kind, []).append(
            RuleRow(rule.pk, when_in_words(rule), escalation_in_words(rule), rule.is_on)
        )
    parts = [Part(str(kind.label), found[code]) for code, kind in due_kinds().items() if code in found]
    return {"programme": programme, "parts": parts, "mail": mail_values(programme)}


def mail_values(programme: Programme) -> dict[str, Any]:
    """Return how a programme writes to its people, as the form shows it."""
    setting = MailSetting.objects.of_programme(programme.pk)
    if setting is None:
        return {"reply_to": "", "kept_months": KEPT_FOR}
    return {"reply_to": setting.reply_to, "kept_months": setting.kept_months}
