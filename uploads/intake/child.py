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


def redraw_picture(
    *, path: str, kind: str, out: str, title: str, language: str, alt: str, max_pixels: int, max_pages: int
) -> Answer:
    """Write a picture for others: upright, without metadata; a scan of several pages becomes a PDF."""
    from core.files import images, kinds  # noqa: PLC0415 -- in the child, after the limits

    pages = images.frames_in(path, kind, max_pixels)
    if pages > 1:
        part = {"path": path, "kind": kind, "rotation": 0}
        made = make_pdf(
            parts=[part], out=out, title=title, language=language, alt=alt, max_pixels=max_pixels, max_pages=max_pages
        )
        return {"kind": kinds.PDF, "pages": made["pages"], "width": 0, "height": 0}
    content, drawn, width, height = images.shared(path, kind, max_pixels)
    Path(out).write_bytes(content)
    return {"kind": drawn, "pages": 1, "width": width, "height": height}


def inspect_office(*, path: str) -> Answer:
    """Look for macros and what is fetched from elsewhere; say what it is."""
    from core.files import office  # noqa: PLC0415 -- in the child, after the limits

    return {"kind": office.look(path)}


def inspect_text(*, path: str, name: str) -> Answer:
    """Say whether it is plain text."""
    from core.files import office  # noqa: PLC0415 -- in the child, after the limits

    return {"kind": office.look_at_text(path, name)}


def draw_thumbnail(*, path: str, kind: str, out: str, max_pixels: int) -> Answer:
    """Write a small picture of a picture, or of the first page of a PDF."""
    from core.files import images, kinds  # noqa: PLC0415 -- in the child, after the limits

    drawn = images.first_page(path) if kind == kinds.PDF else images.thumbnail(path, kind, max_pixels)
    Path(out).write_bytes(drawn)
    return {}


def read_words(*, path: str, pages: int, most: int) -> Answer:
    """Read the words of the first pages of a PDF."""
    import pypdfium2  # noqa: PLC0415 -- in the child, after the limits

    from core.files.unfit import UnfitError  # noqa: PLC0415 -- in the child, after the limits

    try:
        with pypdfium2.PdfDocument(path) as pdf:
            words = [pdf[number].get_textpage().get_text_bounded()[:most] for number in range(min(len(pdf), pages))]
    except pypdfium2.PdfiumError as error:
        raise UnfitError("broken") from error
    return {"words": "\n".join(words)}
