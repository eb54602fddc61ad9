"""WeasyPrint with our typefaces and our style sheet, loaded once per child process; imports no Django.

Importing costs about two seconds and 60 MB: neither the worker nor the web process does, see `child`.
"""

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).resolve().parent
if not list((_HERE / "fonts").glob("*.ttf")):
    raise ImportError("The typefaces of PDFs are not built yet. Run: python scripts/build_print_fonts.py")
os.environ["FONTCONFIG_FILE"] = str(_HERE / "fonts.conf")  # read when WeasyPrint is imported and by FontConfiguration

import pikepdf  # noqa: E402
from PIL import ImageFile  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: E402

from rendering.pdf.child import Asset  # noqa: E402
from rendering.pdf.structure import put_in_order  # noqa: E402
from rendering.pdf.xmp import packet  # noqa: E402

# WeasyPrint, when imported, lets the whole process take truncated pictures for whole ones. Nothing here needs that: a
# picture that cannot be read is left out of the document.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FONTS: Final = FontConfiguration()
STYLES: Final = CSS(string=(_HERE / "print.css").read_text(), font_config=FONTS)
_NOTDEF = re.compile(r"U\+([0-9A-Fa-f]+)")


@dataclass(frozen=True, slots=True)
class Typeset:
    """A made PDF.

    Attributes:
        missing: characters that no typeface on this machine has.
    """

    content: bytes
    pages: int
    missing: str


class PrintFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Gives WeasyPrint the document's own pictures by name, `print:mark`, and nothing else."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        super().__init__(allowed_protocols=["print"], allow_redirects=False, fail_on_errors=False)
        self._assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a picture of the document.

        Raises:
            ValueError: for any other address; WeasyPrint then leaves the picture out and goes on.
        """
        asset = self._assets.get(url.removeprefix("print:")) if url.startswith("print:") else None
        if asset is None:
            raise ValueError(f"Not a picture of this document: {url[:80]}")
        return URLFetcherResponse(url, asset.content, {"Content-Type": asset.content_type})


class _Missing(logging.Handler):
    """Collects the characters that WeasyPrint says it has no glyph for."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if "notdef" not in str(record.msg):
            return
        self.found.update(chr(int(number, 16)) for number in _NOTDEF.findall(record.getMessage()))
        self.found.update(char for arg in _strings(record.args) for char in arg if len(arg) <= 4)


def _strings(args: Any) -> list[str]:
    return [arg for arg in args if isinstance(arg, str)] if isinstance(args, tuple) else []


def typeset(
    html: str, *, assets: Mapping[str, Asset], title: str, language: str, created: datetime, author: str = ""
) -> Typeset:
    """Turn our HTML into a tagged, archival PDF: PDF/A-2a with the PDF/UA-1 identifier.

    Args:
        html: made by our templates, user text in it escaped; without style sheets of its own.
        assets: pictures by name, used as `<img src="print:name">`.
        created: goes into the metadata.
    """
    missing, log = _Missing(), logging.getLogger("weasyprint")
    level, propagate = log.level, log.propagate
    log.addHandler(missing)
    log.setLevel(logging.WARNING)
    log.propagate = False
    try:
        source = HTML(string=html, base_url="print:", url_fetcher=PrintFetcher(assets))
        document = source.render(font_config=FONTS, stylesheets=[STYLES], pdf_variant="pdf/a-2a")
        content = document.write_pdf(pdf_variant="pdf/a-2a")
    finally:
        log.setLevel(level)
        log.propagate = propagate
        log.removeHandler(missing)
    finished = _finish(content, packet(title=title, language=language, created=created, author=author))
    return Typeset(finished, len(document.pages), "".join(sorted(missing.found)))


def _finish(content: bytes, metadata: bytes) -> bytes:
    """Put in the metadata of both standards, and ask readers to show the title instead of the file's name."""
    with pikepdf.open(BytesIO(content)) as pdf:
        stream = pikepdf.Stream(pdf, metadata)
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = pdf.make_indirect(stream)
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        put_in_order(pdf.Root.StructTreeRoot)
        for page in pdf.pages:
            page.obj.Tabs = pikepdf.Name.S
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
