"""What the child process does that lays documents out. Imports no Django; started by `engine`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture that a document may show: its bytes and their type."""

    content: bytes
    content_type: str


def typeset(
    *, html: str, assets: Mapping[str, Asset], title: str, language: str, created: datetime, author: str
) -> dict[str, Any]:
    """Return the `content` of the PDF, its number of `pages`, and the characters `missing` from all typefaces."""
    from rendering.pdf import typesetter  # noqa: PLC0415 -- two seconds and 60 MB that only the child pays

    made = typesetter.typeset(html, assets=assets, title=title, language=language, created=created, author=author)
    return {"content": made.content, "pages": made.pages, "missing": made.missing}
