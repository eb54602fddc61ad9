"""Search finds names whatever the case of their letters, on every database."""

import pytest

from accounts.models import User
from tests.cast import World


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("žuk", {"rasa"}),
        ("ЩЕРЕВ", {"petar"}),
        ("ъглова", {"kalina"}),
        ("MÄKINEN", {"aino"}),
        ("100%", set()),
        ("_", set()),
    ],
)
def test_search_knows_all_letters(world: World, words: str, found: set[str]) -> None:
    names = {user.email.split("@")[0] for user in User.objects.filter(full_name__icontains=words)}
    assert names == found
