"""Pages say what is so: of a returned form, of a group that is over, of who owes a step; and back leads back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.policy.roles import Stage
from documents.models import Document
from documents.services import removal
from mentoring.models import MentoringGroup
from mentoring.services import stages
from responses_app import services as forms
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.documents.batches import filed
from tests.documents.filled import DIARY, begun, diary_of, handed_in, held_session, stored
from tests.telling import leads_to, reminders

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_files")]


def text_of(client: Client, name: str, *keys: object) -> str:
    return client.get(reverse(name, args=keys)).text


def test_a_returned_form_was_not_opened_again_by_its_writer(world: World, as_user: SignIn) -> None:
    diary, milda = diary_of(world, world.cast.milda), as_user(world.cast.milda)
    submission = handed_in(diary, world.cast.milda, DIARY)
    forms.return_form(submission=submission, user=world.cast.rasa, note="Say more")
    said = text_of(milda, "responses:form-detail", diary.pk)
    assert "You have opened this again" not in said
    assert "Until then the others read what you handed in before." in said


def test_what_was_removed_is_read_by_nobody(world: World, as_user: SignIn, commit: Any) -> None:
    diary, milda = diary_of(world, world.cast.milda), as_user(world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    filed(world.group, world.cast.rasa, commit, "diary", subject=world.cast.milda, session_key=diary.session_key)
    submission = stored(diary).latest
    submission.rendering.version = Document.objects.get().current
    submission.rendering.save()
    removal.remove_document(document=Document.objects.get(), user=world.cast.egle, reason="Zwrong day")
    said = text_of(milda, "responses:form-detail", diary.pk)
    assert "Everything you wrote is kept." in said
    assert "read what you handed in before" not in said


def test_a_group_that_is_over_has_nothing_to_come(world: World, as_user: SignIn) -> None:
    held_session(world)
    group = MentoringGroup.objects.get(pk=world.group.pk)
    coming = PlannedSession.objects.filter(plan__group=group, state="planned")
    coming.update(starts_at=timezone.now() + timedelta(days=9))
    milda = as_user(world.cast.milda)
    plan, space = ("sessions:plan-detail", group.pk), ("mentoring:group-detail", group.pk)
    assert "To come" in text_of(milda, *plan)
    stages.end_early(group=group, by=world.cast.egle, reason="Too few of us")
    for moment in (timezone.now() + timedelta(days=9), timezone.now() - timedelta(days=1)):
        coming.update(starts_at=moment)
        said = text_of(milda, *plan)
        assert "To come" not in said
        assert "Not held" in said
        assert "This group is over. Its plan stays as it is." in said
        assert coming.get().title not in text_of(milda, *space)


def test_nobody_is_reminded_of_what_they_owe_alone(world: World, as_user: SignIn) -> None:
    """The contract is written by the Manager: she is offered to write it, not to remind herself."""
    said = text_of(as_user(world.cast.egle), "checklist:checklist-cell", world.group.pk, "contract")
    assert "Fill it in" in said
    assert "Remind" not in said


def test_a_reminder_to_sign_leads_to_the_document(world: World, as_user: SignIn, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit, signed_by=[world.cast.rasa])
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.MATCHED)
    as_user(world.cast.egle).post(reverse("checklist:checklist-remind", args=[world.group.pk, "contract"]))
    page = reverse("documents:document-detail", args=[Document.objects.get().pk])
    assert leads_to(reminders().get(to=world.cast.milda.email)) == page


def test_a_mentor_writes_to_whoever_owes_something_from_the_checklist(world: World, as_user: SignIn) -> None:
    partner = world.group.memberships.live().get(user=world.cast.milda)
    said = text_of(as_user(world.cast.rasa), "checklist:checklist-cell", world.group.pk, "initial_questionnaire")
    assert reverse("mentoring:message-list", args=[partner.pk]) in said
    assert "Remind" not in said


def test_back_leads_to_the_form_that_one_came_from(world: World, as_user: SignIn) -> None:
    goals = begun(world, "group_goals", world.cast.rasa)
    egle, detail = as_user(world.cast.egle), reverse("responses:form-detail", args=[goals.pk])
    edit = reverse("responses:form-edit", args=[goals.pk])
    said = egle.get(edit, headers={"referer": f"http://testserver{detail}"}).text
    assert f'name="back" value="{detail}"' in said
    # From one form to the next, back leads to where they are listed.
    other = begun(world, "personal_goals", world.cast.milda)
    milda = as_user(world.cast.milda)
    said = milda.get(
        reverse("responses:form-detail", args=[other.pk]), headers={"referer": f"http://testserver{detail}"}
    ).text
    assert f'class="back" href="{detail}"' not in said


def test_a_list_of_participants_belongs_to_its_session(world: World, as_user: SignIn) -> None:
    session = held_session(world)
    form = begun(world, "participants_list", world.cast.rasa, session_key=session.session_key)
    said = text_of(as_user(world.cast.rasa), "responses:form-edit", form.pk)
    assert reverse("sessions:session-detail", args=[session.pk]) in said
    assert reverse("sessions:diary-list", args=[world.group.pk]) not in said.partition("<h1")[0].rpartition("<main")[2]


def test_what_is_there_already_is_said_where_one_corrects_what_a_form_is_about(world: World, as_user: SignIn) -> None:
    first, second = held_session(world, "e1"), held_session(world, "e2")
    for session in (first, second):
        handed_in(begun(world, "diary", world.cast.milda, session_key=session.session_key), world.cast.milda, DIARY)
    diary = world.group.forms.get(session_key=first.session_key)
    said = text_of(as_user(world.cast.rasa), "responses:form-move", diary.pk)
    assert said.count("(one is there already)") == 1
