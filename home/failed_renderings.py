"""PDFs that were given up after three tries and wait for somebody who may let them be tried again."""

from typing import Any

from core.policy.roles import Action
from mentoring.standing import Standing
from rendering.models import Rendering, RenderingState
from responses_app.models import FormResponse


def failed_renderings(groups: Any) -> Any:
    """Return the failed PDFs of these groups, whoever may retry them.

    Args:
        groups: keys, or a query of them.
    """
    return Rendering.objects.filter(state=RenderingState.FAILED, group__in=groups, submission__isnull=False)


def failed_forms(standing: Standing, groups: Any) -> list[tuple[int, int]]:
    """Return form and group of failed PDFs that the person may retry, the oldest first.

    There is hardly ever one, so the dear question who may is asked only about those there are.

    Args:
        groups: keys, or a query of them.
    """
    failed = list(failed_renderings(groups).order_by("queued_at", "pk").values_list("submission__form_id", "group_id"))
    if not failed:
        return []
    mine = FormResponse.objects.allowing(standing, Action.RETRY).filter(pk__in=[form for form, _group in failed])
    allowed = set(mine.values_list("pk", flat=True))
    return [each for each in dict.fromkeys(failed) if each[0] in allowed]


def first_failed(standing: Standing, groups: Any, limit: int) -> list[tuple[int, int, str]]:
    """Return form, group and its name of failed PDFs that the person may retry; once it is known that there are any."""
    mine = FormResponse.objects.allowing(standing, Action.RETRY)
    found = mine.filter(pk__in=failed_renderings(groups).values("submission__form"))
    return list(found.order_by("pk").values_list("pk", "group_id", "group__name")[:limit])
