"""The pages on which a programme says by which rules it reminds, and who is reminded today."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.days import programme_today
from core.models import DomainEvent
from mentoring.models import MentoringGroup
from notices.models import MailSetting, NoticeChoice, Reminder, ReminderRule, Topic, Way
from notices.rule_forms import undo_token
from notices.services import fan_out, reminders, rules
from tests.cast import World
from tests.notices.test_reminders import Clock, at, clock, due_in, rule  # noqa: F401 -- a fixture among them

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
RULE = {"kind": "diary", "days": "2", "side": "after", "every": "3", "times": "3", "escalate_to": "manager",
        "escalate_after": "10"}  # fmt: skip


def words(answer: Any) -> str:
    """Return what a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


@pytest.fixture
def dana(quiet: World, as_user: SignIn) -> Client:
    """The Programme Admin, signed in."""
    return as_user(quiet.cast.dana)


def path_of(world: World, name: str = "rule-list") -> str:
    """Return the address of a page of the programme."""
    return reverse(f"notices:{name}", args=[world.programme.pk])


def test_a_programme_without_rules_offers_those_of_the_pack(quiet: World, dana: Client) -> None:
    assert "No rules yet" in words(dana.get(path_of(quiet)))
    dana.post(path_of(quiet, "rules-take"))
    page = words(dana.get(path_of(quiet)))
    assert "The diary of a session 2 days before the day on which it is due" in page
    assert "1 day after the day on which it is due, then every 3 days, 3 times at most" in page
    assert "Still open 10 days after that day, it is told to: Manager" in page
    assert "then every 7 days, until it is done" in page


