"""Loading the demo programme: people and programme once, then every group that is not there yet."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.policy.roles import ProgrammeRole
from demo.acts import Days, Play
from demo.story import STORIES, Entry, StoryError, read_programme, read_story
from home.services.packs import load_pack
from mentoring.models import Organisation, Pack, Programme
from mentoring.services.memberships import enrol
from notices.services.rules import take_rules_of_packs

PASSWORD = "steps-to-work-2026"  # noqa: S105 -- of invented people, printed by the command; refused outside a demo


class SignIn(NamedTuple):
    """One way into the demo: address, name, and what one sees there."""

    email: str
    full_name: str
    what: str


def sign_ins() -> list[SignIn]:
    """Return the people as whom one looks around."""
    people = read_programme()["people"]
    return [
        SignIn(address(key, each), each["full_name"], each["sees"]) for key, each in people.items() if "sees" in each
    ]


def address(key: str, person: Entry) -> str:
    """Return the e-mail address of a person of the demo."""
    return f"{person.get('mailbox', key)}@demo.example"


def load_demo(*, say: Callable[[str], None] = lambda _line: None, folder: Path = STORIES) -> int:
    """Bring the demo programme into the database; what is there already stays as it is.

    All stories are read and checked first. Each group comes in a transaction of its own, so that an interrupted loading
    goes on where it stopped. PDFs are only queued, except the contracts that are then signed.

    Returns:
        The number of groups that were added.

    Raises:
        StoryError: a story is not as it should be, another organisation has the programme's code, or an act was not
            possible; of the group that it is about, nothing was added.
    """
    told = read_programme(folder)
    stories = [read_story(folder / f"{name}.yaml", told["people"]) for name in told["groups"]]
    zone = ZoneInfo(told["zone"])
    days = Days(timezone.localdate(timezone=zone), zone)
    programme, people = _programme(told, days)
    added = 0
    for story in stories:
        with transaction.atomic():
            # Held, so that of two that load at the same time one waits and then finds the group there.
            locked = Programme.objects.select_for_update().get(pk=programme.pk)
            if locked.groups.filter(name=story.group["name"]).exists():
                continue
            Play(story, locked, people, days).perform()
        added += 1
        in_group = 1 + len(story.group["mentors"]) + len(story.group["mentees"])
        say(f"{story.group['name']}: {in_group} people, {len(story.sessions)} sessions")
    return added


@transaction.atomic
def _programme(told: Entry, days: Days) -> tuple[Programme, dict[str, User]]:
    """Return programme and people, made if they are not there."""
    taken = Programme.objects.filter(code=told["code"]).select_related("organisation", "pack").first()
    if taken is not None and taken.organisation.name != told["organisation"]["name"]:
        raise StoryError(f"The programme “{taken}” has the code {told['code']} already.")
    programme = taken or _make_programme(told, days)
    at = days.moment(told["began"], "09:00")
    addresses = {key: address(key, person) for key, person in told["people"].items()}
    found = {user.email: user for user in User.objects.filter(email__in=addresses.values())}
    secret = make_password(PASSWORD) if len(found) < len(addresses) else ""
    people = {}
    for key, person in told["people"].items():
        people[key] = found.get(addresses[key]) or User.objects.create(
            email=addresses[key],
            full_name=person["full_name"],
            about=person["about"],
            language=person.get("language", "en"),
            time_zone=person.get("zone", told["zone"]),
            date_joined=at,
            password=secret,
            is_superuser=key == told["admin"],
            is_staff=key == told["admin"],
        )
    enrol(programme_id=programme.pk, user=people[told["admin"]], role=ProgrammeRole.ADMIN, at=at)
    enrol(programme_id=programme.pk, user=people[told["manager"]], role=ProgrammeRole.MANAGER, at=at)
    take_rules_of_packs(programmes=[programme.pk])
    return programme, people


def _make_programme(told: Entry, days: Days) -> Programme:
    organisation, _made = Organisation.objects.get_or_create(
        name=told["organisation"]["name"], defaults=told["organisation"]
    )
    starts, ends = days.day(told["began"]), days.day(told["ends"])
    pack = Pack.objects.filter(key=told["pack"]).first()
    return Programme.objects.create(
        organisation=organisation,
        title=told["title"],
        season=f"{starts.year}–{ends.year}" if starts.year != ends.year else str(starts.year),
        code=told["code"],
        pack=pack or load_pack(path=Path(settings.BASE_DIR) / "packs" / told["pack"])[0],
        starts_on=starts,
        ends_on=ends,
        advances_groups=True,  # the stories tell what happened, not every click
    )
