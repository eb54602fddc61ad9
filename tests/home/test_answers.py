"""A Mentor's answer is found: the Mentee's first screen names it and leads to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.policy.roles import ProgrammeRole, Role
from mentoring.services.memberships import add_member, enrol, replace_mentor
from responses_app import services as forms
from responses_app.models import FormRead, FormSubmission
from tests.cast import World
from tests.documents.filled import DIARY, begun, diary_of, handed_in, stored


def test_the_first_screen_leads_to_the_last_answer(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    assert "Answered you" not in as_user(milda).get("/").content.decode()
    forms.add_comment(form=stored(diary), user=rasa, text="Well done")
    page = as_user(milda).get("/").content.decode()
    url = reverse("responses:form-detail", args=[diary.pk])
    assert f'<a href="{url}">Answered you' in page
    assert "Well done" not in page


def test_a_question_to_the_mentor_waits_until_it_is_answered(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, {**DIARY, "question": "Do I write the military service?"})
    url = reverse("responses:form-detail", args=[diary.pk])
    mentor = as_user(rasa)
    assert "Read the diary of Milda" in mentor.get("/").content.decode()
    mentor.get(url)
    page = mentor.get("/").content.decode()
    assert "Read the diary of Milda" not in page
    assert "Answer the question of Milda" in page
    assert "military service" not in page
    # What another Mentee says is no answer of the Mentor's.
    forms.add_comment(form=stored(diary), user=world.cast.tomas, text="I did not")
    assert "Answer the question of Milda" in mentor.get("/").content.decode()
    forms.add_comment(form=stored(diary), user=rasa, text="No need")
    assert "Answer the question of Milda" not in mentor.get("/").content.decode()


def test_a_diary_without_a_question_waits_for_no_answer(world: World, as_user: Any) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, {**DIARY, "question": ""})
    mentor = as_user(world.cast.rasa)
    mentor.get(reverse("responses:form-detail", args=[diary.pk]))
    assert "Answer the question" not in mentor.get("/").content.decode()


def test_an_answer_is_the_headline_until_it_was_seen(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    url = reverse("responses:form-detail", args=[diary.pk])
    diaries = reverse("sessions:diary-list", args=[world.group.pk])
    forms.add_comment(form=stored(diary), user=rasa, text="Bring the CV on Friday")
    mentee, mentor = as_user(milda), as_user(rasa)
    home = mentee.get("/").content.decode()
    assert f'<a href="{url}#comments">Rasa answered you</a>' in home
    assert "Bring the CV" not in home
    assert "New answer" in mentee.get(diaries).content.decode()
    assert "New answer" not in as_user(world.cast.tomas).get(diaries).content.decode()
    assert "has seen it" not in mentor.get(url).content.decode()
    page = mentee.get(url).content.decode()
    assert "Mentor’s answer" in page
    assert page.count("comment-answer") == 1
    assert page.index("comment-answer") < page.index(">New<")
    assert ">New<" not in mentee.get(url).content.decode()
    assert "Rasa answered you</a>" not in mentee.get("/").content.decode()
    assert "New answer" not in mentee.get(diaries).content.decode()
    assert "Milda has seen it, " in mentor.get(url).content.decode()


def test_what_was_taken_back_or_is_ones_own_is_no_answer(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    forms.add_comment(form=stored(diary), user=milda, text="One thing more")
    comment = forms.add_comment(form=stored(diary), user=rasa, text="The wrong diary")
    forms.remove_comment(form=stored(diary), comment_id=comment.pk, user=rasa)
    assert "answered you" not in as_user(milda).get("/").content.decode()
    page = as_user(milda).get(reverse("responses:form-detail", args=[diary.pk])).content.decode()
    assert "comment-answer" not in page


@pytest.fixture
def replace(world: World) -> Callable[[], User]:
    """Return a function that puts Jonas in Rasa's place."""

    def put() -> User:
        enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
        old = world.group.memberships.live().get(role="mentor")
        replace_mentor(group=world.group, old=old, new=world.cast.jonas, by=world.cast.egle, reason="Moved away")
        return world.cast.jonas

    return put


@pytest.mark.parametrize("was_read", [False, True])
def test_a_new_mentor_reads_what_nobody_has_read(
    world: World, as_user: Any, replace: Callable[[], User], was_read: bool
) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, {**DIARY, "question": ""})
    other = begun(world, "diary", world.cast.tomas, session_key=diary.session_key)
    handed_in(other, world.cast.tomas, {**DIARY, "question": ""})
    FormSubmission.objects.update(submitted_at=timezone.now() - timedelta(days=3))
    url = reverse("responses:form-detail", args=[diary.pk])
    as_user(world.cast.rasa).get(reverse("responses:form-detail", args=[other.pk]))
    if was_read:
        as_user(world.cast.rasa).get(url)
    jonas = as_user(replace())
    # The list, the table, the page of diaries, the folder and what follows a form agree.
    page = jonas.get("/")
    rows = {row.person: row.diary for table in page.context["tables"] for row in table["rows"]}
    settled, waits = ("done", "Read before you came"), ("waiting", "For you to read")
    assert ("Read the diary of Milda" in page.text) is not was_read
    assert "Read the diary of Tomas" not in page.text
    assert rows[world.cast.milda] == (settled if was_read else waits)
    assert rows[world.cast.tomas] == settled
    diaries = jonas.get(reverse("sessions:diary-list", args=[world.group.pk])).text
    assert ("For you to read" in diaries) is not was_read
    assert "Read by you" not in diaries
    after = jonas.get(reverse("responses:form-detail", args=[other.pk])).context["following"]
    assert (after is not None and after.url == url) is not was_read
    jonas.get(url)
    rows = {row.person: row.diary for table in jonas.get("/").context["tables"] for row in table["rows"]}
    assert rows[world.cast.milda] == ("done", "Read by you")


def test_what_a_mentor_read_who_left_and_came_back_is_not_asked_of_the_other(
    world: World, as_user: Any, replace: Callable[[], User]
) -> None:
    rasa = world.cast.rasa
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, {**DIARY, "question": ""})
    as_user(rasa).get(reverse("responses:form-detail", args=[diary.pk]))
    read = FormRead.objects.filter(user=rasa)
    read.update(read_at=timezone.now() - timedelta(days=3))
    jonas = as_user(replace())
    assert "Read the diary of Milda" not in jonas.get("/").text
    add_member(group=world.group, user=rasa, role=Role.MENTOR, by=world.cast.egle)
    assert "Read the diary of Milda" not in jonas.get("/").text
    # What she reads from then on is hers alone, as with any two Mentors.
    world.group.memberships.live().filter(user=rasa).update(starts_on=timezone.localdate() - timedelta(days=5))
    assert "Read the diary of Milda" in jonas.get("/").text


def test_what_a_second_mentor_reads_the_first_still_has_to_read(world: World, as_user: Any) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, {**DIARY, "question": ""})
    enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
    add_member(group=world.group, user=world.cast.jonas, role=Role.MENTOR, by=world.cast.egle)
    as_user(world.cast.jonas).get(reverse("responses:form-detail", args=[diary.pk]))
    assert "Read the diary of Milda" in as_user(world.cast.rasa).get("/").text
