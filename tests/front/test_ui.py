"""Dates, initials, chips and fields say what they should, in two languages."""

import datetime as dt
import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from core.templatetags import ui
from core.web import navigation
from core.web.context_processors import shell


class Named:
    def __init__(self, name: str) -> None:
        self.name = name

    def get_full_name(self) -> str:
        return self.name


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """Thursday 19 November 2026, 12:00 in Sofia, as now."""
    now = dt.datetime(2026, 11, 19, 10, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Milda Kazlauskaitė", "MK"), ("Rasa Anna Žukauskienė", "RŽ"), ("Мария Димитрова", "МД"), ("Aino", "A"), ("", "")],
)
def test_initials_are_of_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert ui.initials(Named(name)) == letters
    assert ui.initials(name) == letters


def test_faces_are_pictures_or_initials_and_escape_both() -> None:
    assert render("{% avatar person role='mentor' %}", person="Ada <b>") == (
        '<span class="avatar avatar-m avatar-mentor" aria-hidden="true">A&lt;</span>'
    )
    assert ui.avatar("Ada", "s", "mentee") == '<span class="avatar avatar-s" aria-hidden="true">A</span>'
    person = Named("Ada")
    person.portrait_url = '/a"b'  # type: ignore[attr-defined]
    assert ui.avatar(person, "l") == '<img class="avatar avatar-l" src="/a&quot;b" alt="" loading="lazy">'


def test_days_follow_the_language_also_when_they_are_remembered(noon: dt.datetime) -> None:
    with translation.override("bg"):
        assert ui.day_month(noon) == "19 ноември"
    assert ui.day_month(noon) == "19 November"
    with translation.override("bg"):
        assert ui.day_month(noon) == "19 ноември"


def test_dates_speak_english(noon: dt.datetime) -> None:
    assert ui.day(noon) == "Thursday 19 November"
    assert ui.day_short(noon.date()) == "Thu 19 Nov"
    assert ui.day(dt.date(2027, 5, 31)) == "Monday 31 May 2027"
    assert ui.day_clock(noon) == "Thursday 19 November, 12:00"
    assert ui.day(None) == ""
    assert ui.day_clock(None) == ""


@pytest.mark.parametrize(
    ("days", "text"),
    [(-9, "9 days late"), (0, "Due today"), (1, "Due tomorrow"), (5, "Due Tuesday 24 November"), (18, "Due 7 Dec")],
)
def test_due_chip_says_when_and_how_urgent(noon: dt.datetime, days: int, text: str) -> None:
    html = render("{% due_chip due %}", due=noon.date() + dt.timedelta(days=days))
    assert text in html
    expected = "chip-late" if days < 0 else "chip-due" if days <= 7 else "chip-later"
    assert expected in html


def test_due_chip_without_a_date_is_nothing() -> None:
    assert render("{% due_chip due %}", due=None) == ""


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (-1, "late", "1 day late"),
        (0, "due", "Due 19 Nov"),
        (7, "due", "Due 26 Nov"),
        (8, "later", "Due 27 Nov"),
    ],
)
def test_a_cell_says_the_same_in_fewer_words(noon: dt.datetime, days: int, state: str, words: str) -> None:
    due = noon.date() + dt.timedelta(days=days)
    assert ui.due_state(due, is_short=True) == (state, words)
    assert ui.due_state(due)[0] == state
    assert ui.due_state(due, today=due) == ("due", "Due today")


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (-1, "now"),
        (10, "in 10 minutes"),
        (1.5, "in 1 minute"),
        (180, "in 3 hours"),
        (60 * 20, "tomorrow"),
        (60 * 24 * 5, "in 5 days"),
    ],
)
def test_until(noon: dt.datetime, minutes: float, text: str) -> None:
    assert ui.until(noon + dt.timedelta(minutes=minutes)) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "just now"),
        (1, "1 minute ago"),
        (150, "today at 09:30"),
        (60 * 24, "yesterday"),
        (60 * 24 * 7, "on 12 November"),
    ],
)
def test_since(noon: dt.datetime, minutes: int, text: str) -> None:
    assert ui.since(noon - dt.timedelta(minutes=minutes)) == text


