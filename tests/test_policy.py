"""The policy tables are total, and say what they must not."""

from core.policy import AREA_POLICY, FOLDER_POLICY, MAY_INVITE, PROGRAMME_POLICY
from core.roles import Action, Area, FolderKind, ProgrammeRole, Role


def test_folder_policy_names_every_kind_and_role() -> None:
    assert set(FOLDER_POLICY) == set(FolderKind)
    assert all(set(by_role) == set(Role) for by_role in FOLDER_POLICY.values())


def test_area_policy_names_every_area_of_a_group_and_every_role() -> None:
    assert set(AREA_POLICY) == set(Area) - {Area.PROGRAMME}
    assert all(set(by_role) == set(Role) for by_role in AREA_POLICY.values())


def test_programme_policy_names_every_role() -> None:
    assert set(PROGRAMME_POLICY) == set(MAY_INVITE) == set(ProgrammeRole)


def test_no_mentee_puts_or_removes_anything_in_any_folder() -> None:
    for by_role in FOLDER_POLICY.values():
        assert by_role[Role.MENTEE] == {Action.VIEW}


def test_nobody_writes_into_library_or_own_papers() -> None:
    for kind in (FolderKind.LIBRARY, FolderKind.PERSONAL):
        assert all(actions == {Action.VIEW} for actions in FOLDER_POLICY[kind].values())
