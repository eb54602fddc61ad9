"""A create that happens once: the form carries a one-time key; a double click gets the first one's object."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.http import HttpRequest

from core.models import OnceKey

T = TypeVar("T", bound=models.Model)
FIELD = "once"


def new_key() -> str:
    """Return a fresh key for a form."""
    return str(uuid.uuid4())


def _content(request: HttpRequest) -> str:
    """Return what was sent, as a digest: the same key with other words is another act."""
    digest = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.POST.lists()):
        if name not in {FIELD, "csrfmiddlewaretoken"}:
            digest.update(repr((name, values)).encode("utf-8", "surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode("utf-8", "surrogatepass"))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _key_of(request: HttpRequest, model: type[models.Model]) -> uuid.UUID | None:
    """Return the key of this act: of the form, the person, what is made, and what was sent; None without one."""
    try:
        sent = uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    return uuid.uuid5(sent, f"{request.user.pk} {model._meta.label} {_content(request)}")


def made_before(request: HttpRequest, model: type[T]) -> T | None:
    """Return what the same person made by sending the same before, where it is still there."""
    key = _key_of(request, model)
    used = OnceKey.objects.filter(key=key).exclude(url="").first() if key else None
    return model._default_manager.filter(pk=used.url.rpartition(":")[2]).first() if used else None


def create_once(request: HttpRequest, model: type[T], create: Callable[[], T]) -> T:
    """Return the object that `create()` makes, or the one that the same person made by sending the same before.

    Args:
        model: class of the object.
        create: makes it; runs in a transaction with the key, so that of many equal requests one makes it and the
            others wait for it.
    """
    key = _key_of(request, model)
    person: Any = request.user.pk
    if key is None:
        return create()
    try:
        with transaction.atomic():
            row = OnceKey.objects.create(key=key, user_id=person)
            made = create()
            row.url = f"{model._meta.label}:{made.pk}"
            row.save(update_fields=["url"])
            return made
    except IntegrityError:
        used = OnceKey.objects.filter(key=key).exclude(url="").first()
        if used is None:
            raise
        if (found := made_before(request, model)) is not None:
            return found
    # It was deleted since: the page is still there, and its button makes it anew.
    OnceKey.objects.filter(pk=used.pk).delete()
    return create_once(request, model, create)
