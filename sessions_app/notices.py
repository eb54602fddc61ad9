"""What people are told of the plan and its sessions."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import DomainEvent
from core.policy.roles import Action, Area, Role
from core.templatetags.ui import day_clock_here
from mentoring.models import Membership
from mentoring.standing import Standing
from notices.kinds import NoticeKind, Said, Told, by_role, register
from notices.models import Notice, Topic, Way
from sessions_app.models import MeetingState, PlannedSession

AT_ONCE, IN_PAGE = Way.AT_ONCE, Way.IN_PAGE
EXAMPLE = {"session": {"en": "First meeting", "bg": "Първа среща"}, "starts": "2026-12-03T15:30:00+00:00"}


def _sessions(standing: Standing) -> Q:
    return Q(Exists(PlannedSession.objects.allowing(standing, Action.VIEW).filter(pk=OuterRef("target_id"))))


def _plans(standing: Standing) -> Q:
    return Q(group__in=standing.groups(Area.PLAN, Action.VIEW))


def _session_url(notice: Notice) -> str:
    return reverse("sessions:session-detail", args=[notice.target_id])


def _plan_url(notice: Notice) -> str:
    return reverse("sessions:plan-detail", args=[notice.group_id])


def _members(group_id: int | None, *roles: str) -> dict[int, str]:
    live = Membership.objects.live().of_group(group_id).in_role(*(roles or Role.values))
    return dict.fromkeys(live.values_list("user_id", flat=True), "role")


def _session(event: DomainEvent, *states: str) -> Told | None:
    """Tell everybody of a session that stands in one of these states; nothing of one that is gone or moved on."""
    related = PlannedSession.objects.select_related("catalogue")
    found = related.filter(pk=int(event.target.rpartition(":")[2]), state__in=states).first()
    if found is None:
        return None
    starts = found.starts_at.isoformat() if found.starts_at else None
    return Told(_members(event.group_id), found.pk, {"session": found.session_title, "starts": starts})


def _dated(event: DomainEvent) -> Told | None:
    told = _session(event, MeetingState.PLANNED)
    return told if told is not None and told.facts["starts"] else None


def _cancelled(event: DomainEvent) -> Told | None:
    return _session(event, MeetingState.CANCELLED)


def _restored(event: DomainEvent) -> Told | None:
    return _session(event, MeetingState.PLANNED)


def _agreed(event: DomainEvent) -> Told:
    """Tell the Mentees; the others are told that it was handed in."""
    return Told(_members(event.group_id, Role.MENTEE), int(event.target.rpartition(":")[2]), {"agreed": True})


def _new_date(said: Said) -> str:
    return _("%(session)s: %(when)s") % {"session": said.text("session"), "when": day_clock_here(said.moment("starts"))}


def _set(said: Said) -> str:
    return _("%(who)s set this date.") % {"who": said.who} if said.who else ""


def _off(said: Said) -> str:
    return _("Cancelled: %(session)s") % {"session": said.text("session")}


def _was(said: Said) -> str:
    starts = said.moment("starts")
    words = _("It was planned for %(when)s. The session’s page gives the reason.")
    return words % {"when": day_clock_here(starts)} if starts else ""


def _on_again(said: Said) -> str:
    return _("Takes place after all: %(session)s") % {"session": said.text("session")}


def _planned(said: Said) -> str:
    return day_clock_here(said.moment("starts"))


def _plan(said: Said) -> str:
    return _("%(who)s agreed the session plan of “%(group)s”") % {"who": said.who, "group": said.group}


register(
    NoticeKind(
        code="session_dated", topic=Topic.SESSIONS, label=gettext_lazy("A session gets a date, or another one"),
        events=("session.moved",), gather=_dated, title=_new_date, line=_set, url=_session_url, reached_by=_sessions,
        ways=by_role(AT_ONCE, manager=IN_PAGE), example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="session_cancelled", topic=Topic.SESSIONS, label=gettext_lazy("A session is cancelled"),
        events=("session.cancelled",), gather=_cancelled, title=_off, line=_was, url=_session_url,
        reached_by=_sessions, ways=by_role(AT_ONCE, manager=IN_PAGE), example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="session_restored", topic=Topic.SESSIONS, label=gettext_lazy("A cancelled session takes place after all"),
        events=("session.restored",), gather=_restored, title=_on_again, line=_planned, url=_session_url,
        reached_by=_sessions, ways=by_role(AT_ONCE, manager=IN_PAGE), example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="plan_agreed", topic=Topic.SESSIONS, label=gettext_lazy("The session plan is agreed"),
        events=("plan.agreed",), gather=_agreed, title=_plan, url=_plan_url, reached_by=_plans, ways={},
        example={"agreed": True}, replaces=True,
    ),
)  # fmt: skip
