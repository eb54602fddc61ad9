"""What a person is today, by hand-made sets: who may do what, when it begins and when it ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from core.policy.roles import Action, Area, ProgrammeRole, Role
from documents.models import Document, Folder
from mentoring import standing as standings
from mentoring.models import Enrolment, Invitation, Membership, MentoringGroup, Pack, Programme, RoleGroup
from mentoring.services.memberships import add_member, end_membership
from mentoring.standing import Standing
from mentoring.visible_people import VisiblePeople
from sessions_app.models import CatalogueSession, SessionPlan
from tests.cast import World
from tests.documents.batches import filed

pytestmark = pytest.mark.django_db
ZINGSNIS, KRACHKA = "Žingsnis", "Крачка"
"""The two groups of the cast."""


def groups_of(world: World, found: Any) -> set[str]:
    """Return the names of groups."""
    names = {world.group.pk: ZINGSNIS, world.other_group.pk: KRACHKA}
    return {names[pk] for pk in MentoringGroup.objects.filter(pk__in=found).values_list("pk", flat=True)}


@pytest.fixture(params=["few groups", "very many groups"])
def narrow_or_wide(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask each question both ways: by listed groups, and by a query."""
    if request.param == "very many groups":
        monkeypatch.setattr(standings, "MANY_GROUPS", 0)


# Who may do what in which group: written by hand, not from the policy.
MAY = {
    ("egle", Area.GROUP, Action.MANAGE): {ZINGSNIS},
    ("egle", Area.FORM, Action.DECIDE): {ZINGSNIS},
    ("egle", Area.CHECKLIST, Action.EXPORT): {ZINGSNIS},
    ("egle", Area.GROUP, Action.UPLOAD): set(),
    ("rasa", Area.GROUP, Action.MANAGE): set(),
    ("rasa", Area.PLAN, Action.CHANGE): {ZINGSNIS},
    ("rasa", Area.CHECKLIST, Action.VIEW): {ZINGSNIS},
    ("milda", Area.GROUP, Action.VIEW): {ZINGSNIS},
    ("milda", Area.PLAN, Action.CHANGE): set(),
    ("milda", Area.CHECKLIST, Action.VIEW): set(),
    ("milda", Area.FORM, Action.FILL): {ZINGSNIS},
    ("petar", Area.FORM, Action.DECIDE): {KRACHKA},
    ("jonas", Area.GROUP, Action.VIEW): set(),
    ("dana", Area.GROUP, Action.VIEW): set(),
    ("sofia", Area.GROUP, Action.VIEW): set(),
    ("olga", Area.GROUP, Action.VIEW): set(),
    ("viktor", Area.GROUP, Action.VIEW): set(),
}


@pytest.mark.usefixtures("narrow_or_wide")
@pytest.mark.parametrize(("person", "area", "action"), MAY)
def test_rights_in_groups(world: World, person: str, area: Area, action: Action) -> None:
    standing = Standing.of(world.cast.everybody()[person])
    assert groups_of(world, standing.groups(area, action)) == MAY[person, area, action]
    for name, group in ((ZINGSNIS, world.group), (KRACHKA, world.other_group)):
        assert standing.may(area, action, group.pk) == (name in MAY[person, area, action])


def keys(model: Any, standing: Standing, action: Action) -> set[int]:
    return set(model.objects.allowing(standing, action).values_list("pk", flat=True))


