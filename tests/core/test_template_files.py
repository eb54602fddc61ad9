"""Templates are read without their indentation, and nothing else changes."""

from pathlib import Path

from django.conf import settings
from django.template.loader import get_template


def source(name: str) -> str:
    return str(get_template(name).template.source)  # type: ignore[attr-defined]  # of Django's own engine


def test_a_page_is_read_without_the_indentation_of_its_lines() -> None:
    written = (Path(settings.BASE_DIR) / "templates" / "base.html").read_text()
    read = source("base.html")
    assert "\n " in written
    assert read.splitlines() == [line.lstrip(" ") for line in written.splitlines()]


def test_a_mail_is_read_as_it_is_written() -> None:
    written = (Path(settings.BASE_DIR) / "templates" / "email" / "invitation.txt").read_text()
    assert source("email/invitation.txt") == written
