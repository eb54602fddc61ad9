"""What people are told of what they owe: a reminder of theirs, as long as it is open."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist.models import ChecklistItem
from checklist.services.reminders import place_of
from core.days import programme_today
from core.models import DomainEvent
from core.policy.roles import Action, Area
from core.templatetags.ui import day
from core.texts import text
from mentoring.standing import Standing
from notices.kinds import NoticeKind, Said, Told, by_role, register
from notices.models import Notice, Topic, Way

AT_ONCE = Way.AT_ONCE
EXAMPLE = {
    "tool": {"en": "Diary", "bg": "Дневник"},
    "rows": [{"title": {"en": "First meeting", "bg": "Първа среща"}, "due_on": "2026-12-03"}],
}


def _owes_it(standing: Standing) -> Q:
    """Return the condition for what is still open in a group that works, and asked of the person or of the group."""
    owed = ChecklistItem.objects.owed_by(standing).filter(
        group=OuterRef("group"), tool_version__tool=OuterRef("target_id")
    )
    return Q(Exists(owed))


def _manages_it(standing: Standing) -> Q:
    """Return the condition for groups whose checklist the person manages."""
    return Q(group__in=standing.groups(Area.CHECKLIST, Action.MANAGE))


def _reminded(event: DomainEvent) -> Told | None:
    """Tell whom the reminder names, of the rows that are still open."""
    keys = [int(key) for key in str(event.data["items"]).split(",")]
    rows = ChecklistItem.objects.filter(pk__in=keys).exclude(state__in=ChecklistItem.SETTLED)
    owed = list(rows.select_related("tool_version__tool", "group__programme").order_by("due_on", "pk"))
    if not owed:
        return None
    person, to_sign = event.data["user_id"], bool(event.data["to_sign"])
    first = owed[0]
    facts = {
        "tool": first.tool_version.content.get("title"),
        "to_sign": to_sign,
        "url": place_of(first, person, to_sign=to_sign),
        "rows": [
            {"title": row.session_title, "due_on": row.due_on.isoformat() if row.due_on else None} for row in owed
        ],
    }
    return Told({person: "asked"}, first.tool_version.tool_id, facts)


def _url(notice: Notice) -> str:
    return str(notice.facts["url"])


def _title(said: Said) -> str:
    words = _("Still to sign: %(tool)s") if said.facts.get("to_sign") else _("Still to do: %(tool)s")
    return words % {"tool": said.text("tool")}


def _line(said: Said) -> str:
    """Return who asks, then the rows with their sessions and days."""
    asks = _("%(who)s asks you for it.") % {"who": said.who} if said.who else ""
    return " ".join(filter(None, [asks, *(_row(row) for row in said.facts["rows"])]))


def _row(row: dict[str, object]) -> str:
    title, due = text(row["title"]), row["due_on"]  # type: ignore[arg-type]  # as `_reminded` wrote them
    parts = [title]
    if due:
        on = date.fromisoformat(str(due))
        words = _("Was due %(day)s") if on < programme_today() else _("Due %(day)s")
        parts.append(words % {"day": day(on)})
    return ". ".join(filter(None, parts)) + "." if any(parts) else ""


register(
    NoticeKind(
        code="reminder", topic=Topic.ASKED, label=gettext_lazy("You are reminded of something you owe"),
        events=("checklist.reminded",), gather=_reminded, title=_title, line=_line, url=_url, reached_by=_owes_it,
        logged_for=_manages_it, ways=by_role(AT_ONCE), example=EXAMPLE, replaces=True,
    ),
)  # fmt: skip
