"""The link in an e-mail with which its person gets no more of the kind, without signing in (RFC 8058)."""

from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from notices.models import Topic

SALT: Final = "notices.unsubscribe"
EVERYTHING: Final = ""
"""In place of a topic: whatever is told by e-mail."""


def path(person: int, topic: str) -> str:
    """Return the address on this host for a person and a topic."""
    token = signing.Signer(salt=SALT).sign_object([person, str(topic)])
    return reverse("notices:unsubscribe", args=[token])


def address(person: int, topic: str) -> str:
    """Return the whole address, as it stands in an e-mail."""
    return f"{settings.SITE_URL}{path(person, topic)}"


def read(token: str) -> tuple[int, list[Topic]] | None:
    """Return person and topics of a token; None for one that we did not write."""
    try:
        person, topic = signing.Signer(salt=SALT).unsign_object(token)
        return int(person), [Topic(topic)] if topic != EVERYTHING else list(Topic)
    except (signing.BadSignature, ValueError, TypeError):
        return None
