"""What people are told of groups, roles, stages and invitations: the apps of these lie below this one."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import DomainEvent
from core.policy.choices import label_of
from core.policy.roles import Action, Area, ProgrammeRole, Role, Stage
from core.texts import within
from mentoring.models import Enrolment, Invitation, Membership, MentoringGroup
from mentoring.standing import Standing
from notices.kinds import NoticeKind, Said, Told, by_role, register
from notices.models import Notice, Topic, Way

AT_ONCE, IN_PAGE = Way.AT_ONCE, Way.IN_PAGE
OPENING = timedelta(minutes=1)
"""Who comes in so soon after the group was opened came with it: everybody is told of their own role alone."""


# --- who may know, and where it leads ---------------------------------------------------------------------------------


def is_theirs(standing: Standing) -> Q:
    """Return the condition for what is about the person: nobody else has such a notice."""
    return Q(person=standing.user_id)


def in_own_groups(standing: Standing) -> Q:
    """Return the condition for what happens in the groups that the person is in today."""
    return Q(group__in=standing.all_groups())


def in_managed_groups(standing: Standing) -> Q:
    """Return the condition for what happens in the groups whose people the person manages."""
    return Q(group__in=standing.groups(Area.PEOPLE, Action.MANAGE))


def in_administered_programmes(standing: Standing) -> Q:
    """Return the condition for groups of the programmes that the person administers."""
    return Q(group__programme__in=standing.programmes(Action.CHANGE))


def of_own_invitations(standing: Standing) -> Q:
    """Return the condition for invitations that the person still sees."""
    return Q(Exists(Invitation.objects.allowing(standing, Action.VIEW).filter(pk=OuterRef("target_id"))))


def group_url(notice: Notice) -> str:
    """Return the page of the group."""
    return reverse("mentoring:group-detail", args=[notice.group_id])


def members_url(notice: Notice) -> str:
    """Return the page of the group's people."""
    return reverse("mentoring:member-list", args=[notice.group_id])


def members_of(group_id: int | None, *roles: str) -> list[int]:
    """Return the keys of a group's members of today, in these roles or in any."""
    found = Membership.objects.live().of_group(group_id)
    return list((found.in_role(*roles) if roles else found).order_by("pk").values_list("user_id", flat=True))


def with_reason(people: Iterable[int], reason: str = "role") -> dict[int, str]:
    """Return people with one reason."""
    return dict.fromkeys(people, reason)


# --- roles that begin and end -----------------------------------------------------------------------------------------


def _about_oneself(event: DomainEvent) -> Told:
    user, role = event.data["user_id"], event.data["role"]
    return Told({user: "about_you"}, event.group_id or 0, {"role": role})


def _role(said: Said) -> str:
    return within(label_of(Role, said.facts["role"]))


def _role_begins(said: Said) -> str:
    return _("You joined the group “%(group)s” as %(role)s") % {"role": _role(said), "group": said.group}


def _begins(said: Said) -> str:
    return _("Role begins: %(role)s") % {"role": _role(said)}


def _taken_in(said: Said) -> str:
    return _("%(who)s added you to the group.") % {"who": said.who} if said.who else ""


def _role_ends(said: Said) -> str:
    return _("Your role in the group “%(group)s” has ended: %(role)s") % {"role": _role(said), "group": said.group}


def _ends(said: Said) -> str:
    return _("Role has ended: %(role)s") % {"role": _role(said)}