@pytest.mark.usefixtures("narrow_or_wide")
def test_every_model_says_the_same_of_the_same_person(world: World, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    people = {name: Standing.of(user) for name, user in world.cast.everybody().items()}
    folders = {each.kind: each.pk for each in Folder.objects.filter(group=world.group)}
    mine = {folders["managing"], folders["monitoring"], folders["personal"]}
    members = {"egle", "rasa", "milda", "tomas", "elena"}
    document = Document.objects.get(folder__group=world.group)
    plan = SessionPlan.objects.get(group=world.group)
    rows = set(ChecklistItem.objects.filter(group=world.group).values_list("pk", flat=True))
    sessions = set(CatalogueSession.objects.values_list("pk", flat=True))
    for name, standing in people.items():
        is_member, is_staff = name in members, name in {"egle", "rasa"}
        here = Folder.objects.filter(group=world.group)
        assert keys(Folder, standing, Action.VIEW) & set(here.values_list("pk", flat=True)) == (
            mine if is_member else set()
        ), name
        assert (folders["managing"] in keys(Folder, standing, Action.UPLOAD)) == is_staff, name
        assert folders["personal"] not in keys(Folder, standing, Action.UPLOAD), name
        assert (document.pk in keys(Document, standing, Action.VIEW)) == is_member, name
        assert (document.pk in keys(Document, standing, Action.REMOVE)) == is_staff, name
        assert (plan.pk in keys(SessionPlan, standing, Action.VIEW)) == is_member, name
        assert (plan.pk in keys(SessionPlan, standing, Action.CHANGE)) == is_staff, name
        assert (rows <= keys(ChecklistItem, standing, Action.MANAGE)) == (name == "egle"), name
        has_group = is_member or name in {"boris", "petar", "aino", "kalina"}
        assert keys(CatalogueSession, standing, Action.VIEW) == (sessions if has_group else set()), name
        assert (world.programme.pack_id in keys(Pack, standing, Action.VIEW)) == (
            has_group or name in {"jonas", "dana"}
        ), name
        assert keys(Programme, standing, Action.OPEN_GROUP) == (
            {world.programme.pk} if name in {"egle", "boris"} else set()
        ), name
        assert keys(Enrolment, standing, Action.VIEW) == (
            set(Enrolment.objects.values_list("pk", flat=True)) if name in {"egle", "boris", "dana"} else set()
        ), name
        assert bool(keys(Invitation, standing, Action.INVITE)) == (
            name in {"egle", "boris", "dana"} and Invitation.objects.exists()
        ), name


@pytest.mark.usefixtures("narrow_or_wide")
def test_people_one_may_see_are_those_of_ones_groups(world: World) -> None:
    cast = world.cast
    seen = set(VisiblePeople.of(Standing.of(cast.milda)).values_list("pk", flat=True))
    assert seen == {cast.egle.pk, cast.rasa.pk, cast.milda.pk, cast.tomas.pk, cast.elena.pk}
    assert set(VisiblePeople.of(Standing.of(cast.jonas)).values_list("pk", flat=True)) == {cast.jonas.pk}


def test_it_costs_one_statement(world: World, django_assert_num_queries: Callable[..., Any]) -> None:
    add_member(group=world.other_group, user=world.cast.rasa, role=Role.MENTEE, by=world.cast.boris)
    with django_assert_num_queries(1):
        standing = Standing.of(world.cast.rasa)
        assert standing.role_in(world.group.pk) == Role.MENTOR
        assert standing.role_in(world.other_group.pk) == Role.MENTEE
        assert standing.roles == {"mentor", "mentee"}
        assert standing.programmes_as(ProgrammeRole.MENTOR) == {world.programme.pk}
        assert len(standing.auth_groups()) == 2
        assert [(seat.role, seat.groups) for seat in standing.seats if seat.in_groups] == [("mentee", 1), ("mentor", 1)]


def test_in_very_many_groups_the_groups_are_not_listed(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., Any]
) -> None:
    monkeypatch.setattr(standings, "MANY_GROUPS", 0)
    with django_assert_num_queries(2):
        standing = Standing.of(world.cast.egle)
    assert not isinstance(standing.groups_as(Role.MANAGER), frozenset)
    assert groups_of(world, standing.groups_as(Role.MANAGER)) == {ZINGSNIS}
    assert standing.groups_as(Role.MENTEE) == frozenset()
    assert set(standing.auth_groups().values_list("auth_group", flat=True)) == set(
        RoleGroup.objects.filter(group=world.group, role=Role.MANAGER).values_list("auth_group", flat=True)
    )


@pytest.mark.parametrize("role", ["", "admin"])
def test_without_a_role_no_group_is_meant(world: World, role: str) -> None:
    assert Standing.of(world.cast.egle).groups_as(*filter(None, [role])) == frozenset()


def test_nobody_and_the_deactivated_may_nothing(world: World) -> None:
    for user in (AnonymousUser(), world.cast.viktor, User()):
        standing = Standing.of(user)
        assert (standing.seats, standing.user_id, standing.is_superuser) == ((), 0, False)
        assert not Document.objects.allowing(standing, Action.VIEW).exists()


def test_it_does_not_change(world: World) -> None:
    with pytest.raises(AttributeError):
        Standing.of(world.cast.egle).seats = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("begins", "ends", "is_in"), [(-9, -1, False), (-9, 0, True), (0, None, True), (1, None, False), (-9, None, True)]
)
def test_a_membership_counts_on_its_days(world: World, begins: int, ends: int | None, *, is_in: bool) -> None:
    today = timezone.localdate()
    Membership.objects.filter(user=world.cast.milda).update(
        starts_on=today + timedelta(days=begins), ends_on=None if ends is None else today + timedelta(days=ends)
    )
    assert bool(Standing.of(world.cast.milda).all_groups()) == is_in


@pytest.mark.parametrize(("hours", "is_in"), [(None, True), (1, True), (-1, False)])
def test_an_enrolment_counts_until_its_moment(world: World, hours: int | None, *, is_in: bool) -> None:
    end = None if hours is None else timezone.now() + timedelta(hours=hours)
    Enrolment.objects.filter(user=world.cast.dana).update(ended_at=end)
    assert bool(Standing.of(world.cast.dana).programmes(Action.INVITE)) == is_in


def test_a_right_is_gone_with_the_next_request(world: World, as_user: Callable[..., Client], commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    document = Document.objects.get(folder__group=world.group)
    client, page = as_user(world.cast.milda), reverse("documents:document-detail", args=[document.pk])
    assert client.get(page).status_code == 200
    end_membership(membership=Membership.objects.live().get(user=world.cast.milda), by=world.cast.egle)
    assert client.get(page).status_code == 404


def test_a_stored_membership_of_an_auth_group_opens_nothing(world: World) -> None:
    manager = RoleGroup.objects.get(group=world.group, role=Role.MANAGER)
    world.cast.olga.groups.add(manager.auth_group)
    assert not Folder.objects.allowing(Standing.of(world.cast.olga), Action.VIEW).exists()
