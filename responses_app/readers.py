"""Who may read a paper made from a form, in one sentence: the one home of it, and of who may read it later.

Named are the people and roles of the day on which it was handed in; who has such a role later reads it too.
"""

from collections.abc import Collection
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext

from core.days import programme_day
from core.policy.roles import AUDIENCE_ROLES, Audience, Role
from core.texts import within
from mentoring.models import Membership
from rendering.pdf import fields
from rendering.pdf.limits import clean
from responses_app.models import FormSubmission
from tools import wording

LATER: Final[dict[str, str | Promise]] = {
    Audience.STAFF: gettext_lazy("If the group gets another Mentor or Manager, they can read it too."),
    Audience.MENTOR: gettext_lazy("If the group gets another Mentor, they can read it too."),
    Audience.MANAGER: gettext_lazy("If the group gets another Manager, they can read it too."),
}
"""An audience means roles, not people: who comes later reads what was handed in before."""


def paper_readers(submission: FormSubmission, people: Collection[Membership], *, keeps_some: bool) -> str:
    """Return who may read the paper: the group by its roles, or the few by name.

    Args:
        people: who was in the group on the day of handing in.
        keeps_some: some answers are kept for fewer people, and are not printed.
    """
    if submission.audience == Audience.GROUP:
        said = [_whole_group(submission, people)]
    else:
        said = [_few(submission, people), str(LATER.get(submission.audience, ""))]
    if keeps_some:
        said.append(_("Answers that fewer people read are not printed here."))
    return " ".join(filter(None, said))


def _whole_group(submission: FormSubmission, people: Collection[Membership]) -> str:
    """Return the group with the roles that somebody has in it."""
    counts = {role: sum(each.role == role for each in people) for role in (Role.MANAGER, Role.MENTOR, Role.MENTEE)}
    words = {
        Role.MANAGER: npgettext("reader of a paper", "Manager", "Managers", counts[Role.MANAGER]),
        Role.MENTOR: npgettext("reader of a paper", "Mentor", "Mentors", counts[Role.MENTOR]),
        Role.MENTEE: npgettext("reader of a paper", "Mentee", "Mentees", counts[Role.MENTEE]),
    }
    roles = wording.listed([words[role] for role, count in counts.items() if count])
    sentence = _("the mentoring group “%(group)s” (%(roles)s), also those who join it later. Nobody outside the group.")
    return sentence % {"group": clean(submission.form.group.name), "roles": roles}


def _few(submission: FormSubmission, people: Collection[Membership]) -> str:
    """Return the few by name, and on which day they were all."""
    form, roles = submission.form, AUDIENCE_ROLES[submission.audience]
    named = [
        f"{clean(each.user.full_name)} ({within(fields.role_word(each.role))})"
        for each in people
        if each.role in roles and each.user_id != submission.submitted_by_id
    ]
    named.append(_("%(name)s, who wrote it") % {"name": clean(submission.submitted_by.full_name)})
    if form.subject and form.subject_id != submission.submitted_by_id:
        named.append(_("%(name)s, whom it is about") % {"name": clean(form.subject.full_name)})
    words = {"people": "; ".join(named), "day": fields.day_words(programme_day(submission.submitted_at))}
    if not roles:
        return _("%(people)s. Nobody else.") % words
    return _("on %(day)s: %(people)s. Nobody else.") % words
