"""What forms say of what is missing or out of bounds: never the stock sentences of the framework, in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from core.web.forms import TidyForm
from mentoring.forms import ReasonForm
from tests.cast import World

SignIn = Callable[[User], Client]


class Everything(TidyForm):
    """A field of each kind."""

    text = forms.CharField(max_length=5)
    own = forms.CharField(error_messages={"required": "Say whom."})
    number = forms.IntegerField(min_value=1, max_value=60)
    day = forms.DateField()
    clock = forms.TimeField()
    mail = forms.EmailField()
    file = forms.FileField()
    one = forms.ChoiceField(choices=[("a", "A")])
    several = forms.MultipleChoiceField(choices=[("a", "A")])
    box = forms.BooleanField()


def test_what_is_missing_is_said_by_kind() -> None:
    said = {name: list(errors) for name, errors in Everything({}).errors.items()}
    assert said == {
        "text": ["Fill this in."],
        "own": ["Say whom."],
        "number": ["Enter a number."],
        "day": ["Enter a date."],
        "clock": ["Enter a time."],
        "mail": ["Enter an e-mail address."],
        "file": ["Choose a file."],
        "one": ["Choose an answer."],
        "several": ["Choose at least one answer."],
        "box": ["Tick this first."],
    }
    assert ReasonForm({}).errors["reason"] == ["Say why."]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"number": "61"}, "At most 60."),
        ({"number": "0"}, "At least 1."),
        ({"mail": "name"}, "Enter a whole e-mail address, such as name@example.org."),
        ({"text": "too long"}, "At most 5 characters; these are 8."),
    ],
)
def test_what_is_out_of_bounds_too(sent: dict[str, Any], words: str) -> None:
    assert Everything(sent).errors[next(iter(sent))] == [words]


def test_a_programme_says_so_too(world: World, as_user: SignIn) -> None:
    url = reverse("admin:mentoring_programme_change", args=[world.programme.pk])
    dana = as_user(world.cast.dana)
    form = dana.get(url).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent |= {"duration_months": 61, "sessions_target": 0, "diary_audiences": [], "title": ""}
    said = dana.post(url, sent).context["adminform"].form.errors
    assert said == {
        "duration_months": ["At most 60."],
        "sessions_target": ["At least 1."],
        "diary_audiences": ["Choose at least one answer."],
        "title": ["Fill this in."],
    }


def test_in_bulgarian_as_well() -> None:
    with translation.override("bg"):
        for form in (Everything({}), Everything({"number": "61", "mail": "x", "text": "too long"})):
            for name, errors in form.errors.items():
                assert name == "own" or not any(
                    "a" <= letter <= "z" for letter in errors[0].replace("name@example.org", "")
                )
