"""What a form says about its readers agrees with itself, for every tool and audience of the pack."""

import pytest
from django.utils import translation

from core.policy.roles import AUDIENCE_ROLES, Audience
from responses_app import services as forms
from responses_app.models import FormResponse
from responses_app.pages import words
from tests.cast import World
from tests.pack_tools import tool
from tools.fields.people import members_of
from tools.models import Tool

FILLED_BY = {"mentee": "milda", "mentor": "rasa", "manager": "egle"}


def begun(world: World, key: str) -> FormResponse | None:
    """Begin a form of a tool as the first role that fills it in; None for what is about a session."""
    version = tool(key).current
    assert version is not None
    if not version.filled_by or "session" in version.one_per:
        return None
    writer = getattr(world.cast, FILLED_BY[version.filled_by[0]])
    subject = world.cast.milda if version.filled_by[0] != "mentee" and "mentee" in version.one_per else None
    return forms.start_form(group=world.group, tool=tool(key), user=writer, subject=subject)


@pytest.mark.parametrize(("language", "mentor_answers"), [("en", "until Rasa answers"), ("bg", "отговор от Rasa")])
def test_no_tool_promises_an_answer_by_who_cannot_read_it(world: World, language: str, mentor_answers: str) -> None:
    promised, kept_from = set(), set()
    for key in Tool.objects.values_list("key", flat=True):
        form = begun(world, key)
        if form is None:
            continue
        members = members_of(form.group)
        for audience in Audience.values:
            form.audience = audience
            with translation.override(language):
                said = words.after_handing_in(form, members)
            if mentor_answers in said:
                promised.add(audience)
                if "mentor" not in AUDIENCE_ROLES[Audience(audience)]:
                    kept_from.add((key, audience))
    assert kept_from == set()
    assert Audience.GROUP in promised  # the sentence exists at all


def test_a_form_says_that_fewer_people_read_some_parts(world: World) -> None:
    profile, goals = begun(world, "mentee_profile"), begun(world, "personal_goals")
    assert profile is not None
    assert goals is not None
    milda = world.cast.milda
    sentence = "Some parts are read by fewer people; each of these parts says by whom."
    assert sentence in words.audience_before(profile, members_of(profile.group), milda).rest
    assert sentence in words.audience_now(profile, members_of(profile.group), milda)
    assert sentence not in words.audience_now(goals, members_of(goals.group), milda)