def test_an_admin_adds_a_rule_and_takes_it_back(quiet: World, dana: Client) -> None:
    answer = dana.post(path_of(quiet, "rule-create"), RULE, follow=True)
    added = ReminderRule.objects.get()
    assert (added.days, added.side, added.every, added.times, added.escalate_to) == (2, "after", 3, 3, "manager")
    assert "The rule is added." in words(answer)
    undo = reverse("notices:rule-remove", args=[added.pk])
    assert undo in answer.content.decode()
    dana.post(undo)
    assert not ReminderRule.objects.exists()
    assert DomainEvent.objects.filter(kind="reminder_rule.added", actor=quiet.cast.dana).exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"days": ""}, "Enter a number."),
        ({"days": "500"}, "120"),
        ({"kind": "session"}, "before the day only"),
        ({"kind": "decision", "side": "before"}, "after the day only"),
        ({"every": ""}, "Say after how many days it comes again."),
        ({"escalate_after": ""}, "Say after how many days they are told."),
        ({"escalate_to": ""}, "Say who is told, or leave the days empty."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    quiet: World, dana: Client, changed: dict[str, str], said: str
) -> None:
    answer = dana.post(path_of(quiet, "rule-create"), RULE | changed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Nothing you wrote is lost" in page
    assert ("every" in changed) or 'value="3"' in page
    assert not ReminderRule.objects.exists()


def test_a_change_can_be_undone_and_a_foreign_token_does_nothing(quiet: World, dana: Client) -> None:
    found = rule(quiet, "diary", 2)
    path = reverse("notices:rule-edit", args=[found.pk])
    assert 'value="2"' in dana.get(path).content.decode()
    answer = dana.post(path, RULE | {"days": "9"}, follow=True)
    found.refresh_from_db()
    assert (found.days, found.side, found.since) == (9, "after", programme_today())
    undo = re.search(rf"/reminders/rules/{found.pk}/undo/[^\"]+", answer.content.decode())
    assert undo is not None
    dana.post(undo[0])
    found.refresh_from_db()
    assert (found.days, found.side, found.every) == (2, "before", 0)
    for token in ("made-up", undo_token({"reply_to": "", "kept_months": 24})):
        assert dana.post(reverse("notices:rule-undo", args=[found.pk, token])).status_code == 404


def test_a_rule_is_switched_off_and_on_again(quiet: World, dana: Client) -> None:
    found = rule(quiet, "diary", 2)
    path = reverse("notices:rule-switch", args=[found.pk])
    assert "The rule is switched off." in words(dana.post(f"{path}?to=off", follow=True))
    assert not ReminderRule.objects.get().is_on
    assert "The rule is switched on." in words(dana.post(f"{path}?to=on", follow=True))
    assert ReminderRule.objects.get().is_on


def test_a_rule_by_which_somebody_was_reminded_is_switched_off_not_removed(
    quiet: World,
    clock: Clock,  # noqa: F811
) -> None:
    found = rule(quiet, "tool", 3)
    due_in(quiet, 3)
    clock.set(at(programme_today()))
    assert reminders.run() == 3
    rules.take_back_rule(rule=found, by=quiet.cast.dana)
    assert not ReminderRule.objects.get().is_on


def test_managers_mentors_and_admins_of_other_programmes_reach_no_rule(quiet: World, as_user: SignIn) -> None:
    found = rule(quiet, "diary", 2)
    for person in (quiet.cast.egle, quiet.cast.rasa, quiet.cast.milda, quiet.cast.olga):
        client = as_user(person)
        assert client.get(path_of(quiet)).status_code == 404
        assert client.post(reverse("notices:rule-switch", args=[found.pk]) + "?to=off").status_code == 404
    assert ReminderRule.objects.get().is_on


def test_the_admin_says_where_answers_go_and_can_undo_it(quiet: World, dana: Client) -> None:
    answer = dana.post(path_of(quiet, "mail-edit"), {"reply_to": "no address", "kept_months": "12"})
    assert answer.status_code == 422
    assert "no address" in answer.content.decode()
    answer = dana.post(
        path_of(quiet, "mail-edit"), {"reply_to": "office@example.org", "kept_months": "12"}, follow=True
    )
    assert "office@example.org" in words(answer)
    assert MailSetting.objects.get().kept_months == 12
    undo = re.search(rf"/programmes/{quiet.programme.pk}/mail/undo/[^\"]+", answer.content.decode())
    assert undo is not None
    dana.post(undo[0])
    assert MailSetting.objects.get().reply_to == ""


# --- who is reminded today --------------------------------------------------------------------------------------------


@pytest.fixture
def due_today(quiet: World, clock: Clock) -> World:  # noqa: F811
    """The goals of the Mentees of «Žingsnis» are due in three days, of which a rule reminds."""
    rule(quiet, "tool", 3)
    due_in(quiet, 3)
    clock.set(at(programme_today()))
    return quiet


def test_the_manager_sees_who_would_be_reminded_of_own_groups_and_why(due_today: World, as_user: SignIn) -> None:
    path = reverse("notices:reminders-own")
    page = words(as_user(due_today.cast.egle).get(path))
    for name in ("Milda Kazlauskaitė", "Tomas Jankauskas", "Елена Георгиева"):
        assert (
            f"{name} Something else that the checklist asks for Žingsnis. 3 days before the day on which it is due."
            in page
        )
    assert page.count("Comes") == 3
    assert not Reminder.objects.exists(), "looking makes nothing"
    other = words(as_user(due_today.cast.boris).get(path))
    assert "Nobody is reminded today" in other
    assert "Milda" not in other
    for person in (due_today.cast.rasa, due_today.cast.milda, due_today.cast.dana):
        assert as_user(person).get(path).status_code == 404


def test_the_admin_sees_the_whole_programme_and_no_title_of_a_paper(due_today: World, as_user: SignIn) -> None:
    client = as_user(due_today.cast.dana)
    page = words(client.get(path_of(due_today, "reminders-today")))
    assert "Milda Kazlauskaitė Something else that the checklist asks for" in page
    assert "Personal goals" not in page
    reminders.run()
    page = words(client.get(path_of(due_today, "reminders-today")))
    assert page.count("Made") == 3
    assert as_user(due_today.cast.egle).get(path_of(due_today, "reminders-today")).status_code == 404


def test_who_wants_no_such_notices_does_not_stand_there(due_today: World, as_user: SignIn) -> None:
    NoticeChoice.objects.create(person=due_today.cast.milda, topic=Topic.ASKED, way=Way.OFF)
    page = words(as_user(due_today.cast.egle).get(reverse("notices:reminders-own")))
    assert "Milda" not in page
    assert "Tomas" in page


@pytest.mark.parametrize("other", [False, True])
def test_the_page_costs_the_same_for_one_group_and_for_two(
    due_today: World, as_user: SignIn, django_assert_num_queries: Any, other: bool
) -> None:
    if not other:
        MentoringGroup.objects.filter(pk=due_today.other_group.pk).update(stage="closed")
    client = as_user(due_today.cast.dana)
    path = path_of(due_today, "reminders-today")
    client.get(path)
    with django_assert_num_queries(10):
        client.get(path)
    ReminderRule.objects.all().delete()
    rules.take_rules_of_packs()
    with django_assert_num_queries(16):  # one or two more for each app of which something falls due
        client.get(path)


def test_the_log_says_by_which_rule_somebody_was_told(due_today: World, as_user: SignIn) -> None:
    reminders.run()
    fan_out.sweep()
    page = words(as_user(due_today.cast.egle).get(reverse("notices:notice-log", args=[due_today.group.pk])))
    assert "Milda Kazlauskaitė Reminder: Personal goals" in page
    assert "The programme reminds of what falls due. 3 days before the day on which it is due." in page
