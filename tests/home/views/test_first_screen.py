"""The first screen of every role."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checklist.models import ChecklistItem
from core.days import programme_today
from core.policy.roles import ProgrammeRole, Role
from core.templatetags.ui import day_month
from mentoring.models import Membership, MentoringGroup
from mentoring.services.memberships import add_member, end_membership, enrol
from mentoring.services.people import end_enrolment
from rendering.models import Rendering
from responses_app import services as forms
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.documents.filled import held_session
from tests.home.conftest import leave_waiting, many_groups, set_rows, settle
from tests.pack_tools import tool
from tests.routes import asks_to_sign_in, refuses

SignIn = Callable[..., Client]
NumQueries = Callable[..., object]
OpenGroups = Callable[[int], list[MentoringGroup]]
URL = reverse("home:first-screen")
TEMPLATES = {
    "egle": "manager", "boris": "manager", "rasa": "mentor", "petar": "mentor", "milda": "mentee", "tomas": "mentee",
    "elena": "mentee", "aino": "mentee", "kalina": "mentee", "jonas": "newcomer", "olga": "newcomer", "dana": "admin",
    "sofia": "admin",
}  # fmt: skip


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{URL}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_everybody_gets_the_screen_of_their_role(world: World, as_user: SignIn) -> None:
    for name, template in TEMPLATES.items():
        answer = as_user(world.cast.everybody()[name]).get(URL)
        assert answer.status_code == 200
        assert answer.templates[0].name == f"home/{template}.html", name
    assert asks_to_sign_in(URL)
    assert refuses(as_user(world.cast.egle), URL, ("post", "put", "delete"))


def test_a_manager_sees_what_is_missing_without_a_click(world: World, as_user: SignIn) -> None:
    set_rows(world.group, "contract", due_on=timezone.localdate() - timedelta(days=9))
    text = page(as_user(world.cast.egle))
    assert "1 group, 3 Mentees, 1 Mentor in Steps to Work" in text
    assert "Mentoring contract not signed, 9 days late: “Žingsnis”" in text
    assert f'href="/groups/{world.group.pk}/checklist/contract/" class="cell cell-late"' in text
    assert "Rasa Žukauskienė, forming" in text


@pytest.mark.parametrize("query", ["", "?q=Крачка", "?q=Aino", "?show=late", "?stage=forming", "?show=waiting"])
def test_a_manager_sees_nothing_of_another_managers_group(world: World, as_user: SignIn, query: str) -> None:
    set_rows(world.other_group, "contract", due_on=timezone.localdate() - timedelta(days=9))
    leave_waiting(world.other_group, "mentee_profile", world.cast.aino)
    text = (
        page(as_user(world.cast.egle), query).replace(query.removeprefix("?q="), "")
        if query
        else page(as_user(world.cast.egle))
    )
    for words in ("Крачка", "Aino", "Петър", f"/groups/{world.other_group.pk}/"):
        assert words not in text


def test_a_programme_admin_sees_no_group_and_no_diary(world: World, as_user: SignIn, session: PlannedSession) -> None:
    form = forms.start_form(
        group=world.group, tool=tool("diary"), user=world.cast.milda, session_key=session.session_key,
        session_title=session.session_title,
    )  # fmt: skip
    form.answers = {"done": "Zdiary"}
    form.save()
    text = page(as_user(world.cast.dana))
    for words in ("Žingsnis", "Milda", "Zdiary", "/forms/"):
        assert words not in text
    assert "Diaries, forms and folders of the groups are not shown to you." in text
    assert reverse("admin:index") in text


def test_a_mentee_finds_next_step_people_road_and_documents(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    settle(world.group)
    ChecklistItem.objects.filter(group=world.group, session_key=session.session_key).update(state="todo")
    client = as_user(world.cast.milda)
    text = page(client)
    assert f'href="/sessions/{session.pk}/diary/"' in text
    mentor = world.group.memberships.get(user=world.cast.rasa)
    assert reverse("mentoring:message-list", args=[mentor.pk]) in text
    assert "rasa@example.org" not in text
    assert "Tomas and Елена" in text
    assert "your diary is still open" in text
    assert "My documents" in text
    written = client.get(f"/sessions/{session.pk}/diary/", follow=True)
    assert "/edit/" in written.redirect_chain[-1][0]


def test_a_mentor_finds_the_meeting_the_mentees_and_what_waits(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    form = leave_waiting(world.group, "personal_goals", world.cast.milda)
    set_rows(world.group, "contract", state="waiting")
    text = page(as_user(world.cast.rasa))
    assert "No meeting has a date yet" in text
    assert "Read and accept: Personal goals and objectives, Milda" in text
    assert f'href="/forms/{form.pk}/"' in text
    assert f"/groups/{world.group.pk}/upload/?tool=contract" in text
    assert f"/sessions/{session.pk}/hold/" in text
    assert "Diary, session 1" in text
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage="closing")
    closing = as_user(world.cast.rasa)
    assert "No meeting has a date yet" not in page(closing)  # all are over
    assert "All sessions of the plan are over" in closing.get(f"/groups/{world.group.pk}/").text
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage="running")
    PlannedSession.objects.filter(pk=session.pk).update(starts_at=timezone.now() + timedelta(minutes=30))
    assert "Prepare" in page(as_user(world.cast.rasa))
    PlannedSession.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() + timedelta(minutes=10), link="https://meet.example/abc", form="online"
    )
    text = page(as_user(world.cast.rasa))
    assert "Start the meeting" in text
    assert 'href="https://meet.example/abc"' in text


def test_a_mentor_reads_nothing_that_is_not_meant_for_them(world: World, as_user: SignIn) -> None:
    """A questionnaire for the Manager's eyes does not wait for the Mentor."""
    form = leave_waiting(world.group, "final_questionnaire", world.cast.milda)
    assert f"/forms/{form.pk}/" not in page(as_user(world.cast.rasa))


