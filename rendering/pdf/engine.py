"""From a document to a PDF: pictures, HTML, the layout in a child process, and a second try without unknown characters.

Making a PDF of somebody's text is the weakest wall of the platform: the layout engine is C and Python of others, and
some inputs keep it busy for minutes or eat all memory. A child can be killed at any moment, and takes nothing with it.
"""

import logging
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, Final

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image

from core.isolation import errors as isolation
from core.isolation.limits import Limits
from core.isolation.pool import Pool
from rendering.pdf.child import Asset, typeset
from rendering.pdf.errors import BrokenError, OutOfMemoryError, TooSlowError
from rendering.pdf.limits import check_pages
from rendering.pdf.registration import Made

logger = logging.getLogger(__name__)
SECONDS: Final = 60
LIMITS: Final = Limits(seconds=SECONDS, cpu_seconds=SECONDS * 2, memory=700 * 1024 * 1024, is_on_top=True)
CHILDREN: Final = Pool(
    module="rendering.pdf.warm", at_once=2, renew_after=100, keep_below=180 * 1024 * 1024, is_warm=True
)
SQUARE_SCALE: Final = 6
SKIN_TONES: Final = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
LOGO_PIXELS: Final = (640, 220)  # 18 mm at 300 dpi
LOGO_BYTES: Final = 8 * 1024 * 1024
LOGO_MAX_PIXELS: Final = 40_000_000


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A finished PDF."""

    content: bytes
    pages: int


@cache
def _mark() -> bytes:
    return (settings.BASE_DIR / "static" / "images" / "favicon.svg").read_bytes()


@lru_cache(maxsize=64)
def _logo(name: str, storage: Any) -> bytes | None:
    """Return an organisation's logo sized for print; None when it cannot be used: the mark takes its place."""
    try:
        with storage.open(name, "rb") as file:
            content = file.read(LOGO_BYTES + 1)
        if len(content) > LOGO_BYTES:
            return None
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > LOGO_MAX_PIXELS:
                return None
            picture.thumbnail(LOGO_PIXELS)
            flat = Image.new("RGB", picture.size, "white")
            whole = picture.convert("RGBA")
            flat.paste(whole, mask=whole.getchannel("A"))
        out = BytesIO()
        flat.save(out, "JPEG", quality=90)
        return out.getvalue()
    except Exception:
        logger.warning("The logo %s cannot be printed", name, exc_info=True)
        return None


def _square(url: str) -> bytes:
    """Return the square code of an address: a picture of two colours, drawn in a tenth of an SVG's time."""
    out = BytesIO()
    segno.make_qr(url, error="m").save(out, kind="png", border=0, scale=SQUARE_SCALE)
    return out.getvalue()


def _assets(made: Made) -> dict[str, Asset]:
    found = {"mark": Asset(_mark(), "image/svg+xml")}
    if made.check_url:
        found["check"] = Asset(_square(made.check_url), "image/png")
    if made.logo and (logo := _logo(made.logo.name, made.logo.storage)):
        found["logo"] = Asset(logo, "image/jpeg")
    return found


def _html(made: Made, assets: dict[str, Asset]) -> str:
    made.document.has_logo = "logo" in assets
    with translation.override(made.document.language):
        page_words = _page_words()
        return render_to_string(made.template, {"document": made.document, "page_words": page_words})


def _page_words() -> tuple[str, str, str]:
    """Return what stands before the page number, between the two numbers, and after them."""
    before, _number, rest = _("Page {page} of {pages}").partition("{page}")
    between, _count, after = rest.partition("{pages}")
    return before, between, after


def render_form(made: Made) -> RenderedPdf:
    """Return the PDF of a document made by `documents`: a handed-in form, a blank or the guide.

    Runs the layout in a child process with limits. Characters that no typeface has are named in square brackets
    instead of becoming boxes; pictures among them (emoji) are left out.

    Raises:
        PdfError: the document is too large, too slow, or the engine failed.
    """
    assets = _assets(made)
    html = _without_sequences(_html(made, assets))
    result, missing = _typeset(made, html, assets)
    if missing:
        logger.info("No typeface has %s", ", ".join(f"U+{ord(char):04X}" for char in missing))
        html = _without_unknown(html, missing)
        result, _still_missing = _typeset(made, html, assets)
    with translation.override(made.document.language):
        check_pages(result.pages)
    return result


def _typeset(made: Made, html: str, assets: dict[str, Asset]) -> tuple[RenderedPdf, str]:
    """Return the PDF and the characters that no typeface has."""
    try:
        answer = CHILDREN.call(
            typeset,
            LIMITS,
            wait=SECONDS,
            html=html,
            assets=assets,
            title=made.document.title,
            language=made.document.language,
            created=made.created,
            author=made.document.organisation,
        )
    except (isolation.TimeLimitError, isolation.BusyError) as error:
        raise TooSlowError(str(error)) from error
    except isolation.MemoryLimitError as error:
        raise OutOfMemoryError(str(error)) from error
    except isolation.IsolationError as error:
        raise BrokenError(str(error)) from error
    return RenderedPdf(answer["content"], answer["pages"]), answer["missing"]


def _without_unknown(html: str, missing: str) -> str:
    """Return the text with letters named; what is left out takes its blank along before a stop or the end of a line."""
    words = {ord(char): _in_words(char) for char in missing}
    if left_out := "".join(chr(code) for code, word in words.items() if not word):
        gap = rf"(?:[ \u00a0]?[{re.escape(left_out)}]+)+(?={BEFORE_STOP})"
        html = re.sub(gap, "", html)
    return html.translate(words)


_PICTURE: Final = "[\u203c-\u3299\U0001f000-\U0001faff]"
_SEQUENCE: Final = re.compile(
    rf"{_PICTURE}[\ufe0f\u20e3{SKIN_TONES}]*(?:\u200d{_PICTURE}[\ufe0f{SKIN_TONES}]*)+"  # joined: a family
    rf"|[0-9#*]\ufe0f?\u20e3"  # a keycap
    rf"|[\U0001f1e6-\U0001f1ff]{{2}}"  # a flag of a country
    rf"|\U0001f3f4[\U000e0020-\U000e007f]+"  # a flag of a part of one
    rf"|{_PICTURE}\ufe0f?[{SKIN_TONES}]"
)
"""One picture of several characters: no typeface of ours draws it whole, and its parts say something else."""


def _without_sequences(html: str) -> str:
    """Return the text without pictures of several characters, each whole, with its blank as in `_without_unknown`."""
    if html.isascii() or not _SEQUENCE.search(html):
        return html
    html = re.sub(rf"(?:[ \u00a0]?(?:{_SEQUENCE.pattern}))+(?={BEFORE_STOP})", "", html)
    return _SEQUENCE.sub("", html)


BEFORE_STOP: Final = r"""[.,;:!?…)\]}»”’]|&quot;|&#(?:x27|39);|[ \u00a0\r]*(?:\n|$|</|<br)"""


def _in_words(char: str) -> str:
    """Return a letter as its name; pictures (😀) and marks without a meaning of their own are left out."""
    if unicodedata.category(char) in {"Cf", "Mn", "Cn", "Co", "So", "Sk"} or char in SKIN_TONES:
        return ""
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"
