"""Opening a group and what comes with it."""

import pytest
from django.core.exceptions import ValidationError

from checklist.models import ChecklistItem
from core.policy.roles import Action, FolderKind, Role, Stage
from core.policy.tables import FOLDER_POLICY
from documents.grants import sync_all
from documents.models import Folder, FolderGroupObjectPermission
from mentoring.models import Membership, RoleGroup
from mentoring.services import stages
from mentoring.services.memberships import add_member, end_membership
from mentoring.standing import Standing
from tests.cast import World


def test_open_group_makes_folders_with_exactly_the_grants_of_the_policy(world: World) -> None:
    folders = Folder.objects.of_group(world.group)
    assert {folder.kind for folder in folders} == {"managing", "monitoring", "personal"}
    for folder in folders:
        stored = {
            (grant.group.role_group.role, grant.permission.codename)
            for grant in FolderGroupObjectPermission.objects.filter(content_object=folder)
        }
        wanted = {
            (role.value, f"{action.value}_folder")
            for role, actions in FOLDER_POLICY[FolderKind(folder.kind)].items()
            for action in actions
        }
        assert stored == wanted


def test_open_group_makes_the_checklist_of_the_mandatory_tools(world: World) -> None:
    rows = ChecklistItem.objects.filter(group=world.group)
    per_tool = {}
    for row in rows.select_related("tool_version__tool"):
        per_tool.setdefault(row.tool_version.tool.key, []).append(row.subject_id)
    mentees = {world.cast.milda.pk, world.cast.tomas.pk, world.cast.elena.pk}
    assert set(per_tool) == {
        "mentee_profile", "personal_goals", "group_goals", "contract", "session_plan",
        "initial_questionnaire", "final_questionnaire",
    }  # fmt: skip
    assert set(per_tool["mentee_profile"]) == mentees
    assert per_tool["contract"] == [None]


def test_role_groups_hold_exactly_the_live_members(world: World) -> None:
    held = {
        role_group.role: set(role_group.auth_group.user_set.values_list("email", flat=True))
        for role_group in RoleGroup.objects.filter(group=world.group)
    }
    assert held == {
        "manager": {"egle@example.org"},
        "mentor": {"rasa@example.org"},
        "mentee": {"milda@example.org", "tomas@example.org", "elena@example.org"},
    }


def test_sync_all_changes_nothing_when_all_is_right_and_repairs_drift(world: World) -> None:
    assert sync_all() == 0
    folder = Folder.objects.get(group=world.group, kind="managing")
    upload = FolderGroupObjectPermission.objects.filter(content_object=folder, permission__codename="upload_folder")
    upload.filter(group__role_group__role="mentor").delete()
    mentee_group = RoleGroup.objects.get(group=world.group, role="mentee").auth_group
    FolderGroupObjectPermission.objects.create(
        content_object=folder, group=mentee_group, permission=upload.first().permission
    )
    mentee_group.user_set.add(world.cast.olga)
    assert sync_all() == 3
    assert sync_all() == 0


def test_nobody_uploads_but_manager_and_mentor(world: World) -> None:
    may = {
        name
        for name, person in world.cast.everybody().items()
        if Folder.objects.allowing(Standing.of(person), Action.UPLOAD)
        .filter(group=world.group, kind="managing")
        .exists()
    }
    assert may == {"egle", "rasa"}


def test_who_left_yesterday_reads_nothing_even_before_the_nightly_sync(world: World) -> None:
    jonas = world.cast.jonas
    RoleGroup.objects.get(group=world.group, role="mentee").auth_group.user_set.add(jonas)
    assert not Folder.objects.allowing(Standing.of(jonas), Action.VIEW).exists()


def test_a_person_joins_a_group_only_once(world: World) -> None:
    with pytest.raises(ValidationError, match="already"):
        add_member(group=world.group, user=world.cast.milda, role=Role.MENTOR, by=world.cast.egle)


def test_a_person_can_be_mentor_here_and_mentee_there(world: World) -> None:
    add_member(group=world.other_group, user=world.cast.rasa, role=Role.MENTEE, by=world.cast.boris)
    assert Folder.objects.allowing(Standing.of(world.cast.rasa), Action.UPLOAD).filter(group=world.group).count() == 2
    assert (
        not Folder.objects.allowing(Standing.of(world.cast.rasa), Action.UPLOAD)
        .filter(group=world.other_group)
        .exists()
    )


def test_leaving_takes_open_checklist_rows_away(world: World) -> None:
    tomas = Membership.objects.get(group=world.group, user=world.cast.tomas)
    end_membership(membership=tomas, by=world.cast.egle, reason="found a job")
    assert not ChecklistItem.objects.filter(group=world.group, subject=world.cast.tomas).exists()


def test_matched_needs_a_mentor_or_a_reason(world: World) -> None:
    mentor = Membership.objects.live().get(group=world.group, user=world.cast.rasa)
    end_membership(membership=mentor, by=world.cast.egle, reason="ill")
    with pytest.raises(ValidationError):
        stages.advance(group=world.group, by=world.cast.egle)
    change = stages.advance(group=world.group, by=world.cast.egle, reason="a new Mentor comes on Monday")
    assert world.group.stage == Stage.MATCHED
    assert change.waived_gates == ["mentor"]
