"""What was started and not finished is found again: on one page, on the first screens, and where it belongs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.services import reading
from mentoring.models import Membership
from mentoring.services.memberships import end_membership
from responses_app import services as forms
from responses_app.models import FormResponse
from tests.cast import World
from tests.conversations.talking import begun as talk
from tests.conversations.talking import board_of, community
from tests.documents import sent_files
from tests.documents.batches import begun
from tests.home.conftest import leave_waiting
from tests.pack_tools import tool
from tests.routes import asks_to_sign_in, refuses

SignIn = Callable[..., Client]
URL = reverse("home:draft-list")

pytestmark = pytest.mark.usefixtures("local_files")


def draft(world: World, person: Any, key: str) -> FormResponse:
    """A form that the person has written in; what was only opened is none."""
    form = forms.start_form(group=world.group, tool=tool(key), user=person)
    FormResponse.objects.filter(pk=form.pk).update(lock=1, saved_at=timezone.now() - timedelta(hours=3))
    form.refresh_from_db()
    return form


def text(client: Client, url: str = URL) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_it_is_for_everybody_and_only_shows(world: World, as_user: SignIn) -> None:
    assert asks_to_sign_in(URL)
    assert refuses(as_user(world.cast.milda), URL, ("post", "put", "delete"))
    for client in (as_user(world.cast.jonas), as_user(world.cast.dana), as_user(world.cast.milda)):
        assert "No drafts" in text(client)


def test_a_mentee_finds_all_drafts(world: World, as_user: SignIn) -> None:
    found = [draft(world, world.cast.milda, key) for key in ("personal_goals", "mentee_profile")]
    page = text(as_user(world.cast.milda))
    for form in found:
        assert f'href="{reverse("responses:form-edit", args=[form.pk])}"' in page
        assert form.title in page
    assert "Saved " in page
    assert found[0].title not in text(as_user(world.cast.tomas))
    home = text(as_user(world.cast.milda), "/")
    assert home.count(found[0].title) + home.count(found[1].title) >= 2


def test_what_was_only_opened_is_no_draft(world: World, as_user: SignIn) -> None:
    forms.start_form(group=world.group, tool=tool("personal_goals"), user=world.cast.milda)
    assert "No drafts" in text(as_user(world.cast.milda))


def test_what_came_back_says_so(world: World, as_user: SignIn) -> None:
    form = leave_waiting(world.group, "personal_goals", world.cast.milda)
    FormResponse.objects.filter(pk=form.pk).update(state="returned")
    assert "Returned to you" in text(as_user(world.cast.milda))


def test_a_post_that_is_not_sent_is_found_again(world: World, as_user: SignIn, django_assert_num_queries: Any) -> None:
    topic = talk(world, title="Which day?")
    milda = as_user(world.cast.milda)
    reading.save_draft(by=world.cast.milda, lock=0, body="Monday suits", topic=topic)
    milda.get(URL)
    with django_assert_num_queries(5):
        page = text(milda)
    assert "Answer in “Which day?”" in page
    assert f'href="{reverse("conversations:topic-detail", args=[topic.pk])}#answer"' in page
    assert "Žingsnis, Forum. Saved " in page
    reading.save_draft(by=world.cast.milda, lock=0, body="x", title="Mine", board=community(world, "mentee"))
    reading.save_draft(by=world.cast.milda, lock=0, body="Words without a title", board=board_of(world))
    with django_assert_num_queries(5):
        page = text(milda)
    for title in ("Mine", "New topic"):
        assert title in page
    assert "Which day?" not in text(as_user(world.cast.tomas))
    end_membership(membership=Membership.objects.get(user=world.cast.milda, group=world.group), by=world.cast.egle)
    page = text(milda)
    assert "Which day?" not in page
    assert "Mine" in page


def test_a_mentor_finds_drafts_and_uploads(world: World, as_user: SignIn) -> None:
    form = draft(world, world.cast.rasa, "group_goals")
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.pdf(2))
    upload = reverse("uploads:upload-edit", args=[batch.pk])
    rasa = as_user(world.cast.rasa)
    page, home = text(rasa), text(rasa, "/")
    for part in (reverse("responses:form-edit", args=[form.pk]), upload):
        assert f'href="{part}"' in page
        assert f'href="{part}"' in home
    folder = world.group.folders.get(kind="managing")
    assert f'href="{upload}"' in text(rasa, reverse("documents:folder-detail", args=[folder.pk]))
    assert upload not in text(as_user(world.cast.egle), reverse("documents:folder-detail", args=[folder.pk]))
    other = world.group.folders.get(kind="monitoring")
    assert upload not in text(rasa, reverse("documents:folder-detail", args=[other.pk]))


def test_a_manager_sees_how_many_there_are(world: World, as_user: SignIn) -> None:
    egle = as_user(world.cast.egle)
    assert "not finished" not in text(egle, "/")
    begun(world.group, world.cast.egle, "contract", sent_files.pdf(2))
    assert "1 draft of yours is not finished" in text(egle, "/")
    begun(world.group, world.cast.egle, "contract", sent_files.pdf(1))
    begun(world.group, world.cast.rasa, "contract", sent_files.pdf(1))
    assert "2 drafts of yours are not finished" in text(egle, "/")
    assert "Mentoring contract" in text(egle)


def test_nothing_of_a_paused_group_is_offered(world: World, as_user: SignIn) -> None:
    draft(world, world.cast.milda, "personal_goals")
    type(world.group).objects.filter(pk=world.group.pk).update(stage="paused")
    assert "No drafts" in text(as_user(world.cast.milda))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(world: World, as_user: SignIn, django_assert_num_queries: Any, count: int) -> None:
    for key in ("group_goals", "mentor_self_check", "mentor_final_questionnaire")[:count]:
        draft(world, world.cast.rasa, key)
        begun(world.group, world.cast.rasa, "contract", sent_files.pdf(1))
    rasa = as_user(world.cast.rasa)
    text(rasa)
    with django_assert_num_queries(6):
        text(rasa)
