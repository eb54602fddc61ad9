"""Who reads a form is chosen by its writer, and a choice made by mistake is taken back."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from responses_app import services as forms
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, stored

SignIn = Callable[..., Client]


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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "your Mentor Rasa. If the group gets another Mentor, they can read it too."),
        ("bg", "Ако групата получи друг ментор, и той може да го чете."),
    ],
)
def test_what_is_for_the_mentor_is_for_whoever_is_mentor(
    world: World, as_user: SignIn, language: str, words: str
) -> None:
    milda, diary = world.cast.milda, diary_of(world, world.cast.milda)
    User.objects.filter(pk=milda.pk).update(language=language)
    client = as_user(milda)
    assert words in client.get(reverse("responses:form-audience", args=[diary.pk])).text
    edit = reverse("responses:form-edit", args=[diary.pk])
    assert words not in client.get(edit).text
    forms.choose_audience(form=stored(diary), user=milda, audience="mentor")
    assert words in client.get(edit).text


def test_the_manager_is_told_that_a_new_mentor_reads_it(world: World, as_user: SignIn) -> None:
    egle = as_user(world.cast.egle)
    old = world.group.memberships.live().get(role="mentor")
    said = egle.get(reverse("mentoring:mentor-replace", args=[old.pk])).text
    assert "and also what was handed in for the Mentor only." in said
    for name in ("member-create", "mentor-choose"):
        said = egle.get(reverse(f"mentoring:{name}", args=[world.group.pk])).text
        assert "Whoever joins can read what was handed in before, also what only their role reads." in said
