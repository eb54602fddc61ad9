"""Loading the demo programme: people and programme once, then every group that is not there yet."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.roles import ProgrammeRole
from demo import horizont, nov_pat, polku, tiltas, zingsnis
from demo.days import Days
from demo.people import ADMIN, MANAGER, PASSWORD, PEOPLE, address
from demo.script import Script
from demo.story import Story
from home.services.packs import load_pack
from mentoring.models import Organisation, Pack, Programme
from mentoring.services.memberships import enrol

CODE, TITLE = "STW", "Steps to Work"
ORGANISATION = "Vilnius Adult Learning Centre"
ZONE = ZoneInfo("Europe/Vilnius")
PACK = "blended-employment"
BEGAN, ENDS = -325, 330
# The oldest first, so that the papers of the programme are numbered as they came.
SCRIPTS: tuple[Script, ...] = (polku.SCRIPT, horizont.SCRIPT, zingsnis.SCRIPT, tiltas.SCRIPT, nov_pat.SCRIPT)


class CodeTakenError(Exception):
    """Another organisation has a programme with the demo's code."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way into the demo: address, name, and what one sees there."""

    email: str
    full_name: str
    what: str


def sign_ins() -> list[SignIn]:
    """Return the people as whom one looks around."""
    shown = {
        ADMIN: "Programme Admin",
        MANAGER: "Manager of five groups, one of them over",
        "rasa": "Mentor of a group and a pair",
        "milda": "Mentee, with a diary to write",
        "hanna": "Mentee of another group",
    }
    return [SignIn(address(key), PEOPLE[key].full_name, what) for key, what in shown.items()]


def load_demo(*, say: Callable[[str], None] = lambda _line: None) -> int:
    """Bring the demo programme into the database; what is there already stays as it is.

    Each group comes in a transaction of its own, so that an interrupted loading goes on where it stopped. PDFs are
    only queued, except the contracts that are then signed.

    Returns:
        The number of groups that were added.

    Raises:
        CodeTakenError: nothing was changed.
    """
    days = Days(timezone.localdate(timezone=ZONE), ZONE)
    programme, people = _programme(days)
    added = 0
    for script in SCRIPTS:
        with transaction.atomic():
            # Held, so that of two that load at the same time one waits and then finds the group there.
            locked = Programme.objects.select_for_update().get(pk=programme.pk)
            if locked.groups.filter(name=script.name).exists():
                continue
            Story(script=script, programme=locked, people=people, days=days).play()
        added += 1
        say(f"{script.name}: {len(script.mentors) + len(script.mentees) + 1} people, {len(script.meetings)} sessions")
    return added


@transaction.atomic
def _programme(days: Days) -> tuple[Programme, dict[str, User]]:
    """Return programme and people, made if they are not there."""
    taken = Programme.objects.filter(code=CODE).select_related("organisation", "pack").first()
    if taken is not None and taken.organisation.name != ORGANISATION:
        raise CodeTakenError(f"The programme “{taken}” has the code {CODE} already.")
    programme = taken or _make_programme(days)
    at = days.moment(BEGAN, "09:00")
    found = {user.email: user for user in User.objects.filter(email__in=[address(key) for key in PEOPLE])}
    secret = make_password(PASSWORD) if len(found) < len(PEOPLE) else ""
    people = {}
    for key, person in PEOPLE.items():
        user = found.get(address(key))
        if user is None:
            user = User(
                email=address(key),
                full_name=person.full_name,
                about=person.about,
                language=person.language,
                time_zone=person.zone,
                date_joined=at,
                password=secret,
                is_superuser=key == ADMIN,
                is_staff=key == ADMIN,
            )
            user.save()
        people[key] = user
    enrol(programme_id=programme.pk, user=people[ADMIN], role=ProgrammeRole.ADMIN, at=at)
    enrol(programme_id=programme.pk, user=people[MANAGER], role=ProgrammeRole.MANAGER, at=at)
    return programme, people


def _make_programme(days: Days) -> Programme:
    organisation, _made = Organisation.objects.get_or_create(
        name=ORGANISATION, defaults={"place": "Vilnius", "country": "LT", "contact_email": "info@demo.example"}
    )
    starts, ends = days.day(BEGAN), days.day(ENDS)
    return Programme.objects.create(
        organisation=organisation,
        title=TITLE,
        season=f"{starts.year}–{ends.year}" if starts.year != ends.year else str(starts.year),
        code=CODE,
        pack=_pack(),
        starts_on=starts,
        ends_on=ends,
    )


def _pack() -> Pack:
    """Return the standard pack, loaded if need be."""
    pack = Pack.objects.filter(key=PACK).first()
    return pack or load_pack(path=Path(settings.BASE_DIR) / "packs" / PACK)[0]
