"""The outbox in the administration. People are shown by the app that knows their programmes."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group as AuthGroup
from django.utils.translation import gettext_lazy as _

from accounts.models import Mail
from core.templatetags.ui import chip
from core.web.administration import ReadOnlyAdmin

# Auth groups hold the grants of mentoring groups; services alone write them.
admin.site.unregister(AuthGroup)
# The address is the identity and stands on the person; allauth's list would be a second place for it.
admin.site.unregister(EmailAddress)

KINDS = {
    "invitation": _("Invitation"),
    "reminder": _("Reminder"),
    "message": _("Message from a person"),
    "proposal": _("Proposal of a member"),
    "address_changed": _("Changed address"),
    "password_reset_key": _("Link for a new password"),
    "password_reset": _("Link for a new password"),
    "password_changed": _("Changed password"),
    "password_set": _("Changed password"),
    "unknown_account": _("Password asked for an unknown address"),
    "notice": _("Notice"),
    "digest": _("Notices of a day or a week"),
}
"""What mails are about, by the names under which they are kept."""
CHIPS = {
    Mail.State.SENT: "done",
    Mail.State.WAITING: "later",
    Mail.State.FAILED: "late",
    Mail.State.REFUSED: "late",
    Mail.State.DROPPED: "waived",
}


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """The outbox: what was written to whom and whether it left; a subject may hold the title of a group's topic."""

    list_lead = _("The e-mails the platform sent, to whom, and whether they went out. Their text is not shown here.")
    empty_title = _("No e-mails yet")
    list_display = ("created_at", "to", "shown_kind", "shown_state", "attempts", "shown_error")
    list_filter = ("state",)
    search_fields = ("to",)
    search_help_text = _("Search by address")
    fields = (
        "to",
        "shown_kind",
        "shown_state",
        "attempts",
        "shown_error",
        "created_at",
        "next_try_at",
        "sent_at",
    )

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, mail: Mail) -> str:
        """Return the state as shape, word and colour."""
        return chip(CHIPS[Mail.State(mail.state)], str(mail.get_state_display()).capitalize())

    @admin.display(description=_("error"))
    def shown_error(self, mail: Mail) -> str | None:
        """Return why it did not leave; None when it did."""
        return mail.error or None

    @admin.display(description=_("kind"), ordering="kind")
    def shown_kind(self, mail: Mail) -> str:
        """Return what the mail is about, in words."""
        return str(KINDS.get(mail.kind.partition(":")[0], mail.kind))
