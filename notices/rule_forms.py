"""The form of a rule of reminders, and of how a programme writes; with what undoes a change."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django import forms
from django.core import signing
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.policy.choices import label_of
from core.policy.roles import ProgrammeRole
from core.web.forms import TidyForm, TidyModelForm
from notices.due import due_kinds
from notices.models import ESCALATES_TO, MOST_DAYS, MailSetting, ReminderRule, Side
from notices.services.rules import WORDED

SALT: Final = "notices.rules"
UNDONE_WITHIN: Final = 24 * 60 * 60


def undo_token(values: Mapping[str, Any]) -> str:
    """Return what stood there before, signed, for an address."""
    return signing.dumps(dict(values), salt=SALT)


def before_change(token: str, names: Collection[str]) -> dict[str, Any] | None:
    """Return what stood there before a change; None for a token that is not ours, of something else, or a day old."""
    try:
        found: dict[str, Any] = signing.loads(token, salt=SALT, max_age=UNDONE_WITHIN)
    except signing.BadSignature:
        return None
    return found if found.keys() == set(names) else None


class RuleForm(TidyForm):
    """A rule: what it reminds of, when, how often, and who is told when it stays open."""

    kind = forms.ChoiceField(label=_("What falls due"))
    days = forms.IntegerField(
        label=_("How many days"), min_value=0, max_value=MOST_DAYS, initial=1, help_text=_("0 is the day itself.")
    )
    side = forms.ChoiceField(
        label=_("Before the day or after it"), choices=[(each.value, capfirst(str(each.label))) for each in Side]
    )
    every = forms.IntegerField(
        label=_("Again every so many days"), min_value=0, max_value=MOST_DAYS, required=False,
        help_text=_("Empty: only once."),
    )  # fmt: skip
    times = forms.IntegerField(
        label=_("How often at most"), min_value=1, max_value=50, required=False,
        help_text=_("Empty: until it is done."),
    )  # fmt: skip
    escalate_to = forms.ChoiceField(
        label=_("Who else is told when it stays open"), required=False,
        help_text=_("Those of this role in the group, or the Admins of the programme; once."),
    )  # fmt: skip
    escalate_after = forms.IntegerField(
        label=_("How many days after the day"), min_value=1, max_value=MOST_DAYS, required=False
    )

    def __init__(self, data: Any = None, *, rule: ReminderRule | None = None) -> None:
        super().__init__(data, initial=_said(rule) if rule else None)
        for name in ("kind", "side", "escalate_to"):
            self.fields[name].is_asked = True  # type: ignore[attr-defined]  # its first choice is an answer
        kinds: Any = self.fields["kind"]
        kinds.choices = [(code, kind.label) for code, kind in due_kinds().items()]
        sides: Any = self.fields["side"]
        sides.choices = [(each.value, capfirst(str(each.label))) for each in Side]
        others: Any = self.fields["escalate_to"]
        others.choices = [
            ("", _("Nobody")),
            *((each.value, capfirst(label_of(ProgrammeRole, each))) for each in ESCALATES_TO),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse what no reminder can be made of."""
        said = super().clean() or self.cleaned_data
        kind, side = due_kinds().get(said.get("kind", "")), said.get("side")
        if kind and side and side not in kind.sides:
            self.add_error("side", _("Of this kind there are reminders after the day only.") if side == Side.BEFORE
                           else _("Of this kind there are reminders before the day only."))  # fmt: skip
        if said.get("times") and not said.get("every") and said["times"] > 1 and "every" not in self.errors:
            self.add_error("every", _("Say after how many days it comes again."))
        if said.get("escalate_to") and not said.get("escalate_after") and "escalate_after" not in self.errors:
            self.add_error("escalate_after", _("Say after how many days they are told."))
        if said.get("escalate_after") and not said.get("escalate_to") and "escalate_to" not in self.errors:
            self.add_error("escalate_to", _("Say who is told, or leave the days empty."))
        return said

    def values(self) -> dict[str, Any]:
        """Return what was said, as the service takes it."""
        said = self.cleaned_data
        every = said.get("every") or 0
        return {
            "kind": said["kind"], "days": said["days"], "side": said["side"], "every": every,
            "times": said.get("times") if every else 1, "escalate_to": said.get("escalate_to") or "",
            "escalate_after": said.get("escalate_after") or 0,
        }  # fmt: skip


def _said(rule: ReminderRule) -> dict[str, Any]:
    """Return a rule as its form shows it: what is not so stays empty."""
    said = {name: getattr(rule, name) for name in WORDED}
    return said | {
        "every": rule.every or None, "times": rule.times if rule.every else None,
        "escalate_after": rule.escalate_after or None,
    }  # fmt: skip


class MailForm(TidyModelForm):
    """Where answers go, and how long notices are kept."""

    class Meta:
        model = MailSetting
        fields = ("reply_to", "kept_months")
