"""Sentences after an act, shown once at the lower left: "Filed in the managing folder. See it there"."""

import json

from django.contrib import messages
from django.http import HttpRequest


def tell(
    request: HttpRequest,
    text: str,
    *,
    link_url: str = "",
    link_label: str = "",
    undo_url: str = "",
    icon: str = "check-circle-fill",
) -> None:
    """Show `text` on the next page, with a link, or with an Undo button that posts to `undo_url`.

    Never for errors: a page says beside the field, or in a note, what went wrong.
    """
    parts = {"link_url": link_url, "link_label": link_label, "undo_url": undo_url, "icon": icon}
    messages.success(request, text, extra_tags=json.dumps(parts))


def refuse(request: HttpRequest, text: str, *, link_url: str = "", link_label: str = "") -> None:
    """Say in the next page why nothing was done, with a link to what is done first; it stays there."""
    messages.error(request, text, extra_tags=json.dumps({"link_url": link_url, "link_label": link_label}))