def _what_stays(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("What you wrote stays with the group.")


def _home_url(notice: Notice) -> str:  # noqa: ARG001 -- one of the addresses
    return reverse("home:first-screen")


def _about_another(event: DomainEvent) -> Told | None:
    opened = DomainEvent.objects.filter(kind="group.opened", group_id=event.group_id)
    if opened.filter(happened_at__gte=event.happened_at - OPENING).exists():
        return None
    user = event.data["user_id"]
    joined_after = DomainEvent.objects.filter(kind="membership.started", group_id=event.group_id, pk__gt=event.pk)
    untold = {user, *(each["user_id"] for each in joined_after.values_list("data", flat=True))}
    others = [key for key in members_of(event.group_id) if key not in untold]
    return Told(with_reason(others), event.group_id or 0, {"person_id": user, "role": event.data["role"]})


def _joined(said: Said) -> str:
    return _("%(name)s joined the group as %(role)s") % {"name": said.person("person_id"), "role": _role(said)}


def _left(said: Said) -> str:
    return _("%(name)s is no longer in the group “%(group)s”") % {"name": said.person("person_id"), "group": said.group}


# --- groups, stages, invitations --------------------------------------------------------------------------------------


def _to_admins(event: DomainEvent) -> Told | None:
    group = MentoringGroup.objects.filter(pk=event.group_id or 0).first()
    if group is None:
        return None
    admins = Enrolment.objects.live().of_programme(group.programme_id).in_role(ProgrammeRole.ADMIN)
    return Told(with_reason(admins.order_by("pk").values_list("user_id", flat=True), "admin"), group.pk)


def _opened(said: Said) -> str:
    return _("New group: “%(group)s”") % {"group": said.group}


def _group_in_administration(notice: Notice) -> str:
    return reverse("admin:mentoring_mentoringgroup_change", args=[notice.group_id])


def _to_members(event: DomainEvent) -> Told:
    stage = event.data["stage"]
    return Told(with_reason(members_of(event.group_id)), event.group_id or 0, {"stage": stage})


def _stage(said: Said) -> str:
    return _("The group “%(group)s” is at a new stage: %(stage)s") % {
        "group": said.group,
        "stage": within(label_of(Stage, said.facts["stage"])),
    }


def _to_inviter(event: DomainEvent) -> Told | None:
    key = int(event.target.rpartition(":")[2])
    invitation = Invitation.objects.filter(pk=key).first()
    if invitation is None:
        return None
    return Told({invitation.invited_by_id: "inviter"}, key, {"person_id": event.data["user_id"]})


def _accepted(said: Said) -> str:
    return _("%(name)s accepted your invitation") % {"name": said.person("person_id")}


def _people_url(notice: Notice) -> str:  # noqa: ARG001 -- one of the addresses
    return reverse("mentoring:people-list")


register(
    NoticeKind(
        code="role_begins", topic=Topic.PEOPLE, label=gettext_lazy("Your role in a group begins"),
        events=("membership.started",), gather=_about_oneself, title=_role_begins, logged=_begins, line=_taken_in,
        url=group_url, reached_by=in_own_groups, ways={"": AT_ONCE}, example={"role": Role.MENTOR.value},
    ),
    NoticeKind(
        code="role_ends", topic=Topic.PEOPLE, label=gettext_lazy("Your role in a group ends"),
        events=("membership.ended",), gather=_about_oneself, title=_role_ends, logged=_ends, line=_what_stays,
        url=_home_url, reached_by=is_theirs, logged_for=in_managed_groups, ways={"": AT_ONCE},
        example={"role": Role.MENTOR.value},
    ),
    NoticeKind(
        code="member_joined", topic=Topic.PEOPLE, label=gettext_lazy("Somebody joins your group"),
        events=("membership.started",), gather=_about_another, title=_joined, url=members_url,
        reached_by=in_own_groups, ways={}, example={"person_id": 1, "role": Role.MENTEE.value},
    ),
    NoticeKind(
        code="member_left", topic=Topic.PEOPLE, label=gettext_lazy("Somebody leaves your group"),
        events=("membership.ended",), gather=_about_another, title=_left, url=members_url,
        reached_by=in_own_groups, ways={}, example={"person_id": 1, "role": Role.MENTEE.value},
    ),
    NoticeKind(
        code="stage_changed", topic=Topic.PEOPLE, label=gettext_lazy("Your group comes to a new stage"),
        events=("group.stage_changed",), gather=_to_members, title=_stage, url=group_url, reached_by=in_own_groups,
        ways=by_role(IN_PAGE), example={"stage": Stage.RUNNING.value}, replaces=True,
    ),
    NoticeKind(
        code="group_opened", topic=Topic.PEOPLE, label=gettext_lazy("A group is opened in your programme"),
        events=("group.opened",), gather=_to_admins, title=_opened, url=_group_in_administration,
        reached_by=in_administered_programmes, ways={}, example={"opened": True},
    ),
    NoticeKind(
        code="invitation_accepted", topic=Topic.PEOPLE, label=gettext_lazy("Somebody accepts your invitation"),
        events=("invitation.accepted",), gather=_to_inviter, title=_accepted, url=_people_url,
        reached_by=of_own_invitations, ways={}, example={"person_id": 1},
    ),
)  # fmt: skip
