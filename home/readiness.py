"""Groups that can go to their next stage: the rules of the gates, for all groups in one query."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery

from core.roles import Role, Stage
from documents.gates import CONTRACT
from documents.models import ChecklistItem
from home.matrix import managed
from mentoring.models import Membership
from mentoring.standing import Standing
from sessions_app.models import CatalogueSession, MeetingState, PlannedSession, SectionKind, SessionPlan

if TYPE_CHECKING:
    pass


def ready_groups(standing: Standing) -> list[tuple[int, str, str]]:
    """Return key, name and stage of the groups the person manages whose next gate misses nothing.

    The gates themselves (`mentoring.services.stages`) still decide when the Manager goes on.
    """
    live = Membership.objects.live().filter(group=OuterRef("pk"))
    open_rows = ChecklistItem.objects.filter(group=OuterRef("pk")).open()
    agreed = SessionPlan.objects.filter(group=OuterRef("pk"), agreed_version__gt=0)
    final_key = (
        CatalogueSession.objects.filter(
            pack=OuterRef("plan__group__programme__pack"), kind=SectionKind.MONITORING, is_current=True
        )
        .order_by("-number")
        .values("key")[:1]
    )
    final_held = PlannedSession.objects.filter(
        catalogue__kind=SectionKind.MONITORING, state=MeetingState.HELD, catalogue__key=Subquery(final_key)
    ).order_by()
    return list(
        managed(standing)
        .filter(
            (Q(stage=Stage.FORMING) & Exists(live.filter(role=Role.MENTOR)) & Exists(live.filter(role=Role.MENTEE)))
            | (Q(stage=Stage.MATCHED) & ~Exists(open_rows.filter(template_version__content__editor=CONTRACT)))
            | (Q(stage=Stage.CONTRACTED) & Exists(agreed))
            | Q(stage=Stage.RUNNING, pk__in=final_held.values("plan__group"))
            | (Q(stage=Stage.CLOSING) & ~Exists(open_rows))
        )
        .order_by("name", "pk")
        .values_list("pk", "name", "stage")
    )
