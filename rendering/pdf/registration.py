"""What every document needs: its template, its registration, language and zone, the address where it is checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from core.days import programme_zone, shown_twice
from core.zones import zone_in_words
from mentoring.models import Pack, Programme
from mentoring.role_names import called_as_in
from rendering.pdf import fields
from rendering.pdf.blocks import PdfDocument
from tools.models import ToolVersion

LAYOUTS = {"contract": "pdf/contract.html", "session_plan": "pdf/form.html", "form": "pdf/form.html"}


@dataclass(frozen=True, slots=True)
class Registration:
    """Where a document is filed: its number, its code, the version it will be."""

    number: str
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its template and what the renderer must fetch for it."""

    document: PdfDocument
    template: str
    created: datetime
    check_url: str = ""
    logo: Any = None


@contextmanager
def speaking(language: str, place: Programme | Pack) -> Iterator[None]:
    """Speak `language`, call roles as `place` does, tell times in the programme's zone, whoever asked."""
    with translation.override(language), timezone.override(programme_zone()), called_as_in(place):
        yield


def moment_words(when: datetime) -> str:
    """Return day, time and zone."""
    local = timezone.localtime(when)
    day, clock = fields.day_words(local), formats.time_format(local, "TIME_FORMAT") + shown_twice(local)
    zone = zone_in_words(str(timezone.get_current_timezone()))
    return _("%(day)s at %(time)s (time in %(zone)s)") % {"day": day, "time": clock, "zone": zone}


def grouped(code: str) -> str:
    """Return a verification code in groups of four: 7KQ4-M2XD-93TB."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def check_page(code: str = "") -> str:
    """Return the public address where a document is checked."""
    return f"{settings.SITE_URL}{reverse('documents:document-check')}" + (f"?code={code}" if code else "")


def made_for(
    document: PdfDocument, version: ToolVersion, programme: Programme, *, created: datetime, code: str
) -> Made:
    """Return the document with letterhead and template of its tool."""
    logo = programme.organisation.logo or None
    document.has_logo = bool(logo)
    document.logo_alt = programme.organisation.name
    template = LAYOUTS.get(version.content.get("editor", ""), "pdf/form.html")
    return Made(document, template, created, check_page(code), logo)
