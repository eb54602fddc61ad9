"""A fact of the programme has one day for every reader; an hour that is not the programme's says whose it is."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.policy.roles import Stage
from documents.models import DocumentVersion
from mentoring.models import MentoringGroup, StageChange
from responses_app.models import FormSubmission
from sessions_app.models import SessionPlan
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in

SignIn = Callable[[User], Client]
TEMPLATES = Path(settings.BASE_DIR) / "templates"
OF_SESSIONS = {"starts_at", "ends_at"}
"""When a session is: its day is the reader's, like the hour beside it."""


@pytest.fixture
def far(world: World, as_user: SignIn) -> Client:
    """Milda's browser, nine hours behind the programme."""
    User.objects.filter(pk=world.cast.milda.pk).update(time_zone="America/Los_Angeles")
    world.cast.milda.refresh_from_db()
    return as_user(world.cast.milda)


def night() -> datetime:
    """Return a moment of the programme's 15 January that is the evening of the 14th in Los Angeles."""
    return datetime(timezone.now().year, 1, 15, 5, 48, tzinfo=UTC)


def test_a_group_is_formed_and_a_plan_in_force_on_the_programmes_day(world: World, far: Client) -> None:
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.MATCHED)
    StageChange.objects.filter(group=world.group).delete()
    StageChange.objects.create(group=world.group, to_stage=Stage.FORMING, changed_at=night())
    SessionPlan.objects.filter(group=world.group).update(agreed_at=night(), agreed_version=1)
    for name in ("mentoring:group-detail", "sessions:plan-detail"):
        page = far.get(reverse(name, args=[world.group.pk])).text
        assert "15 January" in page, name
        assert "14 January" not in page, name


def test_an_hour_names_its_zone_where_that_is_not_the_programmes(world: World, far: Client, as_user: SignIn) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    FormSubmission.objects.update(submitted_at=night())
    DocumentVersion.objects.update(created_at=night())
    url = reverse("responses:form-detail", args=[diary.pk])
    assert "14 January, 21:48 (Los Angeles)" in far.get(url).text
    near = as_user(world.cast.rasa).get(url).text
    assert "15 January, 07:48" in near
    assert "(Vilnius)" not in near


def test_no_page_tells_a_moment_in_another_way() -> None:
    """Days of facts go through `programmes_day`, hours through `…_here`; a session's page names the zone itself."""
    found = []
    for path in TEMPLATES.rglob("*.html"):
        for moment, shown in re.findall(r"(\w+_at)\|(day\w*|clock\w*)", path.read_text()):
            if moment not in OF_SESSIONS and shown not in {"day_clock_here", "clock_here"}:
                found.append(f"{path.name}: {moment}|{shown}")
    assert not found
