"""A change of what was handed in is called off: that stands again, and the changes can be brought back."""

import pytest
from django.urls import reverse

from core.models import DomainEvent
from responses_app import services as forms
from responses_app.models import FormState
from tests.documents.filled import DIARY, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("responses:form-discard")
back = address_of("responses:form-bring-back")


@pytest.fixture
def changed(world):
    """Milda's diary, handed in, opened again and changed."""
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    forms.reopen_form(form=stored(diary), user=world.cast.milda)
    forms.save_answers(
        form=diary, user=world.cast.milda, lock=stored(diary).lock, answers={"learned": "Second thoughts"}
    )
    return diary


def test_what_was_handed_in_stands_again(world, as_user, changed):
    milda = as_user(world.cast.milda)
    assert "Discard my changes" in milda.get(reverse("responses:form-edit", args=[changed.pk])).content.decode()
    answer = milda.post(address(changed), {"writer": "abc123"})
    assert answer.headers["Location"] == reverse("responses:form-detail", args=[changed.pk]) + "?settled=abc123"
    now = stored(changed)
    assert (now.state, now.answers["learned"]) == (FormState.SUBMITTED, DIARY["learned"])
    page = milda.get(answer.headers["Location"]).content.decode()
    assert "Your changes were discarded." in page
    assert DIARY["learned"] in page
    assert "Second thoughts" not in page
    assert DomainEvent.objects.filter(kind="form.handed_back").count() == 1  # the checklist follows


def test_they_can_be_brought_back(world, as_user, changed):
    milda = as_user(world.cast.milda)
    milda.post(address(changed))
    answer = milda.post(back(changed))
    assert answer.headers["Location"] == reverse("responses:form-edit", args=[changed.pk])
    assert (stored(changed).state, stored(changed).answers["learned"]) == (FormState.DRAFT, "Second thoughts")
    answer = milda.post(back(changed))
    assert answer.status_code == 409
    assert "can no longer be brought back" in answer.content.decode()


def test_a_page_open_elsewhere_is_told(world, as_user, changed):
    lock = stored(changed).lock
    forms.discard_changes(form=changed, user=world.cast.milda)
    forms.reopen_form(form=stored(changed), user=world.cast.milda)
    with pytest.raises(forms.EditConflictError):
        forms.save_answers(form=changed, user=world.cast.milda, lock=lock, answers={"learned": "From the old page"})


def test_a_draft_that_was_never_handed_in_or_came_back_has_nothing_to_go_back_to(world, as_user):
    diary = diary_of(world, world.cast.milda)
    milda = as_user(world.cast.milda)
    assert "Discard my changes" not in milda.get(reverse("responses:form-edit", args=[diary.pk])).content.decode()
    answer = milda.post(address(diary))
    assert answer.status_code == 409
    assert "There are no changes to discard." in answer.content.decode()


def test_it_is_the_writers(world, as_user, changed):
    for name in ("rasa", "egle", "tomas", "aino"):
        assert as_user(getattr(world.cast, name)).post(address(changed)).status_code == 404
    assert stored(changed).state == FormState.DRAFT
