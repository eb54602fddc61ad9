"""A person's time zone decides how moments are shown; facts and rights go by the programme's day."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from core.policy.roles import Role
from core.templatetags.ui import clock
from core.zones import older_names, zone_names, zone_words, zones_by_region
from mentoring.models import Membership
from mentoring.services.memberships import add_member, end_membership
from rendering.pdf.registration import moment_words
from sessions_app.models import PlannedSession
from sessions_app.services import plans
from tests.cast import World

AsUser = Callable[[User], Client]
MORNING = dt.datetime(2026, 11, 26, 7, 0, tzinfo=dt.UTC)
"""Nine in the morning in Sofia; in Pago Pago it is the evening of the day before, on Kiritimati that of this day."""


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return MORNING


def live_in(person: User, zone: str) -> None:
    person.time_zone = zone
    person.save(update_fields=["time_zone"])


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/Sofia"])
def test_who_was_taken_out_stays_out_whatever_zone_is_chosen(
    world: World, as_user: AsUser, morning: dt.datetime, zone: str
) -> None:
    milda, url = world.cast.milda, reverse("mentoring:group-detail", args=[world.group.pk])
    client = as_user(milda)
    assert client.get(url).status_code == 200
    end_membership(membership=Membership.objects.get(group=world.group, user=milda), by=world.cast.egle)
    live_in(milda, zone)
    assert as_user(milda).get(url).status_code == 404


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati"])
def test_who_joins_today_is_in_at_once(world: World, as_user: AsUser, morning: dt.datetime, zone: str) -> None:
    petar = world.cast.petar
    live_in(petar, zone)
    add_member(group=world.group, user=petar, role=Role.MENTOR, by=world.cast.egle)
    assert as_user(petar).get(reverse("mentoring:group-detail", args=[world.group.pk])).status_code == 200


def test_a_manager_sees_the_same_wherever_she_is(world: World, as_user: AsUser, morning: dt.datetime) -> None:
    pages = []
    for zone in ("Europe/Sofia", "America/Los_Angeles", "Pacific/Kiritimati"):
        live_in(world.cast.egle, zone)
        matrix = as_user(world.cast.egle).get("/").context["matrix"]
        pages.append([(row.name, row.mentees, [cell.text for cell in row.cells]) for row in matrix.shown])
    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize("stored", ["Mars/Olympus", "US/Pacific", "", "Asia/Calcutta", "../etc/passwd"])
def test_a_stored_zone_that_is_none_gives_the_programmes(world: World, as_user: AsUser, stored: str) -> None:
    milda = world.cast.milda
    live_in(milda, stored)
    client = as_user(milda)
    first = client.get("/")
    assert first.status_code == 200
    assert ("Your time zone is not known here" in first.content.decode()) == bool(stored)
    form = client.get(reverse("accounts:profile-edit")).context["form"]
    html = str(form["time_zone"])
    assert 'value="Europe/Andorra" selected' not in html
    sent = {"full_name": milda.full_name, "language": "en", "time_zone": ""}
    assert client.post(reverse("accounts:profile-edit"), sent).status_code == 302
    milda.refresh_from_db()
    assert milda.time_zone == ""


@pytest.mark.parametrize(
    ("zone", "words"),
    [("", ""), ("Europe/Sofia", ""), ("America/Los_Angeles", "Times are in your time zone, Los Angeles")],
)
def test_every_page_names_the_zone_of_whose_clock_differs(world: World, as_user: AsUser, zone: str, words: str) -> None:
    live_in(world.cast.milda, zone)
    for page in ("/", reverse("mentoring:group-detail", args=[world.group.pk]), reverse("home:draft-list")):
        text = as_user(world.cast.milda).get(page).content.decode()
        assert ("Times are in your time zone" in text) == bool(words)
        assert words in text


def test_a_zone_is_called_by_its_city_in_the_readers_language() -> None:
    assert zone_words("Europe/Vilnius", "en") == "Vilnius"
    assert zone_words("Europe/Vilnius", "bg") == "Вилнюс"
    assert zone_words("Asia/Kolkata", "bg") == "Колката"
    assert zone_words("America/Los_Angeles", "xx") == "Los Angeles"
    assert zone_words("Asia/Kolkata", "en") == "Kolkata"
    assert zone_words("Africa/Nairobi", "en") == "Nairobi", "not Asmara, which has shared its clocks"


def test_older_names_lead_to_todays() -> None:
    names = zone_names()
    assert {"Asia/Kolkata", "Europe/Kyiv", "Europe/Sofia", "America/Los_Angeles"} <= set(names)
    assert not {"Asia/Calcutta", "US/Pacific", "Europe/Kiev"} & set(names)
    assert "Asia/Calcutta" in older_names()["Asia/Kolkata"]
    assert "US/Pacific" in older_names()["America/Los_Angeles"]
    assert all(ZoneInfo(name) for name in names)


@pytest.mark.parametrize("hour", [0, 1])
def test_the_doubled_hour_survives_another_change(world: World, as_user: AsUser, hour: int) -> None:
    """On 25 October 2026 the clocks of Vilnius show 03:30 twice: at 00:30 and at 01:30 UTC."""
    session = PlannedSession.objects.filter(plan__group=world.group).first()
    assert session is not None
    moment = dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)
    stored: Any = plans.change_session(
        session=session, by=world.cast.rasa, lock=session.lock, starts_at=moment, form="in_person", place="Library"
    )
    live_in(world.cast.rasa, "Europe/Vilnius")
    url = reverse("sessions:session-edit", args=[session.pk])
    client = as_user(world.cast.rasa)
    form = client.get(url).context["form"]
    assert form["time"].value() == dt.time(3, 30)
    sent = {"date": "2026-10-25", "time": "03:30", "minutes": 60, "form": "in_person", "place": "Room 4",
            "link": "", "aim": "", "homework": "", "lock": stored.lock}  # fmt: skip
    answer = client.post(url, sent)
    assert answer.status_code == 302
    session.refresh_from_db()
    assert (session.place, session.starts_at) == ("Room 4", moment)
    page = client.get(reverse("sessions:session-detail", args=[session.pk])).text
    assert "03:30 EET" in page or hour == 0
    assert ("03:30 EEST" in page) == (hour == 0)


def test_other_hours_are_not_told_apart(world: World) -> None:
    with timezone.override(ZoneInfo("Europe/Vilnius")):
        assert clock(dt.datetime(2026, 10, 25, 5, 30, tzinfo=dt.UTC)) == "07:30"
        assert clock(dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)) == "03:30 EEST"
        assert clock(dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)) == "03:30 EET"
        assert moment_words(dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)).count("EET") == 1


@pytest.mark.parametrize(
    ("language", "region", "words"),
    [("en", "Europe", "Sofia (UTC+2)"), ("bg", "Европа", "София (UTC+2)"), ("en", "Asia", "Kolkata (UTC+5:30)"),
     ("en", "The Americas", "Buenos Aires (UTC−3)"), ("en", "Atlantic Ocean", "Reykjavik (UTC)")],
)  # fmt: skip
def test_a_list_of_zones_is_read_by_region_and_city(
    world: World, as_user: AsUser, morning: dt.datetime, language: str, region: str, words: str
) -> None:
    world.cast.milda.language = language
    world.cast.milda.save()
    html = as_user(world.cast.milda).get(reverse("accounts:profile-edit")).text
    group = html.partition(f'<optgroup label="{region}">')[2].partition("</optgroup>")[0]
    assert f">{words}</option>" in group
    assert html.index('label="Europe"' if language == "en" else 'label="Европа"') < html.index("</optgroup>")


def test_the_offset_is_that_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for month in (1, 7):
        monkeypatch.setattr(timezone, "now", lambda month=month: dt.datetime(2026, month, 15, 12, tzinfo=dt.UTC))
        said.append(dict(dict(zones_by_region())["Europe"])["Europe/Sofia"])
    assert said == ["Sofia (UTC+2)", "Sofia (UTC+3)"]


@pytest.mark.parametrize("language", ["en", "bg"])
def test_every_zone_is_offered_once_under_its_own_words(language: str) -> None:
    with translation.override(language):
        regions = zones_by_region()
    zones = [each for _region, zones in regions for each in zones]
    assert sorted(name for name, _words in zones) == sorted(zone_names())
    for _region, those in regions:
        assert len({words for _name, words in those}) == len(those)
    assert not [words for _name, words in zones if "/" in words or "_" in words]
