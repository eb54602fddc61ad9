"""A create that happens once: the form carries a one-time key; a double click gets the first one's object."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest

from core.models import OnceKey

T = TypeVar("T", bound=models.Model)
FIELD = "once"


def new_key() -> str:
    """Return a fresh key for a form."""
    return str(uuid.uuid4())


def _sent_key(request: HttpRequest) -> uuid.UUID | None:
    """Return the key that came with the form, if it is one."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def create_once(request: HttpRequest, model: type[T], create: Callable[[], T]) -> T:
    """Return the object that `create()` makes, or the one made before with the same key by the same person.

    Args:
        model: class of the object.
        create: makes it; runs in a transaction with the key.

    Raises:
        BadRequest: the key is another person's, or made something of another kind.
    """
    key = _sent_key(request)
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
    except IntegrityError as error:
        used = OnceKey.objects.filter(key=key).exclude(url="").first()
        if used is None:
            raise
        label, _colon, pk = used.url.rpartition(":")
        if used.user_id != person or label != model._meta.label:
            # Never the object of that number in another table, which may be anybody's.
            raise BadRequest("This key was made for something else.") from error
        return model._default_manager.get(pk=pk)
