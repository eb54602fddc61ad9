"""Addresses that programs look for on every site: crawlers, password managers, people who found a hole."""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.policy.guard import public

VALID_FOR = timedelta(days=180)


@require_safe
@public
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Keep crawlers out: everything here is for its members."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_safe
@public
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Lead to the picture of the site: browsers ask here where a page names none, as a PDF."""
    return redirect(static("images/favicon.svg"))


@require_safe
@public
def security(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Say whom to tell about a hole (RFC 9116)."""
    contact = settings.SECURITY_CONTACT or f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    expires = (timezone.now() + VALID_FOR).replace(microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@public
def change_password(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Lead password managers to the page that changes the password (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect("account_change_password")
