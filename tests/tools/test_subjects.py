"""Whom and what the forms of a tool are about: the table, by hand, and the condition in SQL that is made from it."""

import pytest

from core.policy.roles import Role
from tests.cast import World
from tools.models import OnePer, Tool, ToolVersion
from tools.subjects import ABOUT, about, subject_fills_in, writer_roles

BY_HAND = {
    "group": ((), False),
    "mentee": ((Role.MENTEE,), False),
    "mentor": ((Role.MENTOR,), False),
    "mentee_or_mentor": ((Role.MENTEE, Role.MENTOR), False),
    "mentee_session": ((Role.MENTEE,), True),
    "session": ((), True),
}


@pytest.mark.parametrize("one_per", OnePer.values)
def test_the_table_says_whom_and_what_a_form_is_about(one_per: str) -> None:
    said = about(ToolVersion(one_per=one_per))
    assert (said.roles, said.needs_session) == BY_HAND[one_per]


def test_the_table_knows_every_way() -> None:
    assert set(ABOUT) == set(OnePer.values) == set(BY_HAND)


@pytest.mark.parametrize(
    ("one_per", "filled_by", "writers"),
    [
        ("group", ["mentor", "manager"], {"mentor", "manager"}),
        ("mentee", ["mentee", "manager"], {"mentee"}),
        ("mentee_session", ["mentee"], {"mentee"}),
        ("mentor", ["manager"], {"manager"}),
        ("mentee_or_mentor", ["mentee", "mentor", "manager"], {"mentee", "mentor"}),
        ("mentee_or_mentor", ["manager"], {"manager"}),
        ("session", ["manager", "mentor"], {"manager", "mentor"}),
    ],
)
def test_what_is_handed_in_are_the_answers_of_whom_it_is_about(
    one_per: str, filled_by: list[str], writers: set[str]
) -> None:
    assert writer_roles(ToolVersion(one_per=one_per, content={"filled_by": filled_by})) == writers


@pytest.mark.parametrize(
    ("one_per", "fill_in", "is_theirs"),
    [
        ("group", {"mentee", "mentor", "manager"}, False),
        ("session", {"mentee", "mentor", "manager"}, False),
        ("mentee", {"mentee"}, True),
        ("mentee", {"mentor", "manager"}, False),
        ("mentee_session", {"mentee"}, True),
        ("mentor", {"mentor"}, True),
        ("mentor", {"mentee"}, False),
        ("mentee_or_mentor", {"mentee", "mentor"}, True),
        ("mentee_or_mentor", {"mentee"}, False),
        ("mentee_or_mentor", {"manager"}, False),
    ],
)
def test_a_form_is_its_subjects_where_they_fill_it_in(
    world: World, one_per: str, fill_in: set[str], is_theirs: bool
) -> None:
    version = Tool.objects.of_pack(world.group.programme.pack_id).first().current
    flags = {f"by_{role}": role in fill_in for role in Role.values}
    ToolVersion.objects.filter(pk=version.pk).update(one_per=one_per, **flags)
    assert ToolVersion.objects.filter(subject_fills_in(""), pk=version.pk).exists() is is_theirs
