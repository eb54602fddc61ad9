"""Reading a form."""

import itertools
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from responses_app import services as forms
from responses_app.models import FormRead
from tests.checklist.test_replaced_mentor import CONTRACT
from tests.documents.filled import DIARY, GOALS, begun, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("responses:form-detail")


def test_the_group_reads_what_was_handed_in(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, {**DIARY, "done": "We read <b>two</b>\nCVs"})
    for name in ("rasa", "egle", "tomas", "elena", "milda"):
        text = as_user(getattr(world.cast, name)).get(address(diary)).content.decode()
        assert "We read &lt;b&gt;two&lt;/b&gt;\nCVs" in text
        assert "Your whole group can read this:" in text
        assert "No answer given." in text
    assert set(FormRead.objects.values_list("user__email", flat=True)) == {
        f"{name}@example.org" for name in ("rasa", "egle", "tomas", "elena")
    }
    text = as_user(world.cast.milda).get(address(diary)).content.decode()
    assert "Opened by" in text
    assert "Rasa Žukauskienė" in text


def test_no_heading_jumps_where_a_form_begins_without_one(world, as_user):
    form = begun(world, "contract", world.cast.egle)
    handed_in(form, world.cast.egle, {**stored(form).answers, **CONTRACT})
    page = as_user(world.cast.egle).get(address(form)).text
    levels = [int(level) for level in re.findall(r"<h(\d)\b", page)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    assert {2, 3} <= set(levels)


@pytest.mark.parametrize("name", ["aino", "boris", "petar", "jonas", "dana", "olga", "sofia"])
def test_others_find_nothing(world, as_user, name):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    assert as_user(getattr(world.cast, name)).get(address(diary)).status_code == 404


def test_a_draft_is_the_writers_alone(world, as_user):
    diary = diary_of(world, world.cast.milda)
    for name in ("rasa", "egle", "tomas"):
        assert as_user(getattr(world.cast, name)).get(address(diary)).status_code == 404
    text = as_user(world.cast.milda).get(address(diary)).content.decode()
    assert "This is a draft. Nobody reads it before you hand it in." in text


def test_a_diary_for_the_mentor_is_hers_alone(world, as_user):
    diary = diary_of(world, world.cast.milda)
    forms.choose_audience(form=diary, user=world.cast.milda, audience="mentor")
    handed_in(diary, world.cast.milda, DIARY)
    answers = {
        name: as_user(getattr(world.cast, name)).get(address(diary)).status_code
        for name in ("rasa", "egle", "tomas", "milda")
    }
    assert answers == {"rasa": 200, "egle": 404, "tomas": 404, "milda": 200}


def test_readers_see_what_was_handed_in_while_the_writer_changes_it(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    forms.reopen_form(form=diary, user=world.cast.milda)
    forms.save_answers(form=diary, user=world.cast.milda, lock=1, answers={"done": "Zsecond thoughts"})
    for name in ("rasa", "milda"):
        text = as_user(getattr(world.cast, name)).get(address(diary)).content.decode()
        assert DIARY["done"] in text
        assert "Zsecond thoughts" not in text


def test_answers_for_fewer_are_not_sent(world, as_user):
    profile = begun(world, "mentee_profile", world.cast.milda)
    answers = {"languages": "lt", "status": "student", "interest": "both", "goals": "x", "consent": "yes"}
    narrow = {"weaknesses": "Zonly-manager", "phone": "Zonly-staff"}
    handed_in(profile, world.cast.milda, {**answers, **narrow})
    forms.save_answers(form=profile, user=world.cast.egle, lock=1, answers={"interview_notes": "Znotes"})
    seen = {}
    for name in ("egle", "rasa", "tomas", "milda"):
        text = as_user(getattr(world.cast, name)).get(address(profile)).content.decode()
        seen[name] = {word for word in ("Zonly-manager", "Zonly-staff", "Znotes") if word in text}
    assert seen == {
        "egle": {"Zonly-manager", "Zonly-staff", "Znotes"},
        "rasa": {"Zonly-staff"},
        "tomas": set(),
        "milda": {"Zonly-manager", "Zonly-staff"},
    }


def test_headings_speak_to_the_reader_and_only_to_the_writer_as_you(world, as_user):
    profile = begun(world, "mentee_profile", world.cast.milda)
    answers = {"languages": "lt", "status": "student", "interest": "both", "goals": "x", "consent": "yes"}
    handed_in(profile, world.cast.milda, answers)
    own = as_user(world.cast.milda).get(address(profile)).text
    assert "Nobody but you and your Manager reads these answers" in own
    assert "Your Manager and your Mentor read this part" in own
    for page in (address(profile), reverse("responses:form-edit", args=[profile.pk])):
        manager = as_user(world.cast.egle).get(page).text
        for words in ("Nobody but you", "Your Manager and your Mentor", "Your group reads"):
            assert words not in manager
        assert "Only the writer and the Manager read this." in manager
        assert "Only the writer, the Mentor and the Manager read this." in manager
        assert "The Manager fills this in after reading the profile" in manager
    mentor = as_user(world.cast.rasa).get(address(profile)).text
    assert "Your Manager" not in mentor
    assert "Only the writer, the Mentor and the Manager read this." in mentor
    assert "Only the writer and the Manager" not in mentor


def test_each_sees_the_acts_that_are_theirs(world, as_user):
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    mentor = as_user(world.cast.rasa).get(address(goals)).content.decode()
    mentee = as_user(world.cast.milda).get(address(goals)).content.decode()
    other = as_user(world.cast.tomas).get(address(goals)).content.decode()
    accept, reopen = (reverse(f"responses:form-{act}", args=[goals.pk]) for act in ("accept", "reopen"))
    assert (accept in mentor, accept in mentee, accept in other) == (True, False, False)
    assert (reopen in mentor, reopen in mentee, reopen in other) == (False, True, False)


def test_an_archive_says_why_nothing_can_be_changed(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.CLOSED)
    text = as_user(world.cast.milda).get(address(diary)).content.decode()
    assert "is closed. Everything can be read, nothing can be changed." in text
    assert reverse("responses:form-reopen", args=[diary.pk]) not in text
    assert reverse("responses:form-comment", args=[diary.pk]) not in text


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(world, as_user, django_assert_num_queries, count):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    for person in (world.cast.tomas, world.cast.elena, world.cast.egle)[:count]:
        forms.add_comment(form=stored(diary), user=person, text="Nice")
        forms.mark_read(form=stored(diary), user=person)
    client = as_user(world.cast.rasa)
    client.get(address(diary))
    with django_assert_num_queries(QUERIES):
        client.get(address(diary))


QUERIES = 10


def test_wrong_method_and_wrong_number(world, as_user):
    client = as_user(world.cast.milda)
    assert client.post(address(diary_of(world, world.cast.milda))).status_code == 405
    assert client.get(reverse("responses:form-detail", args=[999999])).status_code == 404


def test_a_part_added_later_has_its_own_name_and_time(world, as_user):
    """The time and name of handing in stay the Mentee's; the Manager's part says who filled it in, and when."""
    cast = world.cast
    profile = begun(world, "mentee_profile", cast.milda)
    answers = {"languages": "lt", "status": "student", "interest": "both", "goals": "x", "consent": "yes"}
    forms.submit_form(
        form=profile, user=cast.milda, lock=0, answers=answers, at=datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    )
    forms.save_answers(
        form=profile, user=cast.egle, lock=stored(profile).lock, answers={"interview_notes": "Znotes"},
        at=datetime(2026, 11, 5, 15, 30, tzinfo=UTC),
    )  # fmt: skip
    added = "Filled in by Eglė Petrauskaitė on Thursday 5 November, 17:30"
    handed = "Milda Kazlauskaitė, Tuesday 3 November, 11:00"
    manager = as_user(cast.egle).get(address(profile)).content.decode()
    assert (manager.count(added), manager.count(handed)) == (1, 1)
    assert manager.index(added) < manager.index("Znotes")
    assert "Filled in by" not in as_user(cast.milda).get(address(profile)).content.decode()
    accepted = forms.accept_form(submission=stored(profile).latest, user=cast.egle)
    assert accepted.submitted_by == cast.milda
    assert accepted.added_by["interview_notes"]["by"] == cast.egle.pk
    manager = as_user(cast.egle).get(address(profile)).content.decode()
    assert (manager.count(added), manager.count(handed)) == (1, 1)


def test_an_answer_taken_back_has_no_name(world):
    cast = world.cast
    profile = begun(world, "mentee_profile", cast.milda)
    answers = {"languages": "lt", "status": "student", "interest": "both", "goals": "x", "consent": "yes"}
    handed_in(profile, cast.milda, answers)
    for notes, count in (("Znotes", 1), ("", 0)):
        forms.save_answers(form=profile, user=cast.egle, lock=stored(profile).lock, answers={"interview_notes": notes})
        assert len(stored(profile).added_by) == count
