"""The kept originals on the page of a document."""

from collections.abc import Mapping
from typing import Any

from core.policy.roles import Action
from documents import contributions
from documents.models import Document
from mentoring.standing import Standing
from uploads.models import UploadPage


def originals_of(document: Document, standing: Standing) -> Mapping[str, Any]:
    """Return the files that the document's versions were made from, as far as the person may read them."""
    return {"originals": list(UploadPage.objects.allowing(standing, Action.VIEW).about_the_same(document))}


contributions.register_sections(originals_of)
