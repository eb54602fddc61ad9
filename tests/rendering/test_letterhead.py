"""The head of a PDF: the logo of the organisation, or the mark of the platform; nothing else is fetched."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from rendering.pdf import typesetter
from rendering.pdf.child import Asset
from tests.cast import World
from tests.documents.making import words_of
from tests.rendering.papers import check_archival, diary_pdf, figures

# WeasyPrint 70 leaves its colour profile's file to the garbage collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


def _logo(world: World, content: bytes) -> None:
    world.programme.organisation.logo.save("logo", ContentFile(content))


def test_logo_of_the_organisation_takes_the_place_of_the_mark(world: World) -> None:
    out = BytesIO()
    Image.new("RGBA", (900, 300), (200, 0, 0, 128)).save(out, "PNG")
    _logo(world, out.getvalue())
    pdf = diary_pdf(world)
    check_archival(pdf.content, "en")
    alts = figures(pdf.content)
    assert not alts or "Logo of Vilnius Adult Learning Centre" in alts
    assert len(pdf.content) < 120_000


def test_a_broken_logo_does_not_cost_the_document(world: World) -> None:
    _logo(world, b"%!PS-Adobe-3.0 EPSF-3.0 no picture")
    assert "CV and Europass" in words_of(diary_pdf(world).content)


def test_fetcher_denies_everything_but_own_pictures() -> None:
    fetcher = typesetter.PrintFetcher({"mark": Asset(b"<svg/>", "image/svg+xml")})
    assert fetcher.fetch("print:mark").read() == b"<svg/>"
    for address in ("file:///etc/passwd", "http://127.0.0.1/", "https://example.org/x.png", "data:text/plain,x",
                    "print:logo", "print:../mark", "ftp://x", ""):  # fmt: skip
        with pytest.raises(ValueError, match="Not a picture"):
            fetcher.fetch(address)


def test_a_refused_picture_does_not_cost_the_document() -> None:
    html = "<html lang='en'><title>t</title><body><h1>Stays</h1>"
    html += "<img src='file:///etc/passwd' alt='x'><img src='/x' alt='y'>"
    made = typesetter.typeset(html, assets={}, title="t", language="en", created=timezone.now())
    assert "Stays" in words_of(made.content)