def test_chip_has_shape_word_and_colour() -> None:
    html = render('{% chip "late" "9 days late" %}')
    assert "chip-late" in html
    assert "#exclamation-diamond-fill" in html
    assert "9 days late" in html


def test_unknown_chip_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        render('{% chip "tardy" "9 days late" %}')


def test_icons_escape_their_label() -> None:
    assert "&lt;b&gt;" in ui.icon("eye", label="<b>")


def test_every_icon_of_the_chips_is_in_the_sprite(settings: object) -> None:
    listed = (settings.BASE_DIR / "frontend" / "icons.txt").read_text().split()  # type: ignore[attr-defined]
    assert set(ui.CHIP_ICONS.values()) <= set(listed)


def test_every_icon_in_the_templates_is_in_the_sprite(settings: object) -> None:
    base = settings.BASE_DIR  # type: ignore[attr-defined]
    listed = {*(base / "frontend" / "icons.txt").read_text().split(), "mark"}
    used: dict[str, str] = {}
    for path in (base / "templates").rglob("*.html"):
        for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text()):
            used[name] = path.name
    assert {name: where for name, where in used.items() if name not in listed} == {}


class AskForm(forms.Form):
    place = forms.CharField(label="Place", help_text="An address")
    remark = forms.CharField(label="Remark", required=False)
    mood = forms.ChoiceField(label="Mood", choices=[("1", "Hard"), ("2", "Good")], widget=forms.RadioSelect)


def test_field_ties_label_help_and_error_together() -> None:
    html = str(AskForm({"place": "", "mood": "1"}))
    assert 'aria-describedby="id_place_helptext id_place_error"' in html
    assert 'id="id_place_helptext"' in html
    assert 'id="id_place_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'href="#id_place"' in html, "the summary leads to the field"


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    html = str(AskForm())
    assert html.count("(optional)") == 1


def test_radios_are_choices_in_a_fieldset() -> None:
    html = str(AskForm()["mood"].as_field_group())
    assert "<fieldset" in html
    assert html.count('class="choice"') == 2


def test_navigation_marks_the_closest_place(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = navigation.NavigationItem(label="My group", url="/g/", icon="people", covers=("mentoring:",), order=2)
    narrow = navigation.NavigationItem(
        label="Diary", url="/d/", icon="journal-text", covers=("mentoring:diary-",), order=1
    )
    foot = navigation.NavigationItem(label="Help", url="/h/", icon="book", area="footer")
    monkeypatch.setattr(navigation, "_item_providers", [lambda request: [wide, narrow, foot]])
    request = RequestFactory().get("/")
    request.resolver_match = type("Match", (), {"view_name": "mentoring:diary-list"})()
    context = shell(request)
    assert [(place["label"], place["current"]) for place in context["nav"]] == [("Diary", True), ("My group", False)]
    assert [place["label"] for place in context["footer_places"]] == ["Help"]


def test_theme_cookie_is_not_trusted() -> None:
    request = RequestFactory().get("/", headers={"Cookie": 'theme="><script>'})
    assert shell(request)["theme"] == ""


def test_words_of_the_components_follow_the_language() -> None:
    with translation.override("bg"):
        assert ui.day(dt.date(timezone.localdate().year, 11, 24)).endswith("24 ноември")


def test_pagination_keeps_the_filters_of_the_list() -> None:
    request = RequestFactory().get("/?q=крачка&page=2")
    source = '{% include "components/pagination.html" with page=page only %}'
    html = Template(source).render(RequestContext(request, {"page": Paginator(range(60), 20).page(2)}))
    assert 'href="?q=%D0%BA%D1%80%D0%B0%D1%87%D0%BA%D0%B0&amp;page=1"' in html
    assert "page=3" in html
