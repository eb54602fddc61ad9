"""Reminding: a mail each, in the person's language, once a day, without a word of what people wrote."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from checklist.services.reminders import remind
from core.models import DomainEvent
from core.policy.roles import Action, Role, Stage
from documents.models import Source
from documents.services import filing
from mentoring.models import MentoringGroup
from mentoring.services.memberships import add_member
from mentoring.standing import Standing
from notices.models import Notice, NoticeChoice, Topic, Way
from tests.cast import World
from tests.documents.sent_files import pdf
from tests.pack_tools import tool
from tests.telling import leads_to, reminders


def rows(world: World, key: str) -> list[ChecklistItem]:
    found = ChecklistItem.objects.filter(group=world.group, tool_version__tool__key=key)
    return list(found.order_by("subject__full_name"))


def ask(world: World, key: str, **more: object) -> set[str]:
    people = remind(group=world.group, tool=tool(key), by=world.cast.egle, **more)  # type: ignore[arg-type]
    return {person.email.split("@")[0] for person in people}


def written() -> set[str]:
    return {to.split("@")[0] for to in reminders().values_list("to", flat=True)}


def test_everybody_who_owes_gets_one_mail_in_their_language(world: World) -> None:
    User.objects.filter(pk=world.cast.elena.pk).update(language="bg")
    assert ask(world, "personal_goals") == {"milda", "tomas", "elena"}
    assert written() == {"milda", "tomas", "elena"}
    english = reminders().get(to="milda@example.org")
    assert english.subject == "Still to do: Personal goals and objectives"
    assert "Eglė Petrauskaitė asks you for it." in english.body
    assert "Group: “Žingsnis”." in english.body
    assert leads_to(english) == f"/groups/{world.group.pk}/forms/personal_goals/"
    assert "Лични цели и задачи" in reminders().get(to="elena@example.org").subject
    events = DomainEvent.objects.filter(kind="checklist.reminded")
    assert {event.data["user_id"] for event in events} == {
        world.cast.milda.pk,
        world.cast.tomas.pk,
        world.cast.elena.pk,
    }


def test_once_a_day_for_a_row(world: World) -> None:
    now = timezone.now()
    item = rows(world, "personal_goals")[0]
    assert len(ask(world, "personal_goals", items=[item.pk])) == 1
    assert len(ask(world, "personal_goals")) == 2
    assert ask(world, "personal_goals", at=now + timedelta(hours=23)) == set()
    assert len(ask(world, "personal_goals", at=now + timedelta(hours=25))) == 3


def test_two_rows_of_one_person_are_one_mail(world: World) -> None:
    for number in (1, 2):
        ChecklistItem.objects.create(
            group=world.group, tool_version=tool("diary").current, subject=world.cast.milda,
            session_key=f"session-{number}", session_title={"en": f"Meeting {number}"}, due_on=timezone.localdate(),
        )  # fmt: skip
    assert ask(world, "diary") == {"milda"}
    body = reminders().get().body
    assert "Meeting 1" in body
    assert "Meeting 2" in body


def test_what_is_late_is_said_to_be_late(world: World) -> None:
    ChecklistItem.objects.create(
        group=world.group, tool_version=tool("diary").current, subject=world.cast.milda, session_key="session-1",
        session_title={"en": "Meeting 1"}, due_on=timezone.localdate() - timedelta(days=9),
    )  # fmt: skip
    ask(world, "diary")
    assert "Meeting 1. Was due " in reminders().get().body


@pytest.mark.parametrize("values", [{"state": "done"}, {"state": "waived"}, {"state": "waiting"}])
def test_who_owes_nothing_is_left_alone(world: World, values: dict[str, str]) -> None:
    ChecklistItem.objects.filter(group=world.group).update(**values)
    assert ask(world, "personal_goals") == set()


def test_what_is_not_open_yet_is_not_asked_for(world: World) -> None:
    assert ask(world, "final_questionnaire") == set()


def test_documents_of_the_whole_group_go_to_who_fills_them_in_but_not_to_oneself(world: World) -> None:
    assert ask(world, "group_goals") == {"rasa"}


def test_signatures_are_asked_of_those_who_have_not_signed(world: World) -> None:
    cast = world.cast
    filing.file_version(
        group=world.group, tool_version=tool("contract").current, subject=None, session_key="", session_title={},
        author=cast.rasa, audience="group", content=pdf(), pages=1, language="en", source=Source.UPLOADED,
        created_by=cast.rasa, signed_by=[cast.rasa, cast.milda],
    )  # fmt: skip
    assert ask(world, "contract") == {"tomas", "elena"}
    mail = reminders().get(to="tomas@example.org")
    assert mail.subject == "Still to sign: Mentoring contract"


def test_nobody_is_asked_to_sign_a_contract_that_does_not_exist(world: World) -> None:
    """It is the Manager's to fill in first; another Manager is asked for that, and nobody for a signature."""
    assert ask(world, "contract") == set()
    add_member(group=world.group, user=world.cast.boris, role=Role.MANAGER, by=world.cast.egle)
    assert ask(world, "contract") == {"boris"}
    mail = reminders().get()
    assert mail.subject == "Still to do: Mentoring contract"
    assert leads_to(mail) == reverse("responses:form-start", args=[world.group.pk, "contract"])
    assert "sign" not in mail.body


