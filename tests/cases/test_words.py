"""Words that depend on who reads them, on how many people they are about, and on what has happened to the group."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.admin import KINDS
from accounts.services import store_mail
from core.policy.roles import ProgrammeRole
from core.texts import country_name, within
from mentoring.forms import ReasonForm
from mentoring.models import Pack
from mentoring.pages.space import entry_words
from mentoring.services import memberships, stages
from rendering.pdf import library_documents
from tests.cast import World
from tests.pack_tools import tool
from tools import wording
from tools.fields.placeholders import values_for

SignIn = Callable[..., Client]


def read(client: Client, name: str, *args: Any) -> str:
    """Return a page."""
    return client.get(reverse(name, args=args)).text


def test_only_a_mentee_reads_of_their_mentor_and_manager(world: World, as_user: SignIn) -> None:
    cast, space, plan = world.cast, "mentoring:group-detail", "sessions:plan-detail"
    assert "Your Mentor and your Manager change it." in read(as_user(cast.milda), plan, world.group.pk)
    stages.pause(group=world.group, by=cast.egle, reason="Summer")
    assert "Your Mentor and your Manager set the dates." in read(as_user(cast.milda), space, world.group.pk)
    for person in (cast.rasa, cast.egle):
        page = read(as_user(person), space, world.group.pk)
        assert "your Manager" not in page
        assert "once the group is resumed" in page
    for person in (cast.milda, cast.rasa, cast.egle):
        page = read(as_user(person), plan, world.group.pk)
        assert "your Manager" not in page
        assert "Its plan can be changed when it resumes." in page


def test_a_resumed_group_is_in_the_stage_that_it_is_in(world: World, as_user: SignIn) -> None:
    stages.pause(group=world.group, by=world.cast.egle, reason="Summer")
    world.group.refresh_from_db()
    egle = as_user(world.cast.egle)
    page = egle.post(reverse("mentoring:group-resume", args=[world.group.pk]), follow=True).text
    world.group.refresh_from_db()
    assert f"The pause is over. The stage of the group: {world.group.get_stage_display()}." in page


def test_it_is_said_who_reads_a_reason_before_it_is_written(world: World, as_user: SignIn) -> None:
    egle = as_user(world.cast.egle)
    pause = read(egle, "mentoring:group-exit", world.group.pk, "pause")
    assert "Only Managers read the reason." in " ".join(pause.split())
    assert ReasonForm({"reason": ""}).errors == {"reason": ["Say why."]}


def test_up_to_ten_people_are_counted_in_words() -> None:
    assert [entry_words(count) for count in (2, 4, 10, 11)] == [
        f"Only the {number} of you can enter this space." for number in ("two", "four", "ten", "11")
    ]


def test_one_other_mentee_is_a_fellow_mentee(world: World, as_user: SignIn) -> None:
    milda = as_user(world.cast.milda)
    assert "Your fellow Mentees" in read(milda, "home:first-screen")
    tomas = world.group.memberships.get(user=world.cast.tomas)
    memberships.end_membership(membership=tomas, by=world.cast.egle)
    page = read(milda, "home:first-screen")
    assert "Your fellow Mentee" in page
    assert "Your fellow Mentees" not in page


def test_a_group_that_has_ended_needs_no_attention(world: World, as_user: SignIn) -> None:
    stages.end_early(group=world.group, by=world.cast.egle, reason="Everyone has found work")
    page = read(as_user(world.cast.egle), "checklist:checklist-list", world.group.pk)
    assert "Not done when the group ended" in page
    assert "Needs attention" not in page


def test_people_are_counted_once(world: World, as_user: SignIn) -> None:
    memberships.enrol(programme_id=world.programme.pk, user=world.cast.rasa, role=ProgrammeRole.MENTEE)
    page = read(as_user(world.cast.dana), "mentoring:people-list")
    found = world.programme.enrolments.live()
    assert found.count() == found.count_people() + 1
    assert f"{found.count_people()} people in" in page


@pytest.mark.parametrize(("language", "name", "said"), [
    ("en", "Manager", "Manager"), ("bg", "Ръководител", "ръководител"), ("bg", "HR-партньор", "HR-партньор"),
    ("bg", "", ""),
])  # fmt: skip
def test_bulgarian_writes_a_role_small_within_a_sentence(language: str, name: str, said: str) -> None:
    with translation.override(language):
        assert within(name) == said


def test_roles_on_a_bulgarian_paper_and_in_the_library(pack: Pack) -> None:
    version = tool("participants_list").current
    document = library_documents.blank_document(version, "bg", None).document
    assert document.closing[0].startswith("Попълва: ръководител и ментор. ")
    with translation.override("bg"):
        assert wording.filled_by(version) == "Ръководител и ментор"
        assert wording.filing(tool("personal_goals").current) == "След приемане от: ментор и ръководител"
    with translation.override("en"):
        assert wording.filled_by(version) == "Manager and Mentor"


def test_roles_of_the_readers_of_a_bulgarian_form(world: World) -> None:
    with translation.override("bg"):
        assert "Rasa Žukauskienė, ментор" in values_for(world.group)["group.members"]


def test_a_country_is_called_by_its_name() -> None:
    assert [country_name(code) for code in ("LT", "", "XQ")] == ["Lithuania", "", "XQ"]
    with translation.override("bg"):
        assert country_name("LT") == "Литва"


def test_every_kind_of_mail_is_in_words(world: World, as_user: SignIn) -> None:
    for kind in KINDS:
        store_mail(to="milda@example.org", kind=kind, subject="s", body="b")
    page = read(as_user(world.cast.sofia), "admin:accounts_mail_changelist")
    for kind in ("unknown_account", "address_changed", "password_reset_key"):
        assert kind not in page
    assert "Password asked for an unknown address" in page
