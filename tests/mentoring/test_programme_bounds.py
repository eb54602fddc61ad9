"""What a programme asks of its groups can be done by people."""

import pytest
from django.core.exceptions import ValidationError

from tests.cast import World


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("group_size_max", 0),
        ("group_size_max", 1000),
        ("meeting_minutes", 30000),
        ("sessions_target", 61),
        ("in_person_target", 11),
        ("diary_due_days", 0),
        ("acceptance_days", 1000),
        ("retention_months", 601),
    ],
)
def test_rules_that_nobody_can_keep_are_refused_beside_the_field(world: World, field: str, value: int) -> None:
    programme = world.programme
    programme.sessions_target, programme.in_person_target = 10, 3
    programme.full_clean()
    setattr(programme, field, value)
    with pytest.raises(ValidationError) as refused:
        programme.full_clean()
    assert set(refused.value.message_dict) == {field}
