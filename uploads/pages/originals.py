"""The kept originals on the page of a document."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents import contributions
from documents.models import Document, DocumentVersion, Source
from uploads.models import UploadPage


def originals_of(document: Document, versions: Sequence[DocumentVersion]) -> Mapping[str, Any]:
    """Return the files that the versions were made from; for who keeps the document's folder, and so may read them."""
    if all(version.source == Source.RENDERED for version in versions):
        return {"originals": []}
    return {"originals": list(UploadPage.objects.about_the_same(document))}


contributions.register_sections(originals_of)
