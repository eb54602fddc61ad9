"""allauth's adapter: nobody signs up, and every mail is a row first."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.services import store_mail


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Close open sign-up; send mails through our own outbox; say in our own words what is wrong."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail and this password do not belong together. Check both."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "account_inactive": _("You cannot sign in at present. Ask your Manager."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "same_as_current": _("Choose a password different from your current one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        """Return False: an invitation is the only way in."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 -- allauth's signature
        """Return where a changed password leads: to the profile, where it was asked for."""
        return reverse("accounts:profile-edit")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link at the address of the platform: whoever asks for it chooses the Host of the request."""
        return f"{settings.SITE_URL}{urlsplit(super().get_reset_password_from_key_url(key)).path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail as a row; a known and an unknown address cost the same time."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        store_mail(to=email, kind=template_prefix.rsplit("/", 1)[-1][:40], subject=message.subject, body=message.body)
