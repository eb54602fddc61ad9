"""Every component on pages of their own, so that a browser can look at them without any data of the product."""

import datetime as dt
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone

from core.templatetags.ui import menu_items
from core.web.toasts import tell

TEMPLATES = Path(__file__).parent / "templates" / "sample"
PAGES = ("home", "group", "folder", "writing", "states", "matrix", "step")
PEOPLE = ("Rasa Žukauskienė", "Eglė Petrauskaitė", "Milda Kazlauskaitė", "Мария Димитрова", "Aino Virtanen")


class SampleForm(forms.Form):
    """One field of every kind."""

    mood = forms.ChoiceField(
        label="How was the session for you?",
        choices=[("1", "Hard"), ("2", "So-so"), ("3", "Good"), ("4", "Very good")],
        widget=forms.RadioSelect,
        initial="3",
    )
    done = forms.CharField(
        label="What did we do?",
        help_text="In your own words. Rasa’s plan was: read two real CVs, find what is missing, start your own.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hard = forms.CharField(
        label="What was hard, and what did I do about it?", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    day = forms.DateField(label="Date of the meeting", widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.CharField(label="Place")
    kind = forms.ChoiceField(label="What is it?", choices=[("1", "Mentoring contract"), ("2", "Diary")])
    who = forms.MultipleChoiceField(
        label="Who has signed?", choices=list(enumerate(PEOPLE)), widget=forms.CheckboxSelectMultiple
    )
    document = forms.FileField(label="The document", required=False)
    agreed = forms.BooleanField(label="I have read who will be able to read this, and I agree.")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Show one page of samples; `?errors` sends the form empty."""
    if name == "states":
        tell(request, "Filed in the managing folder.", link_url="/", link_label="See it there")
        tell(request, "Page 2 removed.", undo_url="/sample/states/", icon="trash3")
        messages.error(request, "“sutartis.pdf” was not added: it contains a small program.")
    template = engines["django"].from_string((TEMPLATES / f"{name}.html").read_text())
    return HttpResponse(template.render(_context(request, name), request))


def _context(request: HttpRequest, name: str) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate()
    with_errors = "errors" in request.GET
    form = SampleForm({"hard": "x"}) if with_errors else SampleForm(initial={"who": ["0", "1"]})
    places = _rail_places()
    rail = {
        "group": {"name": "Žingsnis", "note": "Running, session 4 of 10"},
        "places": places,
        "current": next(place for place in places if place.get("current")),
    }
    user = type("Person", (), {"is_authenticated": True, "get_full_name": lambda self: PEOPLE[2]})()
    return {
        "user": user,
        "nav": _nav(),
        "brand": {"name": "Steps to Work", "note": "2026–2027", "organisation": "Vilnius Adult Learning Centre"},
        "menu_places": [{"label": "Your profile", "icon": "person", "url": "#"}],
        "footer_places": [{"label": "Help", "url": "#"}, {"label": "Who can see what", "url": "#"}],
        "rail": rail if name in {"folder"} else None,
        "people": PEOPLE,
        "form": form,
        "form_with_errors": SampleForm({"hard": "x"}),
        "now": now,
        "soon": now + dt.timedelta(minutes=10),
        "dates": [today + dt.timedelta(days=days) for days in (-9, 0, 3, 20, 400)],
        "stations": _stations(),
        "stages": _stages(),
        "links": [{"url": "#", "label": "Plan and materials"}, {"url": "#", "label": "Move or cancel"}],
        "documents": _documents(),
        "own_papers": _own_documents(),
        "tile": {"above": "Today", "big": "17:30", "below": "3 December"},
        "page": Paginator(range(60), 20).page(2),
        "chips": [
            ("done", "Signed by all 6"),
            ("now", "Now"),
            ("due", "Due 24 November"),
            ("later", "Due 7 Dec"),
            ("late", "9 days late"),
            ("waiting", "For you to read"),
            ("returned", "Returned to Elena"),
            ("draft", "Draft"),
            ("waived", "Waived"),
            ("planned", "Planned"),
            ("check", "On a holiday"),
            ("paused", "Paused"),
        ],
        "rows": [
            ("Крачка", "no Mentor yet, running"),
            ("Porta Nuova", "Luca Bianchi, matched"),
            ("Neustart Leipzig", "Katrin Schröder"),
        ],
        "cells": [
            ("done", "4 of 4"),
            ("done", "4 of 4"),
            ("waived", "Waived"),
            ("late", "9 days late"),
            ("due", "Due 25 Nov"),
            ("planned", "Later"),
            ("waiting", "4 to read"),
            ("planned", "Later"),
        ],
        "columns": [
            "Mentee’s Profile",
            "Personal goals and objectives",
            "Group’s goals and objectives",
            "Mentoring contract",
            "Session plan",
            "Diary of mentoring",
            "Initial monitoring questionnaire",
            "Final monitoring questionnaire",
        ],
    }


def _nav() -> list[dict[str, Any]]:
    entries = [
        ("Home", "house", "house-fill"),
        ("My group", "people", "people-fill"),
        ("Diary", "journal-text", "journal-text"),
        ("Templates", "file-earmark-arrow-down", "file-earmark-arrow-down-fill"),
        ("Messages", "chat-left-text", "chat-left-text-fill"),
    ]
    return [
        {
            "label": label,
            "short_label": label.split()[-1].capitalize(),
            "icon": icon,
            "filled_icon": filled,
            "url": "#",
            "current": index == 1,
        }
        for index, (label, icon, filled) in enumerate(entries)
    ]


def _rail_places() -> list[dict[str, Any]]:
    def entry(label: str, icon: str, **more: Any) -> dict[str, Any]:
        return {"label": label, "icon": icon, "url": "#", **more}

    return [
        entry("Overview", "compass"),
        entry("Session plan", "calendar2-check"),
        entry("Diaries", "journal-text", note="1 new"),
        {"divider": True},
        entry("How to use this space", "signpost-2"),
        entry("Template library", "file-earmark-arrow-down"),
        entry("Initial session", "flag"),
        entry("Managing folder", "folder2", indent=True, current=True),
        entry("Employability sessions", "briefcase"),
        entry("Entrepreneurship sessions", "shop"),
        entry("Monitoring sessions", "clipboard2-check"),
        entry("Monitoring folder", "folder2", indent=True),
    ]


def _documents() -> list[dict[str, Any]]:
    menu = [
        {"url": "#", "label": "Older versions", "icon": "clock"},
        {"url": "#", "label": "Replace", "icon": "upload"},
    ]
    rows: list[dict[str, Any]] = [
        {
            "title": "Diary, session 4: Aino Virtanen",
            "url": "#",
            "line": "Diary of mentoring. Handed in a minute ago",
            "version": "Version 1",
            "making": "Making the PDF…",
            "menu": menu,
        },
        {
            "title": "Diary, session 4: Tomas Jankauskas",
            "url": "#",
            "icon_name": "journal-text",
            "line": "Diary of mentoring. By Tomas, 20 November",
            "version": "Version 1",
            "chip_state": "waiting",
            "chip_text": "For you to read",
            "download_url": "#",
            "menu": menu,
        },
        {
            "title": "Session plan",
            "url": "#",
            "icon_name": "calendar2-check",
            "line": "Session plan. By you, 12 November",
            "version": "Version 3",
            "older_url": "#",
            "older_label": "2 older versions",
            "chip_state": "done",
            "chip_text": "In force",
            "download_url": "#",
            "menu": menu,
            "more_url": "/sample-menu/",
        },
    ]
    for row in rows:
        row["spoken_download"], row["spoken_menu"] = f"Download “{row['title']}”", f"More about “{row['title']}”"
    return rows


def _own_documents() -> list[dict[str, Any]]:
    documents = [
        ("Diary, 4 November", "journal-text", "Read by your Mentor"),
        ("Mentoring contract", "file-earmark-check", "Signed by all on 7 October"),
        ("Personal goals and objectives", "bullseye", "Version 2, 21 October"),
    ]
    return [{"title": title, "url": "#", "icon_name": icon, "line": line} for title, icon, line in documents]


def _stations() -> list[dict[str, str]]:
    return [
        {
            "title": "Getting started: 3 sessions held",
            "line": "Profile, goals, contract. Three diaries.",
            "state": "done",
        },
        {
            "title": "CV and Europass",
            "line": "Session 4 of 10. Held on 19 November, your diary is still open.",
            "state": "now",
        },
        {
            "title": "Presenting myself; the job interview",
            "line": "Thursday 3 December, 17:30. In person, Kaunas County Library.",
            "state": "next",
        },
        {"title": "Mid-term talk with your Manager", "line": "Thursday 10 December, 17:30. Online.", "state": "later"},
        {"title": "Four more sessions, then the final meeting", "line": "Until the end of May 2027", "state": "later"},
    ]


def _stages() -> list[dict[str, str]]:
    names = [
        ("Formed", "21 September", "done"),
        ("Matched", "28 September", "done"),
        ("Contract signed", "7 October", "done"),
        ("Running", "Now, session 4 of 10", "now"),
        ("Closing", "May 2027", "later"),
        ("Closed", "", "later"),
    ]
    return [{"title": title, "line": line, "state": state} for title, line, state in names]


def sample_menu(request: HttpRequest) -> HttpResponse:
    """Give the rest of a menu."""
    items = [{"url": "#", "label": "Remove it", "icon": "trash3"}]
    return HttpResponse(menu_items(items))


sample.login_required = False  # type: ignore[attr-defined]
sample_menu.login_required = False  # type: ignore[attr-defined]

urlpatterns = [
    path("sample/<slug:name>/", sample, name="sample"),
    path("sample-menu/", sample_menu),
    path("", include("config.urls")),
]
