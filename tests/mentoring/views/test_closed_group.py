"""In a group that is closed everything can be read and nothing changed; two presses on one step back are one step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.days import programme_today
from core.policy.roles import Stage
from mentoring.models import Membership, MentoringGroup
from mentoring.services import stages
from responses_app.models import FormResponse
from responses_app.services import comments
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in

SignIn = Callable[..., Client]
CLOSED = "This group is closed. It stays as it is; reopen it to change something."


@pytest.fixture
def closed(world: World) -> MentoringGroup:
    """Žingsnis, which ended yesterday, with a diary on which Rasa wrote."""
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    diary.refresh_from_db()
    comments.add_comment(form=diary, user=world.cast.rasa, text="Ask her for the second CV.")
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.CLOSED)
    world.group.refresh_from_db()
    return world.group


def test_its_name_and_dates_stay(closed: MentoringGroup, world: World, as_user: SignIn) -> None:
    url, egle = reverse("mentoring:group-edit", args=[closed.pk]), as_user(world.cast.egle)
    assert CLOSED in egle.get(url, follow=True).text
    sent = {
        "name": "Another name", "motto": "", "kind": closed.kind, "form": closed.form, "starts_on": closed.starts_on,
        "ends_on": closed.ends_on, "communication_schedule": "", "communication_channel": "",
    }  # fmt: skip
    answer = egle.post(url, sent)
    assert answer.status_code == 422
    assert CLOSED in answer.text
    assert "Another name" in answer.text  # what was typed stays on the page
    closed.refresh_from_db()
    assert closed.name == "Žingsnis"


def test_in_the_administration_too(closed: MentoringGroup, world: World, as_user: SignIn) -> None:
    url, dana = reverse("admin:mentoring_mentoringgroup_change", args=[closed.pk]), as_user(world.cast.dana)
    page = dana.get(url).text
    assert CLOSED in page
    assert 'name="name"' not in page
    later = programme_today() + timedelta(days=500)
    assert dana.post(url, {"name": "Another name", "ends_on": later}).status_code in {200, 302}
    closed.refresh_from_db()
    assert closed.name == "Žingsnis"
    assert closed.ends_on != later


def test_its_people_stay(closed: MentoringGroup, world: World, as_user: SignIn) -> None:
    membership = Membership.objects.get(group=closed, user=world.cast.milda)
    url, egle = reverse("mentoring:member-end", args=[membership.pk]), as_user(world.cast.egle)
    assert CLOSED in egle.get(url, follow=True).text
    assert CLOSED in egle.post(url, {"reason": "x"}, follow=True).text
    membership.refresh_from_db()
    assert membership.is_live()


def test_its_comments_stay(closed: MentoringGroup, world: World, as_user: SignIn) -> None:
    diary = FormResponse.objects.get(group=closed, author=world.cast.milda, latest__isnull=False)
    comment = diary.comments.get()
    rasa, page = as_user(world.cast.rasa), reverse("responses:form-detail", args=[diary.pk])
    remove = reverse("responses:comment-remove", args=[diary.pk, comment.pk])
    assert remove not in rasa.get(page).text
    assert "nothing can be changed" in rasa.post(remove, follow=True).text
    comment.refresh_from_db()
    assert comment.removed_at is None
    diary.comments.update(removed_at=comment.written_at)
    rasa.post(reverse("responses:comment-restore", args=[diary.pk, comment.pk]))
    comment.refresh_from_db()
    assert comment.removed_at is not None


def test_two_presses_on_one_step_back_are_one_step(world: World, as_user: SignIn) -> None:
    group, egle = world.group, as_user(world.cast.egle)
    before = group.stage
    stages.advance(group=group, by=world.cast.egle, reason="x")
    between = group.stage
    stages.advance(group=group, by=world.cast.egle, reason="x")
    url = reverse("mentoring:group-exit", args=[group.pk, "back"])
    assert f'name="stage" value="{group.stage}"' in egle.get(url).text
    sent = {"reason": "A mistake", "stage": group.stage}
    assert egle.post(url, sent).status_code == 302
    second = egle.post(url, sent)
    assert second.status_code == 422
    assert "The stage was changed meanwhile." in second.text
    group.refresh_from_db()
    assert group.stage == between != before
