"""What the words of the programme mean."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.cast import World
from tests.routes import MEMBERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("mentoring:glossary-detail")


def test_everybody_in_the_group_reads_it_and_nobody_else(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(MEMBERS)
    assert refuses(as_user(world.cast.rasa), url(world), ("post", "put"))
    assert asks_to_sign_in(url(world))
    assert as_user(world.cast.rasa).get(reverse("mentoring:glossary-detail", args=[99999])).status_code == 404


def test_words_stand_in_the_order_of_the_readers_alphabet(world: World, as_user: SignIn) -> None:
    terms = [str(each["term"]).casefold() for each in as_user(world.cast.milda).get(url(world)).context["terms"]]
    assert len(terms) > 10
    assert terms == sorted(terms)


def test_see_also_leads_to_words_that_are_there(world: World, as_user: SignIn) -> None:
    terms = as_user(world.cast.milda).get(url(world)).context["terms"]
    keys = {each["key"] for each in terms}
    assert all(other["key"] in keys for each in terms for other in each["see"])


def test_without_words_it_says_so(world: World, as_user: SignIn) -> None:
    pack = world.programme.pack
    pack.glossary = {}
    pack.save()
    assert "No words are explained yet" in as_user(world.cast.milda).get(url(world)).content.decode()
