"""What the pages of forms say: who can read, what is saved, what the acts are called."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.policy.roles import AUDIENCE_ROLES, Audience, FolderKind, Role
from core.templatetags.ui import clock, day_month
from core.texts import text, within
from responses_app.models import FormResponse, FormState
from responses_app.readers import LATER
from responses_app.services import ResponseRights, may_decide
from tools.fields.people import Members
from tools.fields.questions import is_narrower, questions_of
from tools.models import Filing, ToolVersion

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Act:
    """The words of handing in: the button, the button while it works, the button without connection."""

    label: str | Promise
    busy: str | Promise
    offline: str | Promise


HAND_IN = Act(gettext_lazy("Hand it in"), gettext_lazy("Handing in…"), gettext_lazy("Hand in when online"))
FILE_PART = Act(gettext_lazy("File my part"), gettext_lazy("Filing…"), gettext_lazy("File it when online"))
"""Of a part that is filled in after the form was accepted."""
ACTS = {
    "diary": Act(gettext_lazy("Hand in the diary"), HAND_IN.busy, HAND_IN.offline),
    "contract": Act(
        gettext_lazy("Create the PDF for signing"), gettext_lazy("Creating…"), gettext_lazy("Create it when online")
    ),
    "participants_list": Act(
        gettext_lazy("Create the list for printing"), gettext_lazy("Creating…"), gettext_lazy("Create it when online")
    ),
}
"""By key of the tool; the other tools say `HAND_IN`."""


def act_of(form: FormResponse) -> Act:
    """Return the words of handing this form in."""
    return ACTS.get(form.tool_version.tool.key, HAND_IN)


@dataclass(frozen=True)
class AudienceLine:
    """Who can read a form: the sentence's bold beginning, and the names."""

    who: str
    rest: str


_WILL = {
    Audience.GROUP: gettext_lazy("Your whole group will be able to read this"),
    Audience.STAFF: gettext_lazy("The Mentor and the Manager will be able to read this"),
    Audience.MENTOR: gettext_lazy("Only the Mentor will be able to read this"),
    Audience.MANAGER: gettext_lazy("Only the Manager will be able to read this"),
    Audience.AUTHOR: gettext_lazy("Only you can read this."),
}
_CAN = {
    Audience.GROUP: gettext_lazy("Your whole group can read this:"),
    Audience.STAFF: gettext_lazy("The writer, the Mentor and the Manager can read this:"),
    Audience.MENTOR: gettext_lazy("The writer and the Mentor can read this:"),
    Audience.MANAGER: gettext_lazy("The writer and the Manager can read this:"),
    Audience.AUTHOR: gettext_lazy("Only the writer can read this:"),
}


def _joined(names: Iterable[str]) -> str:
    return get_text_list(list(names), pgettext("last of a list of people", "and"))


def readers_of(form: FormResponse, members: Members, audience: str = "") -> list["User"]:
    """Return the members of today who read the form; with another audience those who will."""
    roles = AUDIENCE_ROLES[audience or form.audience]
    own = {form.author_id}
    if form.subject_id and (role := members.roles.get(form.subject_id)) and role.value in form.tool_version.filled_by:
        own.add(form.subject_id)
    return [members.users[number] for number, role in members.roles.items() if role.value in roles or number in own]


def _name(person: "User", members: Members, reader: "User") -> str:
    role = members.roles.get(person.pk)
    if members.roles.get(reader.pk) == Role.MENTEE and role in {Role.MENTOR, Role.MANAGER}:
        yours = _("your Mentor %(name)s") if role == Role.MENTOR else _("your Manager %(name)s")
        return yours % {"name": person.get_short_name()}
    if role in {Role.MENTOR, Role.MANAGER}:
        return _("%(name)s (%(role)s)") % {"name": person.get_short_name(), "role": within(Role(role).label)}
    return person.get_short_name()


def title_of(form: FormResponse) -> str:
    """Return the form's name: short, where it says which session it is about."""
    about = text(form.session_title)
    return f"{form.tool_version.short_title}: {about}" if about else form.tool_version.title


def narrow_words(form: FormResponse, possible: list[str]) -> str:
    """Return the words of the link that leads to the choice of readers; empty without a choice."""
    if not possible:
        return ""
    if any(is_narrower(audience, form.audience_to_be) for audience in possible):
        return _("Show it to fewer people")
    return _("Choose who can read it")


def audience_of_tool(version: ToolVersion) -> str:
    """Return who will read a form of this tool, before one is begun."""
    return str(_WILL[Audience(version.audience)]).rstrip(".") + "."


def audience_choice(form: FormResponse, members: Members, user: "User", audience: str) -> tuple[str, str, str]:
    """Return one audience to choose: in words, by name, and who will be among them later."""
    copy_of = FormResponse(author_id=form.author_id, subject_id=form.subject_id, audience=audience)
    copy_of.tool_version = form.tool_version
    names = [_name(person, members, user) for person in readers_of(copy_of, members) if person != user]
    return capfirst(str(Audience(audience).label)), _joined(names), str(LATER.get(Audience(audience), ""))


