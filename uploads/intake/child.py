"""What the child process does: opens files of unknown people. Imports no Django and knows no secret; see `bounded`."""

from pathlib import Path
from typing import Any

Answer = dict[str, Any]


def inspect_image(*, path: str, kind: str, preview: str, max_pixels: int, max_pages: int) -> Answer:
    """Decode a picture, write its preview."""
    from core.files import images  # noqa: PLC0415 -- in the child, after the limits

    facts = images.look(path, kind, max_pixels, max_pages)
    Path(preview).write_bytes(facts.preview)
    return {"pages": facts.pages, "width": facts.width, "height": facts.height, "notes": facts.notes}


def inspect_pdf(*, path: str, max_pages: int) -> Answer:
    """Look for active content and count the pages."""
    from uploads.intake import pdfs  # noqa: PLC0415 -- in the child, after the limits

    pages, notes = pdfs.look(path, max_pages)
    return {"pages": pages, "width": 0, "height": 0, "notes": notes}


def make_pdf(
    *, parts: list[dict[str, Any]], out: str, title: str, language: str, alt: str, max_pixels: int, max_pages: int
) -> Answer:
    """Make one PDF."""
    from uploads.intake import assembly  # noqa: PLC0415 -- in the child, after the limits

    pages = assembly.assemble(
        [assembly.Part(**part) for part in parts],
        out,
        title=title,
        language=language,
        alt=alt,
        max_pixels=max_pixels,
        max_pages=max_pages,
    )
    return {"pages": pages}
