"""Choosing who reads one's diary."""

import pytest
from django.urls import reverse

from tests.documents.filled import DIARY, begun, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("responses:form-audience")


def test_it_names_who_would_read_and_keeps_the_choice(world, as_user):
    diary = diary_of(world, world.cast.milda)
    client = as_user(world.cast.milda)
    text = client.get(address(diary)).content.decode()
    assert "your Mentor Rasa, your Manager Eglė, Tomas and Елена" in text
    assert "Show it to fewer people" in client.get(reverse("responses:form-edit", args=[diary.pk])).content.decode()
    assert client.post(address(diary), {"audience": "mentor"}).status_code == 302
    assert stored(diary).audience == "mentor"
    text = client.get(reverse("responses:form-edit", args=[diary.pk])).content.decode()
    assert "Only the Mentor will be able to read this" in text
    assert "Tomas" not in text


@pytest.mark.parametrize("audience", ["", "staff", "author", "everyone"])
def test_other_audiences_are_refused(world, as_user, audience):
    diary = diary_of(world, world.cast.milda)
    assert as_user(world.cast.milda).post(address(diary), {"audience": audience}).status_code == 422
    assert stored(diary).audience == "group"


def test_there_is_no_such_page_where_there_is_nothing_to_choose(world, as_user):
    goals = begun(world, "personal_goals", world.cast.milda)
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    for form in (goals, diary):
        assert as_user(world.cast.milda).get(address(form)).status_code == 404


@pytest.mark.parametrize("name", ["rasa", "egle", "tomas", "aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_nobody_else_chooses(world, as_user, name):
    diary = diary_of(world, world.cast.milda)
    client = as_user(getattr(world.cast, name))
    assert client.get(address(diary)).status_code == 404
    assert client.post(address(diary), {"audience": "mentor"}).status_code == 404
    assert stored(diary).audience == "group"


def test_wrong_method_and_wrong_number(world, as_user):
    client = as_user(world.cast.milda)
    assert client.put(address(diary_of(world, world.cast.milda))).status_code == 405
    assert client.get(reverse("responses:form-audience", args=[999999])).status_code == 404
