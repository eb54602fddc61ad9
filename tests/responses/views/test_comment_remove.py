"""Taking one's own comment back, and bringing it back."""

import pytest
from django.urls import reverse

from responses_app import services as forms
from tests.documents.filled import DIARY, diary_of, handed_in, stored

ACTS = ("remove", "restore")


@pytest.fixture
def diary(world):
    form = diary_of(world, world.cast.milda)
    handed_in(form, world.cast.milda, DIARY)
    return form


@pytest.fixture
def comment(world, diary):
    return forms.add_comment(form=stored(diary), user=world.cast.rasa, text="Zwell seen")


def address(act, diary, comment_id):
    return reverse(f"responses:comment-{act}", args=[diary.pk, comment_id])


def test_it_goes_and_comes_back(world, as_user, diary, comment):
    client = as_user(world.cast.rasa)
    detail = reverse("responses:form-detail", args=[diary.pk])
    client.post(address("remove", diary, comment.pk))
    text = client.get(detail).content.decode()
    assert "Zwell seen" not in text
    assert address("restore", diary, comment.pk) in text
    client.post(address("restore", diary, comment.pk))
    assert "Zwell seen" in client.get(detail).content.decode()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["egle", "milda", "tomas", "aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_only_ones_own(world, as_user, diary, comment, act, name):
    assert as_user(getattr(world.cast, name)).post(address(act, diary, comment.pk)).status_code == 404
    comment.refresh_from_db()
    assert comment.removed_at is None


@pytest.mark.parametrize("act", ACTS)
def test_a_comment_of_another_form_wrong_method_and_wrong_number(world, as_user, diary, comment, act):
    other = diary_of(world, world.cast.tomas, key="e2")
    handed_in(other, world.cast.tomas, DIARY)
    client = as_user(world.cast.rasa)
    assert client.post(address(act, other, comment.pk)).status_code == 404
    assert client.get(address(act, diary, comment.pk)).status_code == 405
    assert client.post(address(act, diary, 999999)).status_code == 404
