"""What happens to a form: begun, saved, handed in, opened again, accepted, returned, talked about."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from checklist.models import ChecklistItem, ItemState
from core.models import DomainEvent
from core.policy.roles import Action, Stage
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from responses_app import services as forms
from responses_app.models import FormRead, FormResponse, FormState
from responses_app.services import submission as handing
from responses_app.services.rights import response_rights
from tests.documents.filled import begun, handed_in, held_session, stored

pytestmark = pytest.mark.django_db

DIARY = {"mood": "3", "done": "We read two CVs", "learned": "A lot", "next_steps": "Finish mine"}
GOALS = {
    "goals": [{"goal": "Find work", "measure": "A signed contract", "target_date": "30.11.2026"}],
    "first_step": "Write to Rasa",
}
PROFILE = {
    "languages": "Lithuanian",
    "status": "job_seeker",
    "interest": "both",
    "goals": "Work",
    "consent": "yes",
    "weaknesses": "Znot-for-the-group",
}


@pytest.fixture(autouse=True)
def rendered(monkeypatch):
    """Ask for no PDF, but remember for which submissions one was asked."""
    asked = []
    monkeypatch.setattr(handing, "request_form", lambda *, submission, **_: asked.append(submission))
    return asked


@pytest.fixture
def session(world):
    return held_session(world)


@pytest.fixture
def begin(world):
    def start(key, user, **more):
        return begun(world, key, user, **more)

    return start


@pytest.fixture
def diary(begin, cast, session):
    return begin("diary", cast.milda, session_key=session.session_key)


def write(form, user, answers, lock=None, writer="page"):
    return forms.save_answers(
        form=form, user=user, lock=stored(form).lock if lock is None else lock, answers=answers, writer=writer
    )


hand_in = partial(handed_in, writer="page")


# --- begin


def test_a_form_begins_with_what_is_known(begin, cast):
    form = begin("mentee_profile", cast.milda)
    assert form.answers == {"full_name": "Milda Kazlauskaitė", "email": "milda@example.org"}
    assert (form.author, form.subject, form.state, form.audience) == (cast.milda, cast.milda, "draft", "group")
    assert DomainEvent.objects.filter(kind="form.started", target=f"responses.formresponse:{form.pk}").count() == 1


def test_a_double_click_gives_the_same_form(begin, cast):
    assert begin("personal_goals", cast.milda) == begin("personal_goals", cast.milda)
    assert DomainEvent.objects.filter(kind="form.started").count() == 1


def test_two_who_begin_at_the_same_time_get_the_same_form(begin, cast, monkeypatch):
    first = begin("group_goals", cast.rasa)
    seen = iter([None])
    real = forms.creation._existing
    monkeypatch.setattr(forms.creation, "_existing", lambda *args: next(seen, real(*args)))
    assert begin("group_goals", cast.egle) == first


@pytest.mark.parametrize(
    ("key", "person", "subject"),
    [
        ("personal_goals", "rasa", None),
        ("personal_goals", "milda", "tomas"),
        ("diary", "rasa", None),
        ("contract", "milda", None),
        ("contract", "rasa", None),
        ("contract", "egle", "milda"),
        ("group_goals", "milda", None),
        ("mentor_self_check", "egle", None),
        ("midterm_interview", "egle", "egle"),
        ("midterm_interview", "egle", "jonas"),
        ("midterm_interview", "egle", None),
        ("personal_goals", "aino", None),
        ("personal_goals", "jonas", None),
        ("personal_goals", "viktor", None),
        ("personal_goals", "olga", None),
    ],
)
def test_who_cannot_begin_a_form(begin, cast, key, person, subject):
    about = getattr(cast, subject) if subject else None
    with pytest.raises(forms.NotYoursError):
        begin(key, getattr(cast, person), subject=about)
    assert FormResponse.objects.count() == 0


def test_a_manager_chooses_whom_an_interview_is_about(begin, cast):
    form = begin("midterm_interview", cast.egle, subject=cast.rasa)
    assert (form.author, form.subject) == (cast.egle, cast.rasa)
    assert form.answers["interviewee"] == "Rasa Žukauskienė"


def test_a_diary_needs_a_session_that_is_over(begin, cast, session, world):
    with pytest.raises(forms.NotPossibleError):
        begin("diary", cast.milda)
    with pytest.raises(forms.NotPossibleError):
        begin("diary", cast.milda, session_key="session-999999")
    session.state, session.starts_at = "planned", timezone.now() + timedelta(days=3)
    session.save()
    with pytest.raises(forms.NotPossibleError):
        begin("diary", cast.milda, session_key=session.session_key)


def test_nothing_begins_in_a_paused_or_closed_group(begin, cast, world):
    for stage, word in ((Stage.PAUSED, "paused"), (Stage.CLOSED, "closed")):
        MentoringGroup.objects.filter(pk=world.group.pk).update(stage=stage)
        with pytest.raises(forms.NotPossibleError, match=word):
            begin("personal_goals", cast.milda)


def test_a_document_is_in_the_language_of_the_programme_whoever_begins_it(begin, cast):
    with translation.override("bg"):
        assert begin("personal_goals", cast.elena).language == "en"


# --- save


def test_saving_keeps_answers_and_counts(diary, cast):
    saved = write(diary, cast.milda, {"done": "One", "mood": "4"})
    assert (saved.answers, saved.lock, saved.saved_by) == ({"done": "One", "mood": 4}, 1, cast.milda)
    again = write(diary, cast.milda, {"done": "One"})
    assert again.lock == 1
    emptied = write(diary, cast.milda, {"done": " "})
    assert (emptied.answers, emptied.lock) == ({"mood": 4}, 2)


def test_what_is_not_understood_is_kept_as_typed(begin, cast):
    form = begin("personal_goals", cast.milda)
    write(form, cast.milda, {"goals": [{"goal": "Work", "target_date": "31.11.2026"}]})
    form = stored(form)
    assert form.answers == {}
    assert form.typed["goals"][0]["target_date"] == "31.11.2026"
    shown = forms.answer_form(form, response_rights(form, cast.milda))
    assert shown.row_sets["goals"].rows[0]["target_date"].value() == "31.11.2026"
    assert [problem.sentence for problem in shown.problems()] == [
        "November has 30 days. Write the date like 30.11.2026."
    ]
    write(form, cast.milda, {"goals": [{"goal": "Work", "target_date": "30.11.2026"}]})
    assert stored(form).typed == {}
    assert stored(form).answers["goals"] == [{"goal": "Work", "target_date": "2026-11-30"}]


@pytest.mark.parametrize(
    "answers",
    [
        {"no_such": "x"},
        {"decision": "accepted"},
        {"interview_notes": "x"},
        {"status": {"a": "b"}},
        {"languages": ["x"]},
    ],
)
def test_what_is_no_question_of_mine_is_refused_with_a_reason(begin, cast, answers):
    form = begin("mentee_profile", cast.milda)
    with pytest.raises(forms.RefusedAnswersError) as refused:
        write(form, cast.milda, answers)
    assert set(refused.value.reasons) == set(answers)
    assert stored(form).lock == 0


def test_too_much_text_is_refused(diary, cast):
    with pytest.raises(forms.RefusedAnswersError):
        write(diary, cast.milda, {"done": "x" * 500_000})


@pytest.mark.parametrize("person", ["tomas", "rasa", "egle", "aino", "jonas", "olga", "sofia"])
def test_nobody_else_writes_in_a_diary(diary, cast, person):
    with pytest.raises(forms.NotYoursError):
        write(diary, getattr(cast, person), {"done": "mine now"})


def test_the_later_of_two_windows_sees_both(diary, cast):
    write(diary, cast.milda, {"done": "First"}, lock=0, writer="one")
    with pytest.raises(forms.EditConflictError) as conflict:
        write(diary, cast.milda, {"done": "Second", "learned": "Much"}, lock=0, writer="two")
    (only,) = conflict.value.conflicts
    assert (only.question.key, only.mine, only.theirs) == ("done", "Second", "First")
    assert stored(diary).answers == {"done": "First"}


def test_two_windows_on_different_questions_do_not_conflict(diary, cast):
    write(diary, cast.milda, {"done": "First"}, lock=0, writer="one")
    saved = write(diary, cast.milda, {"learned": "Second"}, lock=0, writer="two")
    assert saved.answers == {"done": "First", "learned": "Second"}
    assert forms.changed_elsewhere(saved, 0, "two")


def test_a_window_never_conflicts_with_itself_when_an_answer_got_lost(diary, cast):
    write(diary, cast.milda, {"done": "Half"}, lock=0, writer="one")
    assert write(diary, cast.milda, {"done": "Half a word"}, lock=0, writer="one").answers == {"done": "Half a word"}


def test_the_same_text_twice_is_no_conflict(diary, cast):
    write(diary, cast.milda, {"done": "Same"}, lock=0, writer="one")
    assert write(diary, cast.milda, {"done": "Same"}, lock=0, writer="two").lock == 1


def test_two_people_write_one_form_of_the_group(begin, cast):
    form = begin("group_goals", cast.rasa)
    write(form, cast.rasa, {"rules": "Everyone speaks"}, lock=0, writer="rasa")
    with pytest.raises(forms.EditConflictError):
        write(form, cast.egle, {"rules": "Nobody is late"}, lock=0, writer="egle")
    write(form, cast.egle, {"motto": "On we go"}, lock=0, writer="egle")
    assert stored(form).answers["rules"] == "Everyone speaks"


# --- hand in


def test_handing_in_at_once(diary, cast, rendered):
    submission = hand_in(diary, cast.milda, DIARY)
    form = stored(diary)
    assert (form.state, form.latest, submission.number) == (FormState.SUBMITTED, submission, 1)
    assert submission.answers == {"mood": 3, "done": "We read two CVs", "learned": "A lot", "next_steps": "Finish mine"}
    assert rendered == [submission]
    event = DomainEvent.objects.get(kind="form.submitted")
    about = {"tool_id": form.tool_version.tool_id, "subject": form.subject_id, "session_key": form.session_key}
    assert event.data == about | {"submission": submission.pk, "number": 1, "tool": "diary"}


def test_a_second_press_hands_in_once(diary, cast, rendered):
    first = hand_in(diary, cast.milda, DIARY)
    assert hand_in(diary, cast.milda, DIARY) == first
    assert rendered == [first]


def test_a_late_window_with_another_text_loses_nothing_silently(diary, cast):
    hand_in(diary, cast.milda, DIARY)
    with pytest.raises(forms.NotPossibleError):
        hand_in(diary, cast.milda, DIARY | {"done": "Another text"})


def test_what_is_missing_is_said_and_the_rest_saved(diary, cast, rendered):
    with pytest.raises(forms.IncompleteError) as incomplete:
        hand_in(diary, cast.milda, {"done": "Only this"})
    assert [problem.anchor for problem in incomplete.value.problems] == ["id_mood_0", "id_learned", "id_next_steps"]
    assert stored(diary).answers == {"done": "Only this"}
    assert (stored(diary).state, rendered) == (FormState.DRAFT, [])


def test_a_submission_is_not_changed_by_later_writing(diary, cast, rendered):
    first = hand_in(diary, cast.milda, DIARY)
    forms.reopen_form(form=diary, user=cast.milda)
    write(diary, cast.milda, {"learned": "More"})
    first.refresh_from_db()
    assert first.answers["learned"] == "A lot"
    second = hand_in(diary, cast.milda)
    assert (second.number, second.answers["learned"]) == (2, "More")
    assert rendered == [first, second]


def test_opening_again_and_changing_nothing_makes_no_new_version(diary, cast, rendered):
    first = hand_in(diary, cast.milda, DIARY)
    forms.reopen_form(form=diary, user=cast.milda)
    assert hand_in(diary, cast.milda, DIARY) == first
    assert (stored(diary).state, rendered) == (FormState.SUBMITTED, [first])


def test_a_diary_can_be_changed_until_the_mentor_answers(diary, cast):
    hand_in(diary, cast.milda, DIARY)
    forms.add_comment(form=stored(diary), user=cast.tomas, text="Nice")
    forms.reopen_form(form=diary, user=cast.milda)
    hand_in(diary, cast.milda)
    forms.add_comment(form=stored(diary), user=cast.rasa, text="Well done")
    with pytest.raises(forms.NotPossibleError, match="answered"):
        forms.reopen_form(form=diary, user=cast.milda)
    with pytest.raises(forms.NotYoursError):
        forms.reopen_form(form=diary, user=cast.tomas)


def test_a_document_of_the_group_can_always_get_a_new_version(begin, cast):
    form = begin("midterm_plan", cast.egle)
    answers = {
        "planned_on": "1.12.2026",
        "form": ["data"],
        "interviewees": [cast.rasa.pk],
        "aims": "How it goes",
        "conclusions_by": "10.12.2026",
        "indicators": [{"point": "Meetings"}],
    }
    hand_in(form, cast.egle, answers)
    forms.add_comment(form=stored(form), user=cast.rasa, text="Fine")
    assert forms.reopen_form(form=form, user=cast.egle).state == FormState.DRAFT


def test_the_checklist_follows(begin, cast, world):
    form = begin("personal_goals", cast.milda)
    row = ChecklistItem.objects.get(group=world.group, tool_version__tool__key="personal_goals", subject=cast.milda)
    assert row.state == ItemState.TODO
    submission = hand_in(form, cast.milda, GOALS)
    row.refresh_from_db()
    assert row.state == ItemState.WAITING
    forms.return_form(submission=submission, user=cast.rasa, note="Which work?")
    row.refresh_from_db()
    assert row.state == ItemState.TODO


# --- decide


def test_accepting_files_it(begin, cast, rendered):
    form = begin("personal_goals", cast.milda)
    submission = hand_in(form, cast.milda, GOALS)
    assert rendered == []
    accepted = forms.accept_form(submission=submission, user=cast.rasa)
    assert (accepted.is_accepted, accepted.decided_by, stored(form).state) == (True, cast.rasa, FormState.ACCEPTED)
    assert forms.accept_form(submission=submission, user=cast.egle) == accepted
    assert rendered == [submission]
    assert DomainEvent.objects.filter(kind="form.accepted").count() == 1


def test_returning_needs_a_note_that_the_writer_reads(begin, cast, rendered):
    form = begin("personal_goals", cast.milda)
    submission = hand_in(form, cast.milda, GOALS)
    with pytest.raises(ValidationError):
        forms.return_form(submission=submission, user=cast.rasa, note=" ")
    forms.return_form(submission=submission, user=cast.rasa, note="Which work?")
    assert (stored(form).state, stored(form).latest.decision_note) == (FormState.RETURNED, "Which work?")
    again = hand_in(form, cast.milda, GOALS)
    assert again.number == 2
    with pytest.raises(forms.NotPossibleError):
        forms.accept_form(submission=submission, user=cast.rasa)
    forms.accept_form(submission=again, user=cast.rasa)
    assert rendered == [again]


def test_who_does_not_decide(begin, cast):
    profile = begin("mentee_profile", cast.milda)
    submission = hand_in(profile, cast.milda, PROFILE)
    for person in (cast.rasa, cast.milda, cast.tomas, cast.boris, cast.viktor, cast.sofia):
        with pytest.raises(forms.NotYoursError):
            forms.accept_form(submission=submission, user=person)
        with pytest.raises(forms.NotYoursError):
            forms.return_form(submission=submission, user=person, note="x")


def test_who_would_accept_it_anyway_accepts_by_handing_in(begin, cast, rendered):
    form = begin("group_goals", cast.egle)
    answers = {"goals": [{"goal": "Meet"}], "agreed_by": [cast.rasa.pk, cast.milda.pk]}
    submission = hand_in(form, cast.egle, answers)
    assert stored(form).state == FormState.ACCEPTED
    assert rendered == [submission]


def test_the_managers_part_of_a_profile(begin, cast, rendered):
    form = begin("mentee_profile", cast.milda)
    submission = hand_in(form, cast.milda, PROFILE)
    rights = response_rights(stored(form), cast.egle)
    assert "decision" in rights.keys
    assert "languages" not in rights.keys
    write(form, cast.egle, {"decision": "accepted", "interview_notes": "Znotes of the Manager"})
    with pytest.raises(forms.RefusedAnswersError):
        write(form, cast.egle, {"languages": "Finnish"})
    filed = forms.accept_form(submission=submission, user=cast.egle)
    assert filed.number == 2
    assert filed.answers["decision"] == "accepted"
    assert filed.submitted_by == cast.milda
    assert filed.submitted_at == submission.submitted_at  # she handed in then, not when the Manager added a part
    assert (filed.decided_by, filed.decided_at > filed.submitted_at) == (cast.egle, True)
    assert rendered == [filed]
    assert "interview_notes" not in {each.key for each in response_rights(stored(form), cast.milda).readable}
    assert "weaknesses" in {each.key for each in response_rights(stored(form), cast.milda).readable}
    assert "weaknesses" not in {each.key for each in response_rights(stored(form), cast.rasa).readable}


def test_goals_get_a_new_version_after_they_were_accepted(begin, cast):
    form = begin("personal_goals", cast.milda)
    forms.accept_form(submission=hand_in(form, cast.milda, GOALS), user=cast.rasa)
    with pytest.raises(forms.NotPossibleError):
        forms.reopen_form(form=form, user=cast.milda)
    FormResponse.objects.filter(pk=form.pk).update(state=FormState.FILED)
    forms.reopen_form(form=form, user=cast.milda)
    assert hand_in(form, cast.milda, {"first_step": "Something new"}).number == 2
    assert stored(form).state == FormState.SUBMITTED


@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.CLOSED])
def test_a_paused_or_closed_group_changes_nothing(diary, begin, cast, world, stage):
    hand_in(diary, cast.milda, DIARY)
    goals = begin("personal_goals", cast.milda)
    waiting = hand_in(begin("personal_goals", cast.tomas), cast.tomas, GOALS)
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=stage)
    for act in (
        lambda: write(goals, cast.milda, {"first_step": "x"}),
        lambda: hand_in(goals, cast.milda, GOALS),
        lambda: forms.reopen_form(form=diary, user=cast.milda),
        lambda: forms.accept_form(submission=waiting, user=cast.rasa),
        lambda: forms.return_form(submission=waiting, user=cast.rasa, note="x"),
        lambda: forms.add_comment(form=stored(diary), user=cast.rasa, text="x"),
        lambda: forms.choose_audience(form=goals, user=cast.milda, audience="mentor"),
    ):
        with pytest.raises(forms.NotPossibleError, match=stage.value):
            act()


# --- talk, read, audience


def test_comments_come_and_go_and_come_back(diary, cast):
    with pytest.raises(forms.NotPossibleError):
        forms.add_comment(form=stored(diary), user=cast.milda, text="Too early")
    hand_in(diary, cast.milda, DIARY)
    form = stored(diary)
    comment = forms.add_comment(form=form, user=cast.rasa, text=" Well\r\nseen\x00 ")
    assert comment.text == "Well\nseen"
    with pytest.raises(forms.NotYoursError):
        forms.remove_comment(form=form, comment_id=comment.pk, user=cast.milda)
    assert forms.remove_comment(form=form, comment_id=comment.pk, user=cast.rasa).removed_at
    assert forms.restore_comment(form=form, comment_id=comment.pk, user=cast.rasa).removed_at is None
    for text in ("", " \n ", "x" * 5001):
        with pytest.raises(ValidationError):
            forms.add_comment(form=form, user=cast.rasa, text=text)
    assert all("Well" not in str(event.data) for event in DomainEvent.objects.all())


def test_reading_marks(diary, cast):
    assert forms.mark_read(form=stored(diary), user=cast.milda) is None
    hand_in(diary, cast.milda, DIARY)
    assert forms.mark_read(form=stored(diary), user=cast.milda) is None
    first = forms.mark_read(form=stored(diary), user=cast.rasa)
    assert forms.mark_read(form=stored(diary), user=cast.rasa) == first
    assert FormRead.objects.count() == 1


def test_a_diary_can_be_shown_to_fewer_and_never_to_more_afterwards(diary, cast):
    with pytest.raises(ValidationError):
        forms.choose_audience(form=diary, user=cast.milda, audience="staff")
    with pytest.raises(forms.NotYoursError):
        forms.choose_audience(form=diary, user=cast.rasa, audience="mentor")
    forms.choose_audience(form=diary, user=cast.milda, audience="mentor")
    forms.choose_audience(form=diary, user=cast.milda, audience="group")
    forms.choose_audience(form=diary, user=cast.milda, audience="mentor")
    assert hand_in(diary, cast.milda, DIARY).audience == "mentor"
    forms.reopen_form(form=diary, user=cast.milda)
    with pytest.raises(ValidationError):
        forms.choose_audience(form=diary, user=cast.milda, audience="group")


def test_the_programme_narrows_the_choice(diary, cast, world):
    world.programme.diary_audiences = ["group"]
    world.programme.save()
    with pytest.raises(ValidationError):
        forms.choose_audience(form=diary, user=cast.milda, audience="mentor")


def test_notes_about_a_person_are_not_opened_to_that_person(begin, cast):
    form = begin("midterm_interview", cast.egle, subject=cast.milda)
    answers = {"role": "mentee", "how_it_goes": "4", "change": "Nothing", "summary": "All is well"}
    hand_in(form, cast.egle, answers)

    readers = {
        name
        for name, user in cast.everybody().items()
        if form in FormResponse.objects.allowing(Standing.of(user), Action.VIEW)
    }
    assert readers == {"egle"}
