"""The guards: the only way to an object in a view.

Every view carries exactly one of `@public`, `@signed_in`, `@anywhere(Area, Action)`, `@access(Model, Action)`, right
below the decorator that names its methods; a stream carries `@listening`. What is not yours is not there (404), the
same answer as for an id that does not exist.
"""

from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from core.errors import NotYoursError
from core.policy.roles import Action, Area

View = Callable[..., HttpResponseBase]
EVENTS = "text/event-stream"
Stream = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Answer 404 where a service found that the person has nothing to do with this."""
    try:
        return view(request, *args, **kwargs)
    except NotYoursError as error:
        raise Http404 from error


def public(view: View) -> View:
    """Let anybody in, signed in or not."""
    guarded = login_not_required(view)
    guarded.access = ("public",)  # type: ignore[attr-defined]
    return guarded


def signed_in(view: View) -> View:
    """Let every signed-in person in; the view shows nothing but that person's own things."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _answer(view, request, *args, **kwargs)

    guarded = login_required(checked)
    guarded.access = ("signed_in",)  # type: ignore[attr-defined]
    return guarded


def listening(stream: Stream) -> Stream:
    """Let every signed-in person listen to a stream, which tells nothing but what is that person's own.

    A page that listens after signing out elsewhere is told not to ask again (204): it could read no sign-in page.
    """

    @wraps(stream)
    async def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (await request.auser()).is_authenticated:
            return await stream(request, *args, **kwargs)
        if EVENTS in request.headers.get("Accept", ""):
            return HttpResponse(status=204)
        return redirect_to_login(request.get_full_path())

    guarded = login_not_required(checked)
    guarded.access = ("signed_in",)  # type: ignore[attr-defined]
    return guarded


def access(
    model: type[Model],
    action: Action,
    *,
    area: Area | None = None,
    among: Callable[[Any, Action], Any] | None = None,
    pk: str = "pk",
    lookup: str = "pk",
    for_page: bool = False,
) -> Callable[[View], View]:
    """Give the view the object of `model` named in the URL, if this person may do `action` on it.

    Args:
        model: its default manager offers `allowing(standing, action)`.
        action: the right needed: what the view does, not what it shows.
        area: what of a group the action is about, where the URL names a mentoring group
            (`in_area(standing, area, action)` of its queryset).
        among: who decides in place of the model's `allowing`: takes standing and action, gives a queryset of `model`.
        pk: name of the URL's keyword argument.
        lookup: the field it names; `group` where a group's number leads to the one plan of the group.
        for_page: read it together with what its page shows (`for_page()` of its queryset), instead of once more.

    Raises:
        Http404: no such object, or not yours; nobody can tell which.
    """

    objects: Any = model._default_manager
    reach: Callable[[Any, Action], Any] = among or (partial(objects.in_area, area=area) if area else objects.allowing)

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            standing, key = request.standing, kwargs.pop(pk)  # type: ignore[attr-defined]
            if for_page and among is None and lookup == "pk":
                # An address that is matched by a pattern of its own names its key in letters.
                obj = objects.one_for_page(standing, action, model._meta.pk.to_python(key), area=area)
                if obj is None:
                    raise Http404
            else:
                allowed = reach(standing, action)
                obj = get_object_or_404(allowed.for_page() if for_page else allowed, **{lookup: key})
            request.place = obj  # type: ignore[attr-defined]
            return _answer(view, request, obj, *args, **kwargs)

        guarded = login_required(checked)
        guarded.access = ("object", model._meta.label, action.value, area)  # type: ignore[attr-defined]
        return guarded

    return decorate


def anywhere(area: Area, action: Action) -> Callable[[View], View]:
    """Let those in who may do `action` in `area` of one group at least; the view shows nothing of other groups.

    Raises:
        Http404: in no group.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.standing.may_anywhere(area, action):  # type: ignore[attr-defined]
                raise Http404
            return _answer(view, request, *args, **kwargs)

        guarded = login_required(checked)
        guarded.access = ("anywhere", area, action.value)  # type: ignore[attr-defined]
        return guarded

    return decorate
