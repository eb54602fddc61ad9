"""The other process: opens files of unknown people, with hard limits on memory, time and what it may write.

Reads one job as JSON from standard input, writes one answer as JSON to standard output. Imports no Django and knows
no secret; started by `bounded.run`.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents.intake.unfit import UnfitError

Answer = dict[str, Any]


def _limit(memory: int, seconds: int, bytes_written: int) -> None:
    """Cap this process; beyond the caps the kernel refuses memory, ends the process, or stops the file."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_written, bytes_written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look_at_image(*, path: str, kind: str, preview: str, max_pixels: int, max_pages: int) -> Answer:
    """Decode a picture, write its preview."""
    from documents.intake import images  # noqa: PLC0415 -- after the limits

    facts = images.look(path, kind, max_pixels, max_pages)
    Path(preview).write_bytes(facts.preview)
    return {"pages": facts.pages, "width": facts.width, "height": facts.height, "notes": facts.notes}


def look_at_pdf(*, path: str, max_pages: int) -> Answer:
    """Look for active content and count the pages."""
    from documents.intake import pdfs  # noqa: PLC0415 -- after the limits

    return {"pages": pdfs.look(path, max_pages), "width": 0, "height": 0, "notes": []}


def make_pdf(
    *, parts: list[dict[str, Any]], out: str, title: str, language: str, alt: str, max_pixels: int, max_pages: int
) -> Answer:
    """Make one PDF."""
    from documents.intake import assembly  # noqa: PLC0415 -- after the limits

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


JOBS: dict[str, Callable[..., Answer]] = {
    "look_at_image": look_at_image,
    "look_at_pdf": look_at_pdf,
    "make_pdf": make_pdf,
}


def main() -> None:
    """Do the one job."""
    order = json.load(sys.stdin)
    _limit(**order["limits"])
    try:
        answer = JOBS[order["job"]](**order["arguments"])
    except UnfitError as error:
        answer = {"unfit": error.code}
    except (MemoryError, RecursionError):
        answer = {"unfit": "too_complicated"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
