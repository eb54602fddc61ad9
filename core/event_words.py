"""What the audit log says of each kind of event and of what it is about, as a person reads it."""

from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[str, Promise | str]] = {
    "announcement.confirmed": _("Somebody confirmed that they have read an announcement"),
    "announcement.created": _("An announcement was written"),
    "checklist.done": _("A document of the checklist is complete"),
    "checklist.reminded": _("Somebody was reminded of what is missing"),
    "checklist.unwaived": _("A waived document is required again"),
    "checklist.waived": _("A document was waived"),
    "document.about_corrected": _("What a document is about was corrected"),
    "document.filed": _("A document was filed"),
    "document.removed": _("A document was removed from its folder"),
    "document.restored": _("A removed document was restored"),
    "document.signatures_corrected": _("Who has signed a document was corrected"),
    "document.version_brought_back": _("A version of a document was brought back"),
    "document.version_taken_back": _("A version of a document was taken back"),
    "enrolment.ended": _("Somebody’s participation in a programme ended"),
    "enrolment.started": _("Somebody’s participation in a programme began"),
    "folder.narrowed": _("A right in a folder was restricted"),
    "folder.restriction_lifted": _("A restriction in a folder was lifted"),
    "folder.seen_as": _("A folder was looked at as somebody else sees it"),
    "form.accepted": _("A form was accepted"),
    "form.audience_chosen": _("Who reads a form was chosen"),
    "form.comment_removed": _("A comment on a form was removed"),
    "form.comment_restored": _("A removed comment was restored"),
    "form.commented": _("A form was commented on"),
    "form.handed_back": _("A form stands again as it was handed in"),
    "form.moved": _("A form was moved to another session or person"),
    "form.part_filed": _("A part of an accepted form was filled in later"),
    "form.session_corrected": _("A paper about a session is made anew, because the session was corrected"),
    "form.reopened": _("A form was opened for changes"),
    "form.returned": _("A form was returned for changes"),
    "form.started": _("A form was begun"),
    "form.submitted": _("A form was handed in"),
    "group.changed": _("A group was changed"),
    "group.opened": _("A group was opened"),
    "group.removed": _("A group was deleted"),
    "group.stage_changed": _("The stage of a group changed"),
    "invitation.accepted": _("An invitation was accepted"),
    "invitation.revoked": _("An invitation was withdrawn"),
    "invitation.sent": _("An invitation was sent"),
    "membership.agreed": _("A proposed person was agreed to"),
    "membership.ended": _("Somebody left a group"),
    "membership.proposed": _("Somebody was proposed for a group"),
    "membership.refused": _("A proposed person was refused"),
    "membership.resumed": _("Somebody is in a group again: leaving it was taken back"),
    "membership.started": _("Somebody joined a group"),
    "message.sent": _("A message was sent"),
    "person.address_changed": _("Somebody’s e-mail address was changed"),
    "person.superuser_ended": _("Somebody is no longer a superuser"),
    "person.superuser_made": _("Somebody was made a superuser"),
    "person.switched_off": _("Somebody’s account was switched off"),
    "person.switched_on": _("Somebody’s account was switched on"),
    "plan.agreed": _("A session plan was agreed"),
    "plan.changed": _("A session plan was changed"),
    "plan.opened": _("A session plan was opened"),
    "post.created": _("Somebody wrote in the forum"),
    "post.deleted": _("A post of the forum was deleted"),
    "post.edited": _("A post of the forum was changed"),
    "post.filed": _("Files of a post were filed as a document"),
    "post.mentioned": _("A post of the forum names somebody"),
    "post.restored": _("A deleted post of the forum was brought back"),
    "programme.changed": _("A programme was changed"),
    "programme.created": _("A programme was added"),
    "reminder.due": _("Somebody was reminded by a rule of the programme"),
    "reminder.escalated": _("Somebody was told by a rule of the programme that something is late"),
    "reminder_rule.added": _("A rule of reminders was added"),
    "reminder_rule.changed": _("A rule of reminders was changed"),
    "reminder_rule.switched": _("A rule of reminders was switched on or off"),
    "rendering.failed": _("A PDF could not be made"),
    "rendering.ready": _("A PDF was made"),
    "rendering.retried": _("A PDF is made once more, as somebody asked"),
    "rendering.retrying": _("A PDF could not be made yet and is tried again"),
    "session.added": _("A session was added to a plan"),
    "session.cancelled": _("A session was cancelled"),
    "session.changed": _("A session was changed"),
    "session.held": _("It was recorded who was at a session"),
    "session.moved": _("A session was moved"),
    "session.not_held": _("It was taken back that a session was held"),
    "session.removed": _("A session was removed from a plan"),
    "session.restored": _("A cancelled session is planned again"),
    "topic.created": _("A topic of the forum was begun"),
    "topic.locked": _("A topic of the forum was closed for answers"),
    "topic.pinned": _("A topic of the forum was pinned"),
    "topic.unlocked": _("A topic of the forum was opened for answers again"),
    "topic.unpinned": _("A topic of the forum is no longer pinned"),
    "upload.sent": _("A file was sent"),
}
"""By kind; every kind that is recorded has its sentence."""


def in_words(kind: str) -> str:
    """Return what happened; the code itself for a kind that is not recorded any more."""
    return str(WORDS.get(kind, kind))


def about_in_words(target: str) -> str:
    """Return what `app.model:pk` is: "Form no. 12"; the code itself where nobody knows it any more."""
    label, _colon, number = target.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return target
    return gettext("%(what)s no. %(number)s") % {"what": capfirst(model._meta.verbose_name), "number": number}


def kinds_saying(words: str) -> list[str]:
    """Return the kinds whose sentence, in the active language, contains these words."""
    return [kind for kind, sentence in WORDS.items() if words.casefold() in str(sentence).casefold()]
