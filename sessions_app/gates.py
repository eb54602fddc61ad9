"""Gates that the session plan sets on the stages of a group, and what keeps a group from being deleted."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from mentoring.services.removal import register_keeper
from mentoring.services.stages import Missing, register_gate
from sessions_app.models import CatalogueSession, MeetingState, PlannedSession, SectionKind, SessionPlan


def _plan_url(group: MentoringGroup) -> str:
    return reverse("sessions:plan-detail", args=[group.pk])


def agreed_plan_gate(group: MentoringGroup) -> list[Missing]:
    """A group runs by a plan that it has agreed."""
    if SessionPlan.objects.filter(group=group, agreed_version__gt=0).exists():
        return []
    return [Missing("plan", _("The session plan is not agreed yet."), _plan_url(group))]


def final_session_gate(group: MentoringGroup) -> list[Missing]:
    """A group closes after its final monitoring session: the last one of the pack's monitoring section."""
    offered = CatalogueSession.objects.offered(group.programme.pack_id, SectionKind.MONITORING)
    final = offered.order_by("number").last()
    if final is None:
        return []
    held = PlannedSession.objects.of_group(group).filter(
        catalogue__kind=SectionKind.MONITORING, catalogue__key=final.key, state=MeetingState.HELD
    )
    if held.exists():
        return []
    sentence = _("The final session, “%(title)s”, has not been held.") % {"title": final.title}
    return [Missing("final_session", sentence, _plan_url(group))]


def has_met_or_agreed(group: MentoringGroup) -> bool:
    """Whether the group has agreed its plan, or somebody said who was at a session."""
    agreed = SessionPlan.objects.filter(group=group, agreed_version__gt=0)
    held = PlannedSession.objects.of_group(group).filter(state=MeetingState.HELD)
    return agreed.exists() or held.exists()


register_gate(Stage.RUNNING, agreed_plan_gate)
register_gate(Stage.CLOSING, final_session_gate)
register_keeper(has_met_or_agreed)
