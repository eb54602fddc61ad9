"""A goal that is written is folded on the page of its form; one that is not, or has an error, stands open."""

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from responses_app import services as forms
from tests.cast import World
from tests.documents.filled import begun

WORK = {
    "goal": "Find a traineeship in a bakery",
    "measure": "A signed contract",
    "target_date": "2026-11-30",
    "rating_start": 3,
}


def folded(page: str) -> list[str]:
    """Return what the folded rows say."""
    return re.findall(r'<details class="row-fold"><summary>([^<]*)</summary>', page)


def test_a_written_goal_is_folded_with_its_first_words(world: World, as_user: Callable[..., Client]) -> None:
    milda = as_user(world.cast.milda)
    goals = begun(world, "personal_goals", world.cast.milda)
    url = reverse("responses:form-edit", args=[goals.pk])
    assert folded(milda.get(url).text) == []
    forms.save_answers(
        form=goals, user=world.cast.milda, lock=0, answers={"goals": [WORK, {"goal": "Speak better Lithuanian"}]}
    )
    page = milda.get(url).text
    assert folded(page) == ["Find a traineeship in a bakery"]
    assert "Speak better Lithuanian" in page
