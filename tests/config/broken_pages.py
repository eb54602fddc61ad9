"""Addresses whose pages fail, or hand out a file, for the tests of the web process."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.urls import path

from core.policy.guard import public


@public
def fail(request: HttpRequest) -> FileResponse:
    """Fail as a page with a mistake does."""
    raise ZeroDivisionError


@public
def download(request: HttpRequest) -> FileResponse:
    """Hand out a file in pieces."""
    return FileResponse(Path(settings.MEDIA_ROOT, "large").open("rb"))


urlpatterns = [
    path("fail/", fail),
    path("download/", download),
    path("sign-in/", fail, name="account_login"),  # middleware knows it
]
handler404 = "home.views.page_not_found"
handler500 = "home.views.server_error"
