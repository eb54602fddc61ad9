"""PDFs that were given up after three tries and wait for somebody who may let them be tried again."""

from typing import Any

from core.policy.roles import Action
from mentoring.standing import Standing
from rendering.models import Rendering
from responses_app.models import FormResponse


def failed_forms(standing: Standing, groups: Any) -> list[tuple[int, int]]:
    """Return form and group of failed PDFs that the person may retry, the oldest first.

    There is hardly ever one, so the dear question who may is asked only about those there are.

    Args:
        groups: keys, or a query of them.
    """
    failed = Rendering.objects.failed_form_keys(groups)
    if not failed:
        return []
    allowed = FormResponse.objects.allowing(standing, Action.RETRY).keys_among([form for form, _group in failed])
    return [each for each in dict.fromkeys(failed) if each[0] in allowed]


def first_failed(standing: Standing, groups: Any, limit: int) -> list[tuple[int, int, str]]:
    """Return form, group and its name of failed PDFs that the person may retry; once it is known that there are any."""
    mine = FormResponse.objects.allowing(standing, Action.RETRY)
    return mine.of_failed(Rendering.objects.failed_forms_of(groups)).with_group_names(limit)
