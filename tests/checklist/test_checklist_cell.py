"""The page behind a cell of the matrix, and its acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checklist.models import ChecklistItem
from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from responses_app import services as forms
from responses_app.models import FormResponse
from tests.cast import World
from tests.checklist.test_reminders import tool
from tests.documents.batches import filed
from tests.routes import asks_to_sign_in, open_to, refuses
from tests.telling import reminders

SignIn = Callable[..., Client]
ACTS = ("checklist:checklist-waive", "checklist:checklist-unwaive", "checklist:checklist-remind")


def url(world: World, name: str = "checklist:checklist-cell", key: str = "personal_goals", **query: object) -> str:
    address = reverse(name, args=[world.group.pk, key])
    return f"{address}?{urlencode(query, doseq=True)}" if query else address


def rows(world: World, key: str = "personal_goals") -> list[ChecklistItem]:
    found = ChecklistItem.objects.filter(group=world.group, tool_version__tool__key=key)
    return list(found.order_by("subject__full_name"))


def test_mentor_and_manager_open_it_and_nobody_else(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == {"egle", "rasa"}
    client = as_user(world.cast.egle)
    assert refuses(client, url(world), ("post", "put", "delete"))
    assert client.get(url(world, key="no-such-tool")).status_code == 404
    assert client.get(url(world, key="mentor_self_check")).status_code == 404
    assert asks_to_sign_in(url(world))


@pytest.mark.parametrize("name", ACTS)
def test_only_the_manager_acts(world: World, as_user: SignIn, name: str) -> None:
    may = open_to(as_user, world.cast, url(world, name), method="post", status=(302, 422))
    assert may == {"egle"}
    foreign = ChecklistItem.objects.filter(group=world.other_group).values_list("pk", flat=True)[0]
    own_of_another_tool = rows(world, "contract")[0].pk
    for number in (foreign, own_of_another_tool, "x", "-1", "9" * 30):
        answer = as_user(world.cast.egle).post(url(world, name, item=number), {"reason": "because"})
        assert answer.status_code == 404, number
    assert not ChecklistItem.objects.filter(state="waived").exists()
    assert reminders().count() == 3 * (name == ACTS[2])


def test_it_says_who_exactly(world: World, as_user: SignIn) -> None:
    today = timezone.localdate()
    elena, milda, tomas = (next(row for row in rows(world) if row.subject_id == person.pk) for person in (
        world.cast.elena, world.cast.milda, world.cast.tomas))  # fmt: skip
    ChecklistItem.objects.filter(pk=milda.pk).update(state="done", done_at=timezone.now())
    ChecklistItem.objects.filter(pk=tomas.pk).update(due_on=today - timedelta(days=9))
    ChecklistItem.objects.filter(pk=elena.pk).update(
        state="waived", waived_reason="She has a job", waived_by=world.cast.egle, waived_at=timezone.now()
    )
    text = as_user(world.cast.egle).get(url(world)).content.decode()
    for words in (
        "Milda Kazlauskaitė",
        "Done on",
        "9 days late",
        "“She has a job” Eglė Petrauskaitė",
        "Require again",
    ):
        assert words in text
    mentors = as_user(world.cast.rasa).get(url(world)).content.decode()
    assert "9 days late" in mentors
    assert "Remind" not in mentors
    assert "/waive/" not in mentors


def test_what_waits_for_a_decision_leads_to_the_form_and_a_draft_to_nothing(world: World, as_user: SignIn) -> None:
    form = forms.start_form(group=world.group, tool=tool("personal_goals"), user=world.cast.milda)
    client = as_user(world.cast.egle)
    assert f"/forms/{form.pk}/" not in client.get(url(world)).content.decode()
    submission = form.submissions.create(
        number=1, answers={}, language="en", audience=form.audience, submitted_by=world.cast.milda
    )
    FormResponse.objects.filter(pk=form.pk).update(state="submitted", latest=submission)
    ChecklistItem.objects.filter(group=world.group, subject=world.cast.milda).update(state="waiting")
    text = client.get(url(world)).content.decode()
    assert f'href="/forms/{form.pk}/"' in text
    assert "For you to read" in text


def test_what_is_for_others_is_no_link(world: World, as_user: SignIn) -> None:
    """The final questionnaire is for the Manager; the Mentor sees only that it was handed in."""
    form = forms.start_form(group=world.group, tool=tool("final_questionnaire"), user=world.cast.milda)
    submission = form.submissions.create(
        number=1, answers={}, language="en", audience=form.audience, submitted_by=world.cast.milda
    )
    FormResponse.objects.filter(pk=form.pk).update(state="submitted", latest=submission)
    ChecklistItem.objects.filter(group=world.group, subject=world.cast.milda).update(state="waiting")
    address = url(world, key="final_questionnaire")
    assert f"/forms/{form.pk}/" not in as_user(world.cast.rasa).get(address).content.decode()
    assert f"/forms/{form.pk}/" in as_user(world.cast.egle).get(address).content.decode()


def test_what_nobody_has_begun_is_begun_where_it_is_asked_for(world: World, as_user: SignIn) -> None:
    """The contract is the Manager's to fill in; nobody is said to be missing under a document that does not exist."""
    start = reverse("responses:form-start", args=[world.group.pk, "contract"])
    manager, mentor = (as_user(person).get(url(world, key="contract")) for person in (world.cast.egle, world.cast.rasa))
    assert start in manager.content.decode()
    assert start not in mentor.content.decode()
    assert manager.context["missing"] == []


