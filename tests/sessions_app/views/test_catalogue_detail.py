"""A session of the catalogue."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from mentoring.models import Pack
from sessions_app.models import CatalogueSession, PlannedSession
from tests.cast import World
from tests.routes import MEMBERS, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
Sessions = Callable[..., list[PlannedSession]]


def url(world: World, pk: int | None = None) -> str:
    session = CatalogueSession.objects.offered(world.programme.pack_id, "employability").first()
    assert session is not None
    return reverse("sessions:catalogue-detail", args=[world.group.pk, pk or session.pk])


def test_everybody_in_the_group_reads_it(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(MEMBERS)
    assert refuses(as_user(world.cast.rasa), url(world), ("post", "put"))
    assert asks_to_sign_in(url(world))


def test_only_sessions_of_ones_own_pack(world: World, as_user: SignIn) -> None:
    pack = Pack.objects.create(key="other", version="1", title={"en": "Other"}, digest="0" * 64)
    foreign = CatalogueSession.objects.create(
        pack=pack, kind="employability", key="x1", number=1, content={}, digest="1"
    )
    assert as_user(world.cast.rasa).get(url(world, foreign.pk)).status_code == 404
    assert as_user(world.cast.rasa).get(url(world, 99999)).status_code == 404


def test_it_says_where_it_is_in_the_plan(world: World, as_user: SignIn, add: Sessions) -> None:
    row = add()[0]
    text = as_user(world.cast.milda).get(url(world)).content.decode()
    assert reverse("sessions:session-detail", args=[row.pk]) in text
    assert "Suggested course" in text
