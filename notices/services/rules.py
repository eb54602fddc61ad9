"""The rules by which a programme reminds: taken from its pack, added, changed, switched on and off."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from core import events
from core.days import programme_today
from mentoring.models import Programme
from notices.models import MailSetting, ReminderRule

if TYPE_CHECKING:
    from accounts.models import User

WORDED: Final = ("kind", "days", "side", "every", "times", "escalate_to", "escalate_after")


def take_rules_of_packs(*, programmes: Iterable[int] | None = None) -> int:
    """Give programmes that have no rules those of their packs; return how many rules that are. Idempotent.

    Args:
        programmes: only these; all when None.
    """
    without = Programme.objects.filter(reminder_rules=None)
    if programmes is not None:
        without = without.filter(pk__in=list(programmes))
    made = 0
    for key, settings in without.order_by("pk").values_list("pk", "pack__settings"):
        made += _take(key, settings.get("reminders", []))
    return made


@transaction.atomic
def _take(programme: int, rules: list[dict[str, Any]]) -> int:
    Programme.objects.hold_key(programme)  # of two who take them at once one waits, and finds them there
    if not rules or ReminderRule.objects.filter(programme=programme).exists():
        return 0
    return len(ReminderRule.objects.bulk_create([_of_pack(programme, rule) for rule in rules]))


def _of_pack(programme: int, rule: Mapping[str, Any]) -> ReminderRule:
    """Return a rule as a pack writes it; what it leaves out is as little as possible, `until_done` has no end."""
    values = {name: rule[name] for name in WORDED if name in rule and name != "times"}
    times = None if rule.get("until_done") else rule.get("times", 1)
    return ReminderRule(programme_id=programme, times=times, **values)


@transaction.atomic
def add_rule(*, programme: Programme, by: "User", values: Mapping[str, Any]) -> ReminderRule:
    """Add a rule; it counts from today.

    Args:
        values: by the names of `WORDED`, valid already.
    """
    rule = ReminderRule.objects.create(programme=programme, **{name: values[name] for name in WORDED})
    events.record("reminder_rule.added", actor=by, target=rule, kind_of=rule.kind)
    return rule


@transaction.atomic
def change_rule(*, rule: ReminderRule, by: "User", values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a rule; what it asked for before today is not sent by its new days. Idempotent.

    Returns:
        What stood there before, for `values` of another change: to undo it.
    """
    held: ReminderRule = ReminderRule.objects.select_for_update().get(pk=rule.pk)
    before = {name: getattr(held, name) for name in WORDED}
    after = {name: values[name] for name in WORDED}
    if before != after:
        for name, value in after.items():
            setattr(held, name, value)
        held.since = programme_today()
        held.save()
        events.record("reminder_rule.changed", actor=by, target=held, kind_of=held.kind)
    return before


@transaction.atomic
def switch_rule(*, rule: ReminderRule, by: "User", is_on: bool) -> bool:
    """Switch a rule on or off; switched on, it counts from today. Idempotent.

    Returns:
        Whether something changed.
    """
    since = {"since": programme_today()} if is_on else {}
    changed = ReminderRule.objects.filter(pk=rule.pk, is_on=not is_on).update(is_on=is_on, **since)
    if changed:
        events.record("reminder_rule.switched", actor=by, target=rule, kind_of=rule.kind, is_on=is_on)
    return bool(changed)


@transaction.atomic
def take_back_rule(*, rule: ReminderRule, by: "User") -> None:
    """Take back that a rule was added: it goes, or where somebody was reminded by it, is switched off. Idempotent."""
    if rule.reminders.exists():
        switch_rule(rule=rule, by=by, is_on=False)
        return
    events.record("reminder_rule.switched", actor=by, target=rule, kind_of=rule.kind, is_on=False)
    ReminderRule.objects.filter(pk=rule.pk).delete()


@transaction.atomic
def set_mail(*, programme: Programme, by: "User", reply_to: str, kept_months: int) -> None:
    """Set how a programme writes to its people."""
    values = {"reply_to": reply_to, "kept_months": kept_months}
    MailSetting.objects.update_or_create(programme=programme, defaults=values)
    events.record("programme.changed", actor=by, target=programme, fields="reply_to,kept_months")
