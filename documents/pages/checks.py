"""What the public may learn about a document from its verification code."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from core.texts import text
from core.web.http import client_address
from core.web.limits import SECONDS, is_too_often
from documents.models import Document, DocumentVersion

MANY: Final = 20
MANY_SECONDS: Final = SECONDS
HASH_SHOWN: Final = 16


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """One version: enough to compare it with the document in the hand; of one taken back since when."""

    number: int
    filed_at: datetime
    pages: int
    sha256: str
    is_current: bool
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """A document without the people: its type, number, programme and versions, the newest first."""

    kind: str
    number: str
    programme: str
    organisation: str
    versions: list[PublicVersion] = field(default_factory=list)


def normal_code(typed: str) -> str:
    """Return a typed code as it is stored: capitals and figures only."""
    return "".join(char for char in typed.upper() if char.isascii() and char.isalnum())[:16]


def public_facts(document: Document) -> PublicFacts:
    """Return what anybody with the code may know."""
    programme = document.folder.group.programme
    versions = [
        PublicVersion(v.number, v.created_at, v.pages, _shown(v), v.pk == document.current_id, v.taken_back_at)
        for v in document.versions.all()
    ]
    kind = text(document.tool_version.content.get("title"))
    return PublicFacts(kind, document.number, str(programme), programme.organisation.name, versions)


def _shown(version: DocumentVersion) -> str:
    """Return the beginning of a version's hash; of one that was taken back none, since nobody vouches for it."""
    return "" if version.taken_back_at else version.sha256[:HASH_SHOWN]


def is_too_many(request: HttpRequest) -> bool:
    """Count a try and return whether the address has had its share of this minute; without a cache nobody has any."""
    return is_too_often("document-check", client_address(request), MANY, uncounted=True)
