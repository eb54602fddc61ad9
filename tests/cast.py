"""The cast: the same people in every test.

Group «Žingsnis» is run by Eglė with Mentor Rasa and the Mentees Milda, Tomas and Elena; Jonas was a Mentee there and
has left. Group «Крачка» belongs to others: Manager Boris, Mentor Petar, Mentees Aino and Kalina. Dana administers the
programme, Olga has an account and no programme, Viktor may not sign in any more (he was a Mentor of «Žingsnis»),
Sofia is the superuser.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import MentoringGroup, Organisation, Pack, Programme
from mentoring.services.groups import open_group
from mentoring.services.memberships import add_member, end_membership, enrol

PASSWORD = "a-long-and-quiet-road"

NAMES = {
    "egle": "Eglė Petrauskaitė",
    "rasa": "Rasa Žukauskienė",
    "milda": "Milda Kazlauskaitė",
    "tomas": "Tomas Jankauskas",
    "elena": "Елена Георгиева",
    "jonas": "Jonas Vaitkus",
    "boris": "Борис Стоянов",
    "petar": "Петър Щерев",
    "aino": "Aino Mäkinen",
    "kalina": "Калина Ъглова",
    "dana": "Dana Simkutė",
    "olga": "Olga Outside",
    "viktor": "Viktor Gone",
    "sofia": "Sofia Super",
}


@dataclass
class Cast:
    """The people, by first name."""

    egle: User
    rasa: User
    milda: User
    tomas: User
    elena: User
    jonas: User
    boris: User
    petar: User
    aino: User
    kalina: User
    dana: User
    olga: User
    viktor: User
    sofia: User

    def everybody(self) -> dict[str, User]:
        """Return all people by first name."""
        return dict(vars(self))


@dataclass
class World:
    """The programme with its two groups and its people."""

    cast: Cast
    programme: Programme
    group: MentoringGroup
    other_group: MentoringGroup


def make_cast(domain: str = "example.org") -> Cast:
    """Create the people, with addresses in a domain; all share `PASSWORD`."""
    password = make_password(PASSWORD)  # once: it is slow on purpose
    people = {}
    for key, name in NAMES.items():
        people[key] = User.objects.create(
            email=f"{key}@{domain}", password=password, full_name=name, time_zone="Europe/Vilnius"
        )
    people["sofia"].is_superuser = people["sofia"].is_staff = True
    people["sofia"].save()
    return Cast(**people)


def make_programme(pack: Pack, code: str = "STW") -> Programme:
    """Create the programme «Steps to Work» on a loaded pack."""
    today = timezone.localdate()
    place = {"place": "Vilnius", "country": "LT"}
    organisation, _ = Organisation.objects.get_or_create(name="Vilnius Adult Learning Centre", defaults=place)
    return Programme.objects.create(
        organisation=organisation,
        title="Steps to Work",
        season="2026–2027",
        code=code,
        pack=pack,
        starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=300),
    )


def make_world(pack: Pack, domain: str = "example.org", code: str = "STW") -> World:
    """Create the whole world of the tests; a second one beside it has another domain and programme code."""
    cast = make_cast(domain)
    programme = make_programme(pack, code)
    today = timezone.localdate()
    for person, role in (
        (cast.dana, ProgrammeRole.ADMIN),
        (cast.egle, ProgrammeRole.MANAGER),
        (cast.boris, ProgrammeRole.MANAGER),
    ):
        enrol(programme_id=programme.pk, user=person, role=role)
    dates = {"starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=270)}
    group = open_group(
        programme=programme,
        name="Žingsnis",
        motto="One step every week",
        opened_by=cast.egle,
        mentors=[cast.rasa],
        mentees=[cast.milda, cast.tomas, cast.elena],
        **dates,
    )
    for gone, role in ((cast.jonas, Role.MENTEE), (cast.viktor, Role.MENTOR)):
        membership = add_member(group=group, user=gone, role=role, by=cast.egle, starts_on=dates["starts_on"])
        end_membership(membership=membership, by=cast.egle, reason="moved away")
    cast.viktor.is_active = False
    cast.viktor.save()
    other = open_group(
        programme=programme,
        name="Крачка",
        opened_by=cast.boris,
        mentors=[cast.petar],
        mentees=[cast.aino, cast.kalina],
        **dates,
    )
    return World(cast=cast, programme=programme, group=group, other_group=other)
