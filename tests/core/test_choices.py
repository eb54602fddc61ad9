"""The words of a choice are Django's own, without building all of them."""

import pytest
from django.utils import translation

from core.choices import label_of
from core.roles import Role, Stage
from mentoring.models import Membership, MentoringGroup


@pytest.mark.parametrize("language", ["en", "bg"])
@pytest.mark.parametrize("stage", Stage.values)
def test_a_stage_reads_as_its_label_in_the_language(language: str, stage: str) -> None:
    labels = dict(MentoringGroup._meta.get_field("stage").flatchoices)
    with translation.override(language):
        assert MentoringGroup(stage=stage).get_stage_display() == str(labels[stage])


def test_what_is_no_choice_is_shown_as_it_is() -> None:
    assert label_of(Role, "") == ""
    assert Membership(role="gone").get_role_display() == "gone"
