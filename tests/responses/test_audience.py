"""Who reads a form is chosen by its writer, and a choice made by mistake is taken back."""

import pytest
from django.core.exceptions import ValidationError

from responses_app import services as forms
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, stored


def test_narrowed_by_mistake_is_widened_again_as_far_as_it_was_handed_in_for(world: World) -> None:
    milda, diary = world.cast.milda, diary_of(world, world.cast.milda)
    handed_in(diary, milda, DIARY)
    forms.reopen_form(form=stored(diary), user=milda)
    forms.choose_audience(form=stored(diary), user=milda, audience="mentor")
    assert forms.choose_audience(form=stored(diary), user=milda, audience="group").audience == "group"
    forms.choose_audience(form=stored(diary), user=milda, audience="mentor")
    handed_in(diary, milda, {"done": "Only for Rasa"})
    forms.reopen_form(form=stored(diary), user=milda)
    with pytest.raises(ValidationError):
        forms.choose_audience(form=stored(diary), user=milda, audience="group")
