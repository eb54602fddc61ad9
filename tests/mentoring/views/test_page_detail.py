"""The pages of the pack: how to use the space."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.cast import World
from tests.routes import MEMBERS, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]


def url(world: World, key: str = "how-to") -> str:
    return reverse("mentoring:page-detail", args=[world.group.pk, key])


def test_everybody_in_the_group_reads_it_and_nobody_else(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(MEMBERS)
    client = as_user(world.cast.rasa)
    assert refuses(client, url(world), ("post", "put"))
    assert client.get(url(world, "nonsense")).status_code == 404
    assert asks_to_sign_in(url(world))


def test_ones_own_part_is_open_and_those_of_the_others_are_folded(world: World, as_user: SignIn) -> None:
    context = as_user(world.cast.milda).get(url(world)).context
    assert any(each["is_mine"] for each in context["sections"])
    assert {each["key"] for each in context["others"]} == {"mentor", "manager"}


def test_markdown_becomes_harmless_html(world: World, as_user: SignIn) -> None:
    pack = world.programme.pack
    pack.pages["how-to"]["sections"][0]["body"] = {
        "en": "**Bold** [link](javascript:alert(1)) <script>alert(2)</script> <b onclick='x'>raw</b>\n\n- one"
    }
    pack.save()
    html = str(as_user(world.cast.milda).get(url(world)).context["sections"][0]["html"])
    assert "<strong>Bold</strong>" in html
    assert "<li>one</li>" in html
    for evil in ("javascript:", "<script", "onclick", "alert(2)"):
        assert evil not in html


def test_a_part_without_ones_language_says_so(world: World, as_user: SignIn) -> None:
    milda = world.cast.milda
    milda.language = "bg"
    milda.save()
    pack = world.programme.pack
    del pack.pages["how-to"]["sections"][0]["body"]["bg"]
    pack.save()
    answer = as_user(milda).get(url(world))
    assert answer.context["has_fallback"]
    assert 'lang="en"' in answer.content.decode()


def test_queries(world: World, as_user: SignIn, django_assert_num_queries: Callable[..., object]) -> None:
    client = as_user(world.cast.rasa)
    with django_assert_num_queries(7):
        client.get(url(world))
