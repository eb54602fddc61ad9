"""Who reads another clock than the programme's sees whose hour a meeting in person is told in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from sessions_app.models import PlannedSession
from sessions_app.services import plans
from tests.cast import World

SignIn = Callable[[User], Client]


@pytest.fixture
def meeting(world: World, first: PlannedSession) -> PlannedSession:
    day = timezone.now() + timedelta(days=9)
    plans.change_session(
        session=first, by=world.cast.rasa, lock=first.lock, form="in_person", place="Library",
        starts_at=datetime(day.year, day.month, day.day, 12, 30, tzinfo=UTC),
    )  # fmt: skip
    return first


@pytest.mark.parametrize(
    ("zone", "is_named"), [("Europe/Madrid", True), ("Europe/Vilnius", False), ("Europe/Sofia", False)]
)
def test_the_city_stands_beside_the_hour_where_it_differs(
    world: World, as_user: SignIn, meeting: PlannedSession, zone: str, is_named: bool
) -> None:
    User.objects.filter(pk=world.cast.milda.pk).update(time_zone=zone)
    world.cast.milda.refresh_from_db()
    client, group = as_user(world.cast.milda), world.group.pk
    for address in (
        "/",
        reverse("mentoring:group-detail", args=[group]),
        reverse("sessions:plan-detail", args=[group]),
    ):
        assert (":30 (Madrid)" in client.get(address).text) == is_named
