"""A person removed by mistake is added back from the list of those who left; its Manager reads why they left."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import DomainEvent
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Membership
from mentoring.services.memberships import enrol, replace_mentor, take_out
from notices.models import Fanout, Notice
from notices.services import fan_out
from tests.cast import World

SignIn = Callable[..., Client]


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


def test_taking_somebody_out_is_undone_as_if_it_had_not_been(world: World, as_user: SignIn, commit: Any) -> None:
    egle, tomas = as_user(world.cast.egle), world.cast.tomas
    place = Membership.objects.live().get(group=world.group, user=tomas)
    began = place.starts_on
    DomainEvent.objects.filter(kind="group.opened").update(happened_at=timezone.now() - timedelta(days=1))
    Fanout.objects.all().delete()
    page = egle.post(reverse("mentoring:member-end", args=[place.pk]), {"reason": "Mistake"}, follow=True).text
    undo = reverse("mentoring:member-restore", args=[place.pk])
    assert f'action="{undo}"' in page
    for fanout in Fanout.objects.waiting():
        fan_out.work_off(fanout_id=fanout.pk)
    rasa = world.cast.rasa
    told = Notice.objects.unseen().filter(person=rasa, kind="member_left")
    assert told.count() == 1
    with commit():
        assert "Tomas Jankauskas is in the group again." in egle.post(undo, follow=True).text
    for fanout in Fanout.objects.waiting():
        fan_out.work_off(fanout_id=fanout.pk)
    place.refresh_from_db()
    assert (place.starts_on, place.ends_on, place.end_reason) == (began, None, "")
    assert as_user(tomas).get(reverse("mentoring:group-detail", args=[world.group.pk])).status_code == 200
    # Nothing of it is new to anybody, and nobody is told that somebody joined.
    assert not told.exists()
    assert not Notice.objects.unseen().filter(person=tomas, kind="role_ends").exists()
    assert not Notice.objects.filter(person=rasa, kind="member_joined", facts__person_id=tomas.pk).exists()
    # Undone once more, nothing happens; of long ago, people are added back.
    egle.post(undo)
    assert Membership.objects.live().filter(group=world.group, user=tomas).count() == 1
    long_gone = Membership.objects.get(group=world.group, user=world.cast.jonas)
    Membership.objects.filter(pk=long_gone.pk).update(
        starts_on=began - timedelta(days=9), ends_on=began - timedelta(days=5)
    )
    said = egle.post(reverse("mentoring:member-restore", args=[long_gone.pk]), follow=True).text
    assert "Jonas Vaitkus left the group before today." in said
    assert not Membership.objects.live().filter(group=world.group, user=world.cast.jonas).exists()


def test_a_replaced_mentor_is_not_added_back_beside_the_new_one_unasked(world: World, as_user: SignIn) -> None:
    egle, rasa = as_user(world.cast.egle), world.cast.rasa
    enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
    old = Membership.objects.live().get(group=world.group, user=rasa)
    replace_mentor(group=world.group, old=old, new=world.cast.jonas, by=world.cast.egle)
    page = egle.get(reverse("mentoring:member-list", args=[world.group.pk])).text
    ask = f"{reverse('mentoring:member-create', args=[world.group.pk])}?role=mentor&amp;person={rasa.pk}"
    assert f'href="{ask}"' in page
    asked = egle.get(ask.replace("&amp;", "&")).text
    assert "“Žingsnis” has a Mentor already: Jonas Vaitkus" in asked
    assert "With one more the group has two Mentors." in asked
    assert re.search(rf'name="person" value="{rasa.pk}"[^>]*checked', asked)
    egle.post(ask.replace("&amp;", "&"), {"role": "mentor", "person": rasa.pk})
    assert Membership.objects.live().filter(group=world.group, role="mentor").count() == 2
