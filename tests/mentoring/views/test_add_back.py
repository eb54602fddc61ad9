"""A person removed by mistake is added back from the list of those who left; its Manager reads why they left."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from core.policy.roles import Role
from mentoring.services.memberships import replace_mentor, take_out
from tests.cast import World


def people_of(world: World) -> str:
    return reverse("mentoring:member-list", args=[world.group.pk])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_removed_by_mistake_and_added_back(world: World, as_user: Callable[..., Client]) -> None:
    left = world.group.memberships.live().get(user=world.cast.milda)
    take_out(membership=left, by=world.cast.egle, reason="Wrong Milda")
    manager = as_user(world.cast.egle)
    page = manager.get(people_of(world))
    assert "Wrong Milda" in text(page)
    row = {"person": world.cast.milda.pk, "role": Role.MENTEE}
    assert f'name="person" value="{world.cast.milda.pk}"' in text(page)
    answer = manager.post(reverse("mentoring:member-create", args=[world.group.pk]), row, follow=True)
    assert answer.redirect_chain[-1][0] == people_of(world)
    assert world.group.memberships.live().filter(user=world.cast.milda, role=Role.MENTEE).count() == 1
    assert "Wrong Milda" not in text(answer)


def test_why_a_mentor_was_replaced_is_read_by_the_manager_only(world: World, as_user: Callable[..., Client]) -> None:
    old = world.group.memberships.live().get(user=world.cast.rasa)
    replace_mentor(group=world.group, old=old, new=world.cast.petar, by=world.cast.egle, reason="Moved to another town")
    assert "Moved to another town" in text(as_user(world.cast.egle).get(people_of(world)))
    for person in (world.cast.petar, world.cast.milda):
        page = text(as_user(person).get(people_of(world)))
        assert "Rasa" in page
        assert "Moved to another town" not in page
        assert "Add back" not in page


def test_who_left_the_programme_too_is_refused_in_words(world: World, as_user: Callable[..., Client]) -> None:
    manager, address = as_user(world.cast.egle), reverse("mentoring:member-create", args=[world.group.pk])
    answer = manager.post(address, {"person": world.cast.olga.pk, "role": Role.MENTEE})
    assert answer.status_code == 422
    assert not world.group.memberships.filter(user=world.cast.olga).exists()
