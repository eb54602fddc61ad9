"""What happens once: the form carries a one-time key; a double click gets the first one's object, and its answer."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.models import OnceKey
from core.web.toasts import tell

T = TypeVar("T", bound=models.Model)
FIELD = "once"
DELETED = "deleted"


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


def _key_of(request: HttpRequest, what: str) -> uuid.UUID | None:
    """Return the key of this act: of the form, the person, what is made, and what was sent; None without one."""
    try:
        sent = uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    return uuid.uuid5(sent, f"{request.user.pk} {what} {_content(request)}")


def made_before(request: HttpRequest, model: type[T]) -> T | None:
    """Return what the same person made by sending the same before, where it is still there."""
    key = _key_of(request, model._meta.label)
    used = OnceKey.objects.filter(key=key).exclude(url="").first() if key else None
    return model._default_manager.filter(pk=used.url.rpartition(":")[2]).first() if used else None


def create_once(request: HttpRequest, model: type[T], create: Callable[[], T]) -> T:
    """Return the object that `create()` makes, or the one that the same person made by sending the same before.

    Args:
        model: class of the object.
        create: makes it; runs in a transaction with the key, so that of many equal requests one makes it and the
            others wait for it.
    """
    key = _key_of(request, model._meta.label)
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


def act_once(request: HttpRequest, model: type[T], act: Callable[[], T], *, stands: Callable[[T], bool]) -> T:
    """Return what `act()` gives; where it is refused because the same was sent before, what that gave.

    For acts on what is there already: `act` holds it, so that a second press waits, and is refused as done. Once it was
    undone, the page that is still open does it anew.

    Args:
        model: class of what `act` gives.
        stands: whether that still holds; else the refusal is true.

    Raises:
        ValidationError: refused.
    """
    key = _key_of(request, model._meta.label)
    try:
        with transaction.atomic():
            made = act()
            if key is not None:
                values = {"user_id": request.user.pk, "url": f"{model._meta.label}:{made.pk}"}
                OnceKey.objects.update_or_create(key=key, defaults=values)
            return made
    except ValidationError:
        if (found := done_before(request, model, stands=stands)) is not None:
            return found
        raise


def done_before(request: HttpRequest, model: type[T], *, stands: Callable[[T], bool]) -> T | None:
    """Return what the same person did by sending the same before, where it still holds."""
    found = made_before(request, model)
    return found if found is not None and stands(found) else None


def delete_once(request: HttpRequest, act: Callable[[], None], then: str) -> None:
    """Delete something, and keep where a second press goes on: what its address names is not there any more.

    Raises:
        ValidationError: refused.
    """
    key = _key_of(request, DELETED)
    with transaction.atomic():
        act()
        if key is not None and request.user.pk is not None:
            OnceKey.objects.update_or_create(key=key, defaults={"user_id": request.user.pk, "url": then})


class DeletedBeforeMiddleware:
    """Lead a second press on "delete" where the first one led, instead of saying that nothing is there.

    Only whoever deleted it, from the same page, with the same words; to everybody else it is not there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer as the first press was answered."""
        if not isinstance(exception, Http404) or request.method != "POST" or not request.user.is_authenticated:
            return None
        key = _key_of(request, DELETED)
        used = OnceKey.objects.filter(key=key).first() if key else None
        if used is None:
            return None
        tell(request, _("It is deleted."))
        return redirect(used.url)
