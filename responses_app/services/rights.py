"""Who may write what in a form, and what may be done with it now."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.policy.roles import AUDIENCE_ROLES, Action, Area, Audience, Role
from core.policy.tables import AREA_POLICY
from mentoring import stops
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormState
from tools.fields.people import Members, members_of
from tools.fields.questions import Question, is_later_part, questions_of, readable_by, writes
from tools.models import Filing, ToolVersion
from tools.subjects import fills_in_about_oneself

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ResponseRights:
    """What a person may read and write in a form now.

    Attributes:
        role: the person's role in the group today.
        is_writer: the form is the person's own, or that of all who fill in the tool for the group.
        readable: what the person may see, in order; headings too.
        fillable: what the person may answer now.
        stop: why nothing can be written now although the form is the person's; empty when it can.
    """

    members: Members
    role: Role | None
    is_writer: bool
    readable: list[Question] = field(default_factory=list)
    fillable: list[Question] = field(default_factory=list)
    stop: str = ""

    @property
    def keys(self) -> set[str]:
        """Keys of what the person may answer."""
        return {question.key for question in self.fillable}


def is_own(form: FormResponse, user: "User", role: Role | None) -> bool:
    """Return whether the form is this person's to write and to hand in."""
    fills = role is not None and role.value in form.tool_version.filled_by
    if form.subject_id is None:
        return fills
    return fills and user.pk in {form.author_id, form.subject_id}


def may_read(standing: Standing, form: FormResponse) -> bool:
    """Return whether the person may read a form; the rule of `FormResponse.objects.allowing(standing, Action.VIEW)`.

    For rows that are read anyway, with their `tool_version`.
    """
    role, me = standing.role_in(form.group_id), standing.user_id
    if role is None or Action.VIEW not in AREA_POLICY[Area.FORM][role]:
        return False
    if form.author_id == me or (form.subject_id in {None, me} and role.value in form.tool_version.filled_by):
        return True
    if form.latest_id is None:
        return False
    is_theirs = form.subject_id == me and fills_in_about_oneself(form.tool_version)
    return is_theirs or role in AUDIENCE_ROLES[Audience(form.audience)]


def response_rights(form: FormResponse, user: "User") -> ResponseRights:
    """Return what `user` may read and write in `form` now. Costs one query for the people of the group."""
    members = members_of(form.group)
    role = members.roles.get(user.pk)
    own = is_own(form, user, role)
    readable = readable_by(form.tool_version, role=role, is_writer=own)
    mine = [question for question in readable if writes(question, role)]
    stop = stops.writing(form.group)
    if stop:
        return ResponseRights(members, role, own, readable, [], stop if mine else "")
    if form.is_open and own:
        return ResponseRights(members, role, own, readable, mine)
    later = [question for question in mine if is_later_part(form.tool_version, question)]
    if later and form.latest_id and (form.is_open or form.state == FormState.SUBMITTED or _is_accepted(form)):
        return ResponseRights(members, role, own, readable, later)
    return ResponseRights(members, role, own, readable, [], _closed_because(form) if own else "")


def _is_accepted(form: FormResponse) -> bool:
    return form.tool_version.filing == Filing.AFTER_ACCEPTANCE and form.state in {FormState.ACCEPTED, FormState.FILED}


def files_part(form: FormResponse, rights: ResponseRights) -> bool:
    """Return whether what this person fills in is a part of what was accepted already: it is filed by itself."""
    return bool(rights.fillable) and _is_accepted(form)


def is_part_empty(form: FormResponse, rights: ResponseRights) -> bool:
    """Return whether this person has a part in what somebody else handed in, and has answered nothing of it."""
    part = [question for question in rights.fillable if is_later_part(form.tool_version, question)]
    return bool(part) and not any(question.key in form.answers or question.key in form.typed for question in part)


def _closed_because(form: FormResponse) -> str:
    if form.state == FormState.SUBMITTED and form.tool_version.filing == Filing.AFTER_ACCEPTANCE:
        return _("You have handed this in, and it is being read. Open it again to change it.")
    return _("You have handed this in. Open it again to change it.")


def to_hand_in(form: FormResponse, rights: ResponseRights) -> list[Question]:
    """Return the questions that must be in order before this person hands the form in."""
    return [question for question in rights.fillable if not is_later_part(form.tool_version, question)]


def may_decide(form: FormResponse, role: Role | None) -> bool:
    """Return whether the role accepts or returns this form now."""
    version = form.tool_version
    return (
        version.filing == Filing.AFTER_ACCEPTANCE
        and form.state == FormState.SUBMITTED
        and role is not None
        and role.value in version.accepted_by
        and form.group.accepts_work
    )


def may_return(form: FormResponse, role: Role | None, user: "User") -> bool:
    """Return whether this person gives somebody's form back that is filed: a diary, or what was accepted by mistake."""
    version = form.tool_version
    if role is None or user.pk in {form.subject_id, form.author_id} or not form.group.accepts_work:
        return False
    if version.filing == Filing.AFTER_ACCEPTANCE:
        return role.value in version.accepted_by and form.state in {FormState.ACCEPTED, FormState.FILED}
    decides = Action.DECIDE in AREA_POLICY[Area.FORM][role] and form.subject_id is not None
    return decides and form.state in {FormState.SUBMITTED, FormState.FILED}


def may_fill_tool(version: ToolVersion, role: Role | None) -> bool:
    """Return whether the role fills in the tool or a part of it."""
    return role is not None and any(writes(question, role) for question in questions_of(version))


def why_not_reopened(form: FormResponse, rights: ResponseRights) -> str:
    """Return why the writer cannot open a handed-in form again; empty when that is possible."""
    if stop := stops.writing(form.group):
        return stop
    if form.state == FormState.ACCEPTED:
        return _("It was accepted, and its PDF is being made. You can change it as soon as it is filed.")
    if form.tool_version.filing == Filing.AT_ONCE and form.subject_id and _mentor_has_answered(form):
        return _("Your Mentor has answered it, so it stays as it is. You can add a comment.")
    return ""


def _mentor_has_answered(form: FormResponse) -> bool:
    """Return whether a Mentor has answered, also one who has left since."""
    writers = {form.author_id, form.subject_id}
    return any(
        comment.author_id not in writers and comment.author_role == Role.MENTOR
        for comment in form.comments.all()
        if comment.removed_at is None
    )