def test_who_left_or_may_not_sign_in_gets_no_mail(world: World) -> None:
    ChecklistItem.objects.create(
        group=world.group, tool_version=tool("personal_goals").current, subject=world.cast.jonas,
        due_on=timezone.localdate(),
    )  # fmt: skip
    User.objects.filter(pk=world.cast.tomas.pk).update(is_active=False)
    assert ask(world, "personal_goals") == {"milda", "elena"}


@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.CLOSED])
def test_a_group_that_rests_is_not_reminded(world: World, stage: Stage) -> None:
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=stage)
    world.group.refresh_from_db()
    with pytest.raises(ValidationError):
        ask(world, "personal_goals")
    assert written() == set()


def test_a_row_of_another_group_is_never_touched(world: World) -> None:
    other = ChecklistItem.objects.filter(group=world.other_group, tool_version__tool__key="personal_goals")
    assert ask(world, "personal_goals", items=list(other.values_list("pk", flat=True))) == set()
    assert written() == set()


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("contract", {}, "“Mentoring contract” is written first, then signed by all."),
        ("contract", {"state": "done"}, "There is nothing left to do here."),
        ("personal_goals", {"reminded_at": timezone.now()}, "everyone concerned was reminded within the last day."),
        ("final_questionnaire", {}, "It is not asked for yet."),
    ],
)
def test_an_old_page_is_told_why_nobody_was_reminded(
    world: World, as_user: Callable[..., Client], key: str, values: dict[str, object], said: str
) -> None:
    ChecklistItem.objects.filter(group=world.group, tool_version__tool__key=key).update(**values)
    url = reverse("checklist:checklist-remind", args=[world.group.pk, key])
    assert said in as_user(world.cast.egle).post(url, follow=True).text


def test_it_comes_the_way_that_the_person_chose(world: World) -> None:
    """One who wants no e-mails finds it on the page; what is in quiet hours waits."""
    NoticeChoice.objects.create(person=world.cast.milda, topic=Topic.ASKED, way=Way.IN_PAGE)
    assert ask(world, "personal_goals") == {"milda", "tomas", "elena"}
    assert written() == {"tomas", "elena"}
    assert User.objects.get(pk=world.cast.milda.pk).unread_notices == 1


def test_what_was_done_meanwhile_is_not_asked_for(world: World) -> None:
    ask(world, "personal_goals")
    ChecklistItem.objects.filter(group=world.group, subject=world.cast.milda).update(state="done")
    assert written() == {"tomas", "elena"}
    for notice in Notice.objects.filter(kind="reminder"):
        assert Notice.objects.allowing(Standing.of(notice.person), Action.VIEW).filter(pk=notice.pk).exists()
    ChecklistItem.objects.filter(group=world.group).update(state="done")
    for notice in Notice.objects.filter(kind="reminder"):
        assert not Notice.objects.allowing(Standing.of(notice.person), Action.VIEW).filter(pk=notice.pk).exists()