def test_several_roles_switch_and_it_is_remembered(world: World, as_user: SignIn) -> None:
    add_member(group=world.other_group, user=world.cast.rasa, role=Role.MENTEE, by=world.cast.boris)
    client = as_user(world.cast.rasa)
    assert "As Mentee" in page(client)
    assert client.get(f"{URL}?as=mentee").templates[0].name == "home/mentee.html"
    assert client.get(URL).templates[0].name == "home/mentee.html"
    assert client.get(f"{URL}?as=manager").templates[0].name == "home/mentee.html"
    assert "As Mentor" not in page(as_user(world.cast.milda))


def test_a_manager_without_groups_opens_the_first_one(world: World, as_user: SignIn) -> None:
    enrol(programme_id=world.programme.pk, user=world.cast.olga, role=ProgrammeRole.MANAGER)
    text = page(as_user(world.cast.olga))
    assert "You have no group yet" in text
    assert reverse("mentoring:group-create", args=[world.programme.pk]) in text
    type(world.programme).objects.update(is_open=False)
    assert "Ask its administrator" in page(as_user(world.cast.olga))


def test_who_has_no_group_learns_whom_to_ask(world: World, as_user: SignIn) -> None:
    Membership.objects.filter(user=world.cast.jonas).delete()
    text = page(as_user(world.cast.jonas))
    assert "You are not in a group yet" in text
    assert "Eglė Petrauskaitė" in text
    assert "egle@example.org" not in text
    type(world.cast.egle).objects.filter(pk=world.cast.egle.pk).update(shows_email=True)
    assert "mailto:egle@example.org" in page(as_user(world.cast.jonas))
    text = page(as_user(world.cast.olga))
    assert "You are not in a programme yet" in text
    assert "mailto:" not in text


def test_who_had_a_role_is_not_called_new(world: World, as_user: SignIn) -> None:
    enrolment = enrol(programme_id=world.programme.pk, user=world.cast.olga, role=ProgrammeRole.MENTOR)
    end_enrolment(enrolment=enrolment, by=world.cast.dana)
    text = page(as_user(world.cast.olga))
    assert "You have no role in a programme any more" in text
    assert "You are not in a programme yet" not in text


