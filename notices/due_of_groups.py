"""What falls due in groups and programmes themselves: their end, requests that nobody has answered."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import programme_day
from core.policy.roles import Action, Role, Stage
from mentoring.models import Invitation, MembershipProposal
from mentoring.standing import Standing
from notices.due import NOT_WORKING, Asked, Due, DueKind, register
from notices.kinds import Said, by_role
from notices.models import Side, Topic, Way
from notices.of_groups import is_theirs

STAFF = (Role.MANAGER, Role.MENTOR)


def find(asked: Asked) -> Iterator[Due]:
    """Yield groups that end, proposals to decide and invitations that nobody has accepted."""
    yield from _ends(asked)
    yield from _proposals(asked)
    yield from _invitations(asked)


def _ends(asked: Asked) -> Iterator[Due]:
    if asked.span(("group_end", "group_over")) is None:
        return
    for group in asked.groups:
        url, late_url = (
            reverse(name, args=[group.pk]) for name in ("mentoring:group-detail", "mentoring:stage-change")
        )
        facts = {"due_on": group.ends_on.isoformat()}
        if group.stage != Stage.CLOSING and asked.within("group_end", group.ends_on):
            everybody = asked.people(group.pk, *Role.values)
            yield Due("group_end", group.programme, group.pk, group.pk, group.ends_on, everybody, facts | {"url": url})
        if asked.within("group_over", group.ends_on):
            managers = asked.people(group.pk, Role.MANAGER)
            yield Due(
                "group_over", group.programme, group.pk, group.pk, group.ends_on, managers, facts | {"url": late_url}
            )


def _proposals(asked: Asked) -> Iterator[Due]:
    if (span := asked.span(("proposal",))) is None:
        return
    first, last = span
    found = MembershipProposal.objects.open().filter(asked.working())
    found = found.filter(proposed_at__date__range=(first - timedelta(days=1), last + timedelta(days=1))).order_by("pk")
    rows = found.values_list("pk", "group", "group__programme", "user", "role", "proposed_by", "proposed_at")
    for key, group, programme, user, role, by, at in rows:
        people = tuple(each for each in asked.people(group, *STAFF) if each not in {user, by})
        facts = {
            "person_id": user, "role": role, "url": reverse("mentoring:proposal-decide", args=[key]),
            "since": programme_day(at).isoformat(),
        }  # fmt: skip
        yield Due("proposal", programme, group, key, programme_day(at), people, facts)


def _invitations(asked: Asked) -> Iterator[Due]:
    if (span := asked.span(("invitation",))) is None:
        return
    first, last = span
    found = Invitation.objects.open().filter(programme__in=asked.programmes, invited_by__is_active=True)
    found = found.filter(created_at__date__range=(first - timedelta(days=1), last + timedelta(days=1))).order_by("pk")
    columns = ("pk", "group", "programme", "invited_by", "full_name", "created_at")
    for key, group, programme, by, name, at in found.values_list(*columns):
        facts = {"name": name, "since": programme_day(at).isoformat(), "url": reverse("mentoring:people-list")}
        yield Due("invitation", programme, group, key, programme_day(at), (by,), facts)


# --- who is asked, and the words --------------------------------------------------------------------------------------


def _works(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    return ~Q(group__stage__in=NOT_WORKING)


def _before_the_end(standing: Standing) -> Q:
    return _works(standing) & ~Q(group__stage=Stage.CLOSING) & Q(group__in=standing.all_groups())


def _closes_it(standing: Standing) -> Q:
    return _works(standing) & Q(group__in=standing.groups_as(Role.MANAGER))


def _is_undecided(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    return Q(Exists(MembershipProposal.objects.open().filter(pk=OuterRef("target_id"))))


def _decides(standing: Standing) -> Q:
    mine = MembershipProposal.objects.allowing(standing, Action.MANAGE).filter(pk=OuterRef("target_id"))
    return Q(Exists(mine))


def _is_unanswered(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    return Q(Exists(Invitation.objects.open().filter(pk=OuterRef("target_id"))))


def _invited(standing: Standing) -> Q:
    seen = Invitation.objects.open().allowing(standing, Action.VIEW).filter(pk=OuterRef("target_id"))
    return is_theirs(standing) & Q(Exists(seen))


def _end(said: Said) -> str:
    return _("The group “%(group)s” ends") % {"group": said.group}


def _closing(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("its closing")


def _ends_soon(said: Said) -> str:
    return _("The group “%(group)s” comes to its end") % {"group": said.group}


def _over(said: Said) -> str:
    return _("Close the group “%(group)s”") % {"group": said.group}


def _why_close(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("Its last day is over. Close it, or give it a later end.")


def _proposal(said: Said) -> str:
    return _("%(name)s waits to come into the group “%(group)s”") % {
        "name": said.person("person_id"),
        "group": said.group,
    }


def _yes_or_no(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("Somebody proposed it; your yes or no is missing.")


def _invitation(said: Said) -> str:
    if not said.facts["name"]:
        return _("An invitation of yours is not accepted yet")
    return _("%(name)s has not accepted the invitation yet") % {"name": said.facts["name"]}


def _send_again(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("You can send it again, or withdraw it.")


register(
    find,
    DueKind(
        code="group_end", place=90, topic=Topic.PEOPLE, label=gettext_lazy("Your group comes to its end"),
        day_label=gettext_lazy("the last day of the group"), what=_end, title=_ends_soon, still_open=_works,
        is_theirs=_before_the_end, sides=(Side.BEFORE,), example={"due_on": "2027-06-30"},
    ),
    DueKind(
        code="group_over", place=95, topic=Topic.PEOPLE,
        label=gettext_lazy("A group whose time is over waits to be closed"),
        day_label=gettext_lazy("the last day of the group"), what=_closing, title=_over, line=_why_close,
        still_open=_works, is_theirs=_closes_it, sides=(Side.AFTER,), example={"due_on": "2027-06-30"},
    ),
    DueKind(
        code="proposal", place=96, topic=Topic.ASKED,
        label=gettext_lazy("A proposal for a group that nobody has decided"),
        day_label=gettext_lazy("the day on which it was made"), what=_proposal, title=_proposal, line=_yes_or_no,
        still_open=_is_undecided, is_theirs=_decides, sides=(Side.AFTER,),
        example={"person_id": 1, "role": Role.MENTEE.value},
    ),
    DueKind(
        code="invitation", place=97, topic=Topic.PEOPLE,
        label=gettext_lazy("An invitation that nobody has accepted"),
        day_label=gettext_lazy("the day on which it was sent"), what=_invitation, title=_invitation, line=_send_again,
        still_open=_is_unanswered, is_theirs=_invited, sides=(Side.AFTER,), ways=by_role(Way.DAILY),
        example={"name": "Ivan Petrov"},
    ),
)  # fmt: skip