def audience_before(form: FormResponse, members: Members, user: "User") -> AudienceLine:
    """Return the sentence above the first field: who will read it, by name."""
    others = [person for person in readers_of(form, members, form.audience_to_be) if person != user]
    who = str(_WILL[Audience(form.audience_to_be)])
    if not others:
        return AudienceLine(who, "" if form.audience_to_be == Audience.AUTHOR else _("once you hand it in."))
    names = _joined(_name(person, members, user) for person in others)
    rest = _("once you hand it in: %(names)s.") % {"names": names}
    later = str(LATER.get(Audience(form.audience_to_be), ""))
    return AudienceLine(who, " ".join(filter(None, [rest, later, _fewer_read_parts(form)])))


def _fewer_read_parts(form: FormResponse) -> str:
    """Return that some of the questions have fewer readers than the form; empty when none has."""
    asked = questions_of(form.tool_version)
    if any(each.audience and is_narrower(each.audience, form.audience) for each in asked):
        return _("Some parts are read by fewer people; each of these parts says by whom.")
    return ""


def audience_now(form: FormResponse, members: Members, user: "User") -> str:
    """Return the line under the title of a form that is handed in."""
    names = [_("you") if person == user else _name(person, members, user) for person in readers_of(form, members)]
    return f"{_CAN[Audience(form.audience)]} {_joined(names)}. {_fewer_read_parts(form)}".strip()


def only_for(audience: str) -> str:
    """Return the line over questions that fewer people read than the form."""
    return {
        Audience.STAFF: _("Only the writer, the Mentor and the Manager read this."),
        Audience.MENTOR: _("Only the writer and the Mentor read this."),
        Audience.MANAGER: _("Only the writer and the Manager read this."),
        Audience.AUTHOR: _("Only the writer reads this."),
    }.get(Audience(audience), "")


def after_handing_in(form: FormResponse, members: Members) -> str:
    """Return what becomes of the form once it is handed in, and until when it can be changed."""
    version = form.tool_version
    folder = {
        FolderKind.MANAGING: _("the managing folder of your group"),
        FolderKind.MONITORING: _("the monitoring folder of your group"),
    }.get(FolderKind(version.folder_kind), _("your own documents"))
    if version.filing == Filing.AFTER_ACCEPTANCE:
        who = _joined(person.get_short_name() for person in members.in_role(*version.accepted_by))
        return _(
            "When you hand it in, %(who)s will read it. Once it is accepted, a PDF of it is filed in %(folder)s."
        ) % {"who": who or _("your Manager"), "folder": folder}
    becomes = _("When you hand it in, a PDF of it is filed in %(folder)s.") % {"folder": folder}
    mentors = _joined(person.get_short_name() for person in members.in_role(Role.MENTOR))
    if form.subject_id and mentors and Role.MENTOR.value in AUDIENCE_ROLES[form.audience_to_be]:
        later = _("You can still change it until %(mentor)s answers it.") % {"mentor": mentors}
        return f"{becomes} {later}"
    later = _("You can change it later; that makes a new version.")
    return f"{becomes} {later}"


def saved_words(form: FormResponse, answered: int, questions: int) -> str:
    """Return "Saved at 21:42. 4 of 6 questions answered."."""
    count = ngettext(
        "%(answered)d of %(count)d question answered.", "%(answered)d of %(count)d questions answered.", questions
    ) % {"answered": answered, "count": questions}
    if not form.lock:
        return count
    return f"{saved_at(form)} {count}"


def saved_at(form: FormResponse) -> str:
    """Return when the form was last saved."""
    if timezone.localdate(form.saved_at) == timezone.localdate():
        return _("Saved at %(time)s.") % {"time": clock(form.saved_at)}
    return _("Saved on %(day)s.") % {"day": day_month(form.saved_at)}


def state_chip(form: FormResponse, rights: ResponseRights, user: "User") -> tuple[str, str]:
    """Return the state of a form as this person sees it: shape and words."""
    if form.state == FormState.RETURNED and form.is_taken_out:
        return "returned", _("Removed from the folder")
    if form.state == FormState.RETURNED:
        name = form.author.get_short_name()
        return "returned", _("Returned to you") if rights.is_writer else _("Returned to %(name)s") % {"name": name}
    if form.state == FormState.DRAFT:
        if form.latest_id and not rights.is_writer:
            return "done", _("Handed in")
        return "draft", _("Changes not handed in") if form.latest_id else _("Draft")
    if may_decide(form, rights.role):
        return "waiting", _("For you to read")
    if form.state == FormState.SUBMITTED and form.tool_version.filing == Filing.AFTER_ACCEPTANCE:
        deciders = [p for p in rights.members.in_role(*form.tool_version.accepted_by) if p != user]
        names = _joined(person.get_short_name() for person in deciders)
        if names and rights.is_writer:
            return "waiting", _("Waits for %(names)s") % {"names": names}
    if form.latest and form.latest.is_accepted:
        return "done", _("Accepted")
    return "done", _("Handed in")
