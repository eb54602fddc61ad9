"""Sessions that come, and the initial session that nobody has called yet, for the reminder rules."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import programme_day
from core.policy.roles import Action, Area, Role, Stage
from core.templatetags.ui import day_clock_here
from mentoring.standing import Standing
from notices.due import NOT_WORKING, Asked, Due, DueKind, register
from notices.kinds import Said, by_role
from notices.models import Side, Topic, Way
from sessions_app.models import MeetingState, PlannedSession, SectionKind
from sessions_app.notices import EXAMPLE

DATED = ("initial_session", "session")
NOT_CALLED = "initial_missing"
BEFORE_IT = (Stage.FORMING, Stage.MATCHED)


def find(asked: Asked) -> Iterator[Due]:
    """Yield the sessions that come and the groups without an initial session: one statement for both."""
    if (span := asked.span((*DATED, NOT_CALLED))) is None:
        return
    comes = Q(
        state=MeetingState.PLANNED, starts_at__gt=timezone.now(),
        starts_at__date__range=(span[0] - timedelta(days=1), span[1] + timedelta(days=1)),
    )  # fmt: skip
    initial = Q(catalogue__kind=SectionKind.INITIAL, starts_at__isnull=False, plan__group__stage__in=BEFORE_IT)
    found = PlannedSession.objects.filter(asked.working("plan__group"), comes | initial).not_cancelled()
    columns = ("pk", "plan__group", "plan__group__programme", "catalogue__kind", "catalogue__content__title", "state",
               "starts_at")  # fmt: skip
    called = set()
    for key, group, programme, kind, title, state, at in found.order_by("starts_at", "pk").values_list(*columns):
        if kind == SectionKind.INITIAL:
            called.add(group)
        if state == MeetingState.PLANNED and at > timezone.now():
            url = reverse("sessions:session-detail", args=[key])
            facts = {"session": title, "starts": at.isoformat(), "url": url}
            code = "initial_session" if kind == SectionKind.INITIAL else "session"
            yield Due(code, programme, group, key, programme_day(at), asked.people(group, *Role.values), facts)
    yield from _not_called(asked, called)


def _not_called(asked: Asked, called: set[int]) -> Iterator[Due]:
    for group in asked.groups if NOT_CALLED in asked.days else ():
        if group.stage in BEFORE_IT and group.pk not in called and asked.within(NOT_CALLED, group.starts_on):
            url = reverse("sessions:plan-detail", args=[group.pk])
            facts = {"due_on": group.starts_on.isoformat(), "url": url}
            managers = asked.people(group.pk, Role.MANAGER)
            yield Due(NOT_CALLED, group.programme, group.pk, group.pk, group.starts_on, managers, facts)


def _called() -> Any:
    """Return the initial sessions, with a date, of the group of a notice."""
    dated = PlannedSession.objects.filter(catalogue__kind=SectionKind.INITIAL, starts_at__isnull=False)
    return dated.not_cancelled().filter(plan__group=OuterRef("group"))


# --- who is asked, and the words --------------------------------------------------------------------------------------


def _comes(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    rows = PlannedSession.objects.filter(state=MeetingState.PLANNED, starts_at__gt=timezone.now())
    return Q(Exists(rows.exclude(plan__group__stage__in=NOT_WORKING).filter(pk=OuterRef("target_id"))))


def _comes_to_them(standing: Standing) -> Q:
    return _comes(standing) & Q(group__in=standing.groups(Area.PLAN, Action.VIEW))


def _is_not_called(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    return Q(group__stage__in=BEFORE_IT) & ~Q(Exists(_called()))


def _calls_it(standing: Standing) -> Q:
    return _is_not_called(standing) & Q(group__in=standing.groups_as(Role.MANAGER))


def _what(said: Said) -> str:
    return said.text("session")


def _coming_up(said: Said) -> str:
    return _("%(session)s: %(when)s") % {"session": said.text("session"), "when": day_clock_here(said.moment("starts"))}


def _soon(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("A reminder, so that everybody is there.")


def _initial(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("The initial session has no date")


def _no_date(said: Said) -> str:
    return _("Call the initial session of “%(group)s”") % {"group": said.group}


def _since(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("The group has begun, and its initial session has no date yet.")


def _dated(code: str, place: int, label: Any) -> DueKind:
    return DueKind(
        code=code, place=place, topic=Topic.SESSIONS, label=label, what=_what,
        day_label=gettext_lazy("the day of the session"),
        title=_coming_up, line=_soon, still_open=_comes, is_theirs=_comes_to_them, sides=(Side.BEFORE,),
        ways=by_role(Way.AT_ONCE, manager=Way.IN_PAGE), example=EXAMPLE,
    )  # fmt: skip


register(
    find,
    _dated("session", 40, gettext_lazy("A session that comes")),
    _dated("initial_session", 21, gettext_lazy("The initial session that comes")),
    DueKind(
        code=NOT_CALLED, place=20, topic=Topic.SESSIONS, label=gettext_lazy("An initial session that has no date yet"),
        day_label=gettext_lazy("the first day of the group"), what=_initial, title=_no_date, line=_since,
        still_open=_is_not_called, is_theirs=_calls_it, sides=(Side.AFTER,), example={"due_on": "2026-12-03"},
    ),
)  # fmt: skip
