"""Why something cannot be done in a group: which doings a pause stops, which only an archive."""

from collections.abc import Callable

import pytest

from core.policy.roles import READ_ONLY_STAGES, Stage
from mentoring import stops
from mentoring.models import MentoringGroup

ALWAYS = [stops.writing, stops.adding, stops.sending, stops.planning, stops.reminding]
ONLY_CLOSED = [stops.removing, stops.waiving, stops.joining]


@pytest.mark.parametrize("why", [*ALWAYS, *ONLY_CLOSED])
def test_a_stop_is_said_where_it_holds(why: Callable[[MentoringGroup], str]) -> None:
    said = {stage: why(MentoringGroup(name="Žingsnis", stage=stage)) for stage in Stage}
    stopped = {*READ_ONLY_STAGES, Stage.PAUSED} if why in ALWAYS else set(READ_ONLY_STAGES)
    assert {stage for stage, words in said.items() if words} == stopped


def test_a_form_says_which_group_and_why() -> None:
    assert stops.writing(MentoringGroup(name="Žingsnis", stage=Stage.PAUSED)).startswith(
        "The group “Žingsnis” is paused."
    )
    assert stops.writing(MentoringGroup(name="Žingsnis", stage=Stage.CLOSED)).startswith(
        "The group “Žingsnis” is closed."
    )
