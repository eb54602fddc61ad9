"""The policy tables are total, and say what they must not."""

from django.apps import apps

from core.policy.roles import Action, Area, FolderKind, ProgrammeRole, Role
from core.policy.tables import AREA_POLICY, FOLDER_POLICY, MAY_INVITE, PROGRAMME_POLICY
from core.web.routes import all_routes


def test_folder_policy_names_every_kind_and_role() -> None:
    assert set(FOLDER_POLICY) == set(FolderKind)
    assert all(set(by_role) == set(Role) for by_role in FOLDER_POLICY.values())


def test_area_policy_names_every_area_of_a_group_and_every_role() -> None:
    assert set(AREA_POLICY) == set(Area) - {Area.PROGRAMME, Area.FOLDER}
    assert all(set(by_role) == set(Role) for by_role in AREA_POLICY.values())


def test_programme_policy_names_every_role() -> None:
    assert set(PROGRAMME_POLICY) == set(MAY_INVITE) == set(ProgrammeRole)


def test_no_mentee_puts_or_removes_anything_in_any_folder() -> None:
    for by_role in FOLDER_POLICY.values():
        assert by_role[Role.MENTEE] == {Action.VIEW}


def test_nobody_writes_into_library_or_own_documents() -> None:
    for rights in (AREA_POLICY[Area.LIBRARY], FOLDER_POLICY[FolderKind.PERSONAL]):
        assert all(actions == {Action.VIEW} for actions in rights.values())


ASKED_INSIDE = {
    # Rights that no guard asks, and who does.
    (Area.PROGRAMME, Action.VIEW): "the guards of library and pack ask it for people without a group",
}


def asked_by_routes() -> set[tuple[Area, Action]]:
    """Return what the guards of all routes ask for."""
    asked = set()
    for route in all_routes():
        model, _colon, action = route.access.rpartition(":")
        if not model and "." in action:
            model, action = "", route.access
        area, _dot, name = action.rpartition(".")
        if name not in Action.values:
            continue
        if not area:
            area = apps.get_model(model)._default_manager.all().area
        asked.add((Area(area), Action(name)))
    return asked


def test_every_action_of_the_policy_is_asked_by_a_route() -> None:
    granted = {(area, action) for area, by in AREA_POLICY.items() for actions in by.values() for action in actions}
    granted |= {(Area.FOLDER, action) for by in FOLDER_POLICY.values() for actions in by.values() for action in actions}
    granted |= {(Area.PROGRAMME, action) for actions in PROGRAMME_POLICY.values() for action in actions}
    asked = asked_by_routes()
    assert granted - asked == set(ASKED_INSIDE)
    assert set(ASKED_INSIDE).isdisjoint(asked)
    # The other way round: a route that asks for what nobody is granted serves nobody.
    assert asked - granted == set()