def test_the_contract_names_who_has_still_to_sign_and_where_it_is_added(
    world: World, as_user: SignIn, commit: Any
) -> None:
    filed(world.group, world.cast.rasa, commit, signed_by=[world.cast.rasa, world.cast.egle])
    text = as_user(world.cast.rasa).get(url(world, key="contract")).content.decode()
    assert "Still to sign" in text
    assert "Tomas Jankauskas" in text
    assert f"/groups/{world.group.pk}/upload/?tool=contract" in text


def test_a_diary_before_the_plan_says_when_it_comes(world: World, as_user: SignIn) -> None:
    assert "Nothing is asked for yet" in as_user(world.cast.egle).get(url(world, key="diary")).content.decode()


def test_waiving_needs_a_reason_and_can_be_undone(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.egle)
    first, *others = rows(world)
    address = url(world, "checklist:checklist-waive", item=first.pk)
    ChecklistItem.objects.filter(pk=first.pk).update(session_title={"en": "How to write a CV"})
    assert "How to write a CV" in client.get(address).content.decode()
    assert "Waive “Personal goals and objectives” for" in client.get(address).content.decode()
    assert client.post(address, {"reason": "  "}).status_code == 422
    answer = client.post(address, {"reason": "She found a job"}, follow=True)
    first.refresh_from_db()
    assert (first.state, first.waived_reason, first.waived_by) == ("waived", "She found a job", world.cast.egle)
    assert {row.state for row in rows(world) if row.pk != first.pk} == {"todo"}
    undo = url(world, "checklist:checklist-unwaive", item=first.pk)
    assert undo in answer.content.decode()
    client.post(undo)
    first.refresh_from_db()
    assert (first.state, first.waived_reason) == ("todo", "")
    client.post(url(world, "checklist:checklist-waive"), {"reason": "All have jobs"})
    assert {row.state for row in rows(world)} == {"waived"}
    again = client.get(url(world, "checklist:checklist-waive"), follow=True)
    assert "There is nothing left to do here." in again.content.decode()


def test_reminding_tells_people_and_says_so(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.egle)
    one = rows(world)[0]
    text = client.post(url(world, "checklist:checklist-remind", item=one.pk), follow=True).content.decode()
    assert "is reminded." in text
    assert "Reminded just now" in text
    text = client.post(url(world, "checklist:checklist-remind"), follow=True).content.decode()
    assert "2 people are reminded." in text
    text = client.post(url(world, "checklist:checklist-remind"), follow=True).content.decode()
    assert "Nobody was reminded" in text
    assert reminders().count() == 3


def test_a_closed_group_is_read_only(world: World, as_user: SignIn) -> None:
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.CLOSED)
    client = as_user(world.cast.egle)
    text = client.get(url(world)).content.decode()
    assert "Remind" not in text
    assert "/waive/" not in text
    assert "closed" in client.post(url(world, "checklist:checklist-waive"), {"reason": "x"}).content.decode()
    client.post(url(world, "checklist:checklist-remind"))
    assert not reminders().exists()
    assert {row.state for row in rows(world)} == {"todo"}
    ChecklistItem.objects.filter(group=world.group).update(state="waived")
    client.post(url(world, "checklist:checklist-unwaive"))
    assert {row.state for row in rows(world)} == {"waived"}


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_as_often_with_one_row_as_with_three(
    world: World, as_user: SignIn, django_assert_num_queries: Callable[..., object], count: int
) -> None:
    for row in rows(world)[count:]:
        row.delete()
    client = as_user(world.cast.egle)
    client.get(url(world))
    with django_assert_num_queries(7):
        client.get(url(world))
