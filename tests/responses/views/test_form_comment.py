"""Commenting on what was handed in."""

import re
import uuid

import pytest
from django.urls import reverse

from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from responses_app.models import FormComment
from tests.documents.filled import DIARY, diary_of, handed_in
from tests.routes import address_of

address = address_of("responses:form-comment")


@pytest.fixture
def diary(world):
    form = diary_of(world, world.cast.milda)
    handed_in(form, world.cast.milda, DIARY)
    return form


@pytest.mark.parametrize("name", ["rasa", "egle", "tomas", "milda"])
def test_readers_comment(world, as_user, diary, name):
    response = as_user(getattr(world.cast, name)).post(address(diary), {"text": "Well <seen>"})
    comment = FormComment.objects.get()
    assert response.headers["Location"].endswith(f"#comment-{comment.pk}")
    text = as_user(world.cast.milda).get(reverse("responses:form-detail", args=[diary.pk])).content.decode()
    assert "Well &lt;seen&gt;" in text


def test_a_double_click_makes_one_comment(world, as_user, diary):
    client, once = as_user(world.cast.rasa), str(uuid.uuid4())
    for _press in range(2):
        assert client.post(address(diary), {"text": "Well seen", "once": once}).status_code == 302
    assert FormComment.objects.count() == 1


def test_an_empty_one_and_a_long_one_are_refused_with_the_text_kept(world, as_user, diary):
    client = as_user(world.cast.rasa)
    empty = client.post(address(diary), {"text": "  "})
    assert empty.status_code == 422
    assert re.search(r"<textarea id=\"id_text\"[^>]* autofocus>", empty.text)  # far down the page, and seen at once
    long = client.post(address(diary), {"text": "word " * 1200})
    assert long.status_code == 422
    assert "word word" in long.content.decode()
    assert FormComment.objects.count() == 0


def test_a_draft_takes_no_comment_and_an_archive_neither(world, as_user, diary):
    draft = diary_of(world, world.cast.tomas, key="e2")
    assert as_user(world.cast.tomas).post(address(draft), {"text": "x"}).status_code == 409
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.CLOSED)
    assert as_user(world.cast.rasa).post(address(diary), {"text": "x"}).status_code == 409
    assert FormComment.objects.count() == 0


@pytest.mark.parametrize("name", ["aino", "petar", "boris", "jonas", "dana", "olga", "sofia"])
def test_others_find_nothing(world, as_user, diary, name):
    assert as_user(getattr(world.cast, name)).post(address(diary), {"text": "x"}).status_code == 404


def test_wrong_method_and_wrong_number(world, as_user, diary):
    client = as_user(world.cast.rasa)
    assert client.get(address(diary)).status_code == 405
    assert client.post(reverse("responses:form-comment", args=[999999])).status_code == 404
