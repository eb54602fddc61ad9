"""A rule of reminders in words, as its pages, the log and the test clock say it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policy.choices import label_of
from core.policy.roles import ProgrammeRole
from core.texts import within
from notices.due import due_kinds
from notices.models import ReminderRule, Side


def kind_in_words(rule: ReminderRule) -> str:
    """Return what a rule reminds of; the code of a kind that is not there any more."""
    kind = due_kinds().get(rule.kind)
    return str(kind.label) if kind else rule.kind


def when_in_words(rule: ReminderRule) -> str:
    """Return when a rule reminds: “1 day after the day on which it is due, then every 3 days, 3 times at most”."""
    kind = due_kinds().get(rule.kind)
    parts = [_first(rule) % {"count": rule.days, "day": within(str(kind.day_label)) if kind else rule.kind}]
    if rule.every:
        parts.append(ngettext("then every day", "then every %(count)d days", rule.every) % {"count": rule.every})
        parts.append(
            _("until it is done") if rule.times is None
            else ngettext("%(count)d time at most", "%(count)d times at most", rule.times) % {"count": rule.times}
        )  # fmt: skip
    return ", ".join(parts)


def _first(rule: ReminderRule) -> str:
    if not rule.days:
        return _("On %(day)s")
    if rule.side == Side.BEFORE:
        return ngettext("%(count)d day before %(day)s", "%(count)d days before %(day)s", rule.days)
    return ngettext("%(count)d day after %(day)s", "%(count)d days after %(day)s", rule.days)


def escalation_in_words(rule: ReminderRule) -> str:
    """Return who is told when it stays open, and when; empty where nobody is."""
    if not rule.escalate_to:
        return ""
    words = ngettext(
        "Still open %(count)d day after that day, it is told to: %(role)s",
        "Still open %(count)d days after that day, it is told to: %(role)s",
        rule.escalate_after,
    )
    return words % {"count": rule.escalate_after, "role": within(label_of(ProgrammeRole, rule.escalate_to))}


def in_words(rule: ReminderRule, *, is_escalation: bool = False) -> str:
    """Return a rule in one sentence: what it reminds of, and when; or when it tells others that it is late."""
    return f"{kind_in_words(rule)}: {within(escalation_in_words(rule) if is_escalation else when_in_words(rule))}"