def test_many_groups_stand_by_stage_and_quiet_ones_fold(
    world: World, as_user: SignIn, open_groups: OpenGroups, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = open_groups(3)
    for group in (*groups, world.group):
        settle(group)
    MentoringGroup.objects.filter(pk__in=[each.pk for each in groups]).update(stage="running")
    set_rows(groups[0], "contract", state="todo", due_on=timezone.localdate() - timedelta(days=1))
    monkeypatch.setattr("home.pages.manager.DENSE_FROM", 4)
    text = page(as_user(world.cast.egle))
    assert "Running (3)" in text
    assert "2 groups where nothing is late, due or waiting." in text
    table = text[text.index("<table") : text.index("</table>")]
    assert "Tiltas 0" in table
    assert "Tiltas 1" not in table
    unfolded = page(as_user(world.cast.egle), "?stage=running&quiet=1")
    assert "Tiltas 1" in unfolded[unfolded.index("<table") : unfolded.index("</table>")]
    assert "Tiltas 2" in page(as_user(world.cast.egle), "?q=Nr2")


def test_no_group_that_fits_says_so(world: World, as_user: SignIn) -> None:
    assert "No groups found" in page(as_user(world.cast.egle), "?show=waiting")


def test_every_page_of_many_groups_opens(
    world: World, as_user: SignIn, open_groups: OpenGroups, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_groups(3)
    for name in ("home.pages.matrix.PAGE_SIZE", "home.pages.manager.PAGE_SIZE"):
        monkeypatch.setattr(name, 2)
    text = page(as_user(world.cast.egle), "?page=2")
    assert "Page 2 of 2" in text
    assert 'rel="prev"' in text


@pytest.mark.parametrize("count", [1, 3, 60])
@pytest.mark.parametrize("query", ["", "?q=a", "?page=2", "?show=late&stage=running"])
def test_the_managers_screen_asks_nine_times_whatever_the_number_of_groups(
    world: World, as_user: SignIn, django_assert_num_queries: NumQueries, count: int, query: str
) -> None:
    groups = many_groups(world, count - 1)
    for group in (*groups, world.group):
        set_rows(group, "contract", due_on=timezone.localdate() - timedelta(days=9))
    leave_waiting(world.group, "mentee_profile", world.cast.milda)
    client = as_user(world.cast.egle)
    client.get(URL)
    with django_assert_num_queries(9):
        client.get(f"{URL}{query}")


def test_a_pdf_that_could_not_be_made_costs_one_question_more(
    world: World, as_user: SignIn, django_assert_num_queries: NumQueries
) -> None:
    set_rows(world.group, "contract", due_on=timezone.localdate() - timedelta(days=9))
    form = leave_waiting(world.group, "mentee_profile", world.cast.milda)
    form.latest.rendering = Rendering.objects.create(
        kind="form", digest="d" * 64, group=world.group, language="en", state="failed", error="no font"
    )
    form.latest.save()
    client = as_user(world.cast.egle)
    client.get(URL)
    with django_assert_num_queries(10):
        assert "A PDF could not be made" in page(client)


@pytest.mark.parametrize("language", ["en", "bg"])
def test_two_hundred_groups_come_in_a_page_of_120_kilobytes(world: World, as_user: SignIn, language: str) -> None:
    for group in many_groups(world, 199):
        set_rows(group, "contract", due_on=timezone.localdate() - timedelta(days=9))
    type(world.cast.egle).objects.filter(pk=world.cast.egle.pk).update(language=language)
    world.cast.egle.refresh_from_db()
    answer = as_user(world.cast.egle).get(URL)
    assert answer.content.count(b'class="cell ') == 50 * 8
    assert len(answer.content) <= 120_000


def test_pages_hold_fifty_groups_the_most_urgent_first_and_counts_speak_of_all(world: World, as_user: SignIn) -> None:
    groups = many_groups(world, 60)
    for group in (*groups, world.group):
        settle(group)
    today = timezone.localdate()
    for days, group in enumerate(groups[:52], start=1):
        set_rows(group, "contract", state="todo", due_on=today - timedelta(days=days))
    client = as_user(world.cast.egle)
    first, second = page(client, "?q=Tiltas"), page(client, "?q=Tiltas&page=2")
    shown = [re.findall(r">(Tiltas \d+)</a>\s<small>", text) for text in (first, second)]
    assert shown[0] == [f"Tiltas {number}" for number in range(51, 1, -1)]
    assert shown[1][:2] == ["Tiltas 1", "Tiltas 0"]
    assert set(shown[1][2:]) == {f"Tiltas {number}" for number in range(52, 60)}
    for text in (first, second):
        assert "61 groups, 3 Mentees, 61 Mentors in Steps to Work" in text
        assert re.search(r"Late <b>52</b>", text)
        assert re.search(r"All <b>60</b>", text)
        assert "60 groups</small>" in text
    assert 'href="?q=Tiltas&amp;page=2#matrix" rel="next"' in first
    assert 'href="?q=Tiltas#matrix" rel="prev"' in second
    assert "Page 2 of 2" in second


@pytest.mark.parametrize("count", [1, 3])
def test_the_mentors_screen_asks_ten_times_whatever_the_number_of_groups(
    world: World, as_user: SignIn, open_groups: OpenGroups, session: PlannedSession,
    django_assert_num_queries: NumQueries, count: int,
) -> None:  # fmt: skip
    for group in open_groups(count - 1):
        add_member(group=group, user=world.cast.rasa, role=Role.MENTOR, by=world.cast.egle)
    leave_waiting(world.group, "personal_goals", world.cast.milda)
    client = as_user(world.cast.rasa)
    client.get(URL)
    with django_assert_num_queries(10):
        client.get(URL)


@pytest.mark.parametrize("count", [1, 3])
def test_the_mentees_screen_asks_ten_times_whatever_the_number_of_groups(
    world: World, as_user: SignIn, open_groups: OpenGroups, session: PlannedSession,
    django_assert_num_queries: NumQueries, count: int,
) -> None:  # fmt: skip
    for group in open_groups(count - 1):
        add_member(group=group, user=world.cast.milda, role=Role.MENTEE, by=world.cast.egle)
    client = as_user(world.cast.milda)
    client.get(URL)
    with django_assert_num_queries(10):
        client.get(URL)


def test_who_left_the_last_group_reads_until_when(world: World, as_user: SignIn) -> None:
    place = world.group.memberships.live().get(user=world.cast.milda)
    end_membership(membership=place, by=world.cast.egle)
    text = page(as_user(world.cast.milda))
    place.refresh_from_db()
    assert "You are not in a group yet" not in text
    assert f"You were in a group until {day_month(place.left_on)}." in text
    assert world.group.name not in text  # nothing of a group opens to who has left it


def test_who_joined_later_has_not_done_what_was_before(world: World, as_user: SignIn) -> None:
    held_session(world)
    assert "1 past session" in page(as_user(world.cast.milda))
    Membership.objects.filter(group=world.group, user=world.cast.milda).update(starts_on=programme_today())
    text = page(as_user(world.cast.milda))
    assert "past session" not in text
    assert "1 session before you joined" in text
    assert "Not asked for" in text
