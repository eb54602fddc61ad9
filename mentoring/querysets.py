"""Who sees which programmes, groups and people."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.days import programme_today
from core.policy.querysets import AccessQuerySet
from core.policy.roles import READ_ONLY_STAGES, Action, Area, ProgrammeRole, Role, Stage
from core.search import contains_all
from mentoring.reads import give_members, give_mentors, group_count, group_for_page, group_rows, groups_of_reader

SHOWN_OF_PEOPLE = (
    "email", "shows_email", "full_name", "call_name", "about", "photo", "language", "is_active", "mail_refused_at",
)  # fmt: skip
"""What pages and mails need of a member; nothing of how somebody signs in."""


def live_on(day: date | None = None, prefix: str = "") -> Q:
    """Return the condition that a membership holds on `day` (today when None)."""
    day = day or programme_today()
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


class MembershipQuerySet(AccessQuerySet):
    """Memberships."""

    area = Area.PEOPLE

    def live(self, on: date | None = None) -> Self:
        """Return those that hold on that day."""
        return self.filter(live_on(on))

    def in_role(self, *roles: str) -> Self:
        """Return those of the given roles."""
        return self.filter(role__in=roles)

    def former(self, on: date | None = None) -> Self:
        """Return those whose last day has passed on a day (today), without people who are in the group again."""
        from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

        again = Membership.objects.live(on).filter(group=OuterRef("group"), user=OuterRef("user"))
        return self.filter(~Exists(again), ends_on__lt=on or programme_today())

    def last_former_of(self, user_id: int | None) -> Any:
        """Return a person's membership that ended last, of those they are not in again; or None."""
        return self.former().filter(user=user_id).order_by("-ends_on", "-pk").first()

    def only_managers(self, memberships: Any) -> Self:
        """Return those of these memberships of running groups in which nobody else is Manager."""
        live = self.model._default_manager.live().filter(role=Role.MANAGER, user__is_active=True)
        others = live.filter(group=OuterRef("group")).exclude(user=OuterRef("user"))
        found = self.filter(~Exists(others), pk__in=[each.pk for each in memberships], role=Role.MANAGER)
        return found.exclude(group__stage__in=READ_ONLY_STAGES).select_related("group").order_by("group__name")

    def of_group(self, group: Any) -> Self:
        """Return those of a group."""
        return self.filter(group=group)

    def of_user(self, user: Any) -> Self:
        """Return those of a person; of an inactive person none."""
        return self.filter(user=user.pk) if getattr(user, "is_active", False) and user.pk else self.none()

    def with_people(self) -> Self:
        """Return them with their person, Managers and Mentors first."""
        order = models.Case(models.When(role=Role.MENTOR, then=0), models.When(role=Role.MANAGER, then=1), default=2)
        shown = [f"user__{name}" for name in SHOWN_OF_PEOPLE]
        people = self.select_related("user").only("group_id", "role", "starts_on", "ends_on", "end_reason", *shown)
        return people.order_by(order, "user__full_name", "pk")

    def for_page(self) -> Self:
        """Return memberships with their person and group."""
        return self.select_related("user", "group__programme")

    def places_of(self, groups: Any, people: Any) -> dict[tuple[int, int], int]:
        """Return the newest membership of these people in these groups, by group and person."""
        found = self.filter(group__in=groups, user__in=people).order_by("starts_on", "pk")
        return {(group, user): key for key, group, user in found.values_list("pk", "group_id", "user_id")}

    def mentoring_load(self, programme: Any) -> dict[int, tuple[int, int]]:
        """Return for each Mentor of this programme's open groups how many of them, and how many Mentees, they have."""
        mentees = self.model._default_manager.live().in_role(Role.MENTEE).filter(group=OuterRef("group")).order_by()
        counted = mentees.values("group").annotate(n=Count("pk")).values("n")
        open_groups = self.live().in_role(Role.MENTOR).filter(group__programme=programme)
        rows = open_groups.exclude(group__stage__in=READ_ONLY_STAGES).order_by().annotate(mentees=Subquery(counted))
        load: dict[int, tuple[int, int]] = {}
        for user, mentees_count in rows.values_list("user_id", "mentees"):
            groups, people = load.get(user, (0, 0))
            load[user] = (groups + 1, people + (mentees_count or 0))
        return load

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return memberships of the groups in which the person may do `action` with people."""
        return self.filter(group__in=standing.groups(Area.PEOPLE, action))


class AreaQuerySet(AccessQuerySet):
    """Objects that belong to a group and are governed by one area of the policy.

    Subclasses set `area` and, where the object is not the group's direct child, `group_path`.
    """

    group_path = "group"

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the objects on which the person may do `action`, by role in their group."""
        return self.filter(**{f"{self.group_path}__in": standing.groups(self.area, action)})


class MentoringGroupQuerySet(AreaQuerySet):
    """Mentoring groups."""

    area = Area.GROUP

    group_path = "pk"

    def called(self, name: str, programme: Any) -> Self:
        """Return those of this name in a programme that are not over."""
        return self.filter(name__iexact=name, programme=programme).exclude(stage__in=READ_ONLY_STAGES)

    def of_member(self, standing: Any, *roles: str) -> Self:
        """Return the groups in which the person has one of `roles` today (any role when none given)."""
        return self.filter(pk__in=standing.groups_as(*roles) if roles else standing.all_groups())

    def in_area(self, standing: Any, action: Action, *, area: Area) -> Self:
        """Return the groups in which the person may do `action` in `area`."""
        return self.filter(pk__in=standing.groups(area, action))

    def with_unread(self, user_id: int) -> Self:
        """Return groups with `unread_messages`: how many messages to this person wait there."""
        from mentoring.models import Message  # noqa: PLC0415 -- models import this module

        mine = Message.objects.filter(group=OuterRef("pk"), recipient=user_id, read_at__isnull=True)
        counted = mine.order_by().values("group").annotate(n=Count("pk")).values("n")
        return self.annotate(unread_messages=Coalesce(Subquery(counted), 0))

    def of_reader(self, standing: Any, role: str, *, newest_first: bool = False) -> list[Any]:
        """Return the groups in which the person has this role today, with `unread_messages` and their people."""
        groups = groups_of_reader(standing.groups_as(role), standing.user_id, newest_first=newest_first)
        give_members(groups)
        return groups

    def working(self) -> Self:
        """Return groups in which one can write and file: neither over nor paused."""
        return self.exclude(stage__in=[*READ_ONLY_STAGES, Stage.PAUSED])

    def names_of(self, keys: Any) -> dict[int, str]:
        """Return the names of these groups, by key; nothing is asked when there are none."""
        return dict(self.filter(pk__in=keys).order_by().values_list("pk", "name")) if keys else {}

    def of_person(self, user_id: int, role: str) -> Self:
        """Return the groups in which that person holds `role` today."""
        from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

        held = Membership.objects.live().in_role(role).filter(user=user_id)
        return self.filter(Exists(held.filter(group=OuterRef("pk"))))

    def with_people(self) -> Self:
        """Return groups with `live_memberships`, each with its person."""
        from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

        return self.prefetch_related(
            Prefetch("memberships", Membership.objects.live().with_people(), to_attr="live_memberships")
        )

    def for_page(self) -> Self:
        """Return groups with what the group space shows, but for its people."""
        return self.select_related("programme")

    def one_for_page(self, standing: Any, action: Action, key: int, *, area: Area | None = None) -> Any:
        """Return the group with this key with its people, if the person may do `action` there; else None."""
        group = next(iter(group_for_page(standing.groups(area or self.area, action), key)), None)
        if group is not None:
            give_members([group])
        return group

    def listed(self, standing: Any, *, with_over: bool) -> "GroupList":
        """Return the person's groups by name, for the list of them."""
        return GroupList(standing.all_groups(), with_over=with_over)

    def for_list(self) -> Self:
        """Return groups for the Manager's list, with the number of Mentees."""
        mentees = Count("memberships", filter=Q(memberships__role=Role.MENTEE) & live_on(prefix="memberships__"))
        return self.select_related("programme").with_people().annotate(mentee_count=mentees).order_by("name", "pk")

    def for_rows(self) -> Self:
        """Return groups with what a row of the list shows: programme, number of Mentees, `mentors`."""
        from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

        mentors = Membership.objects.live().in_role(Role.MENTOR).with_people()
        return self.for_rows_alone().prefetch_related(Prefetch("memberships", mentors, to_attr="mentors"))

    def for_rows_alone(self, day: date | None = None) -> Self:
        """Return groups as `for_rows` does, without their Mentors."""
        own = ("name", "stage", "form", "kind", "starts_on", "ends_on", "programme__title", "programme__season")
        mentees = Count("memberships", filter=Q(memberships__role=Role.MENTEE) & live_on(day, "memberships__"))
        return self.select_related("programme").only(*own).annotate(mentee_count=mentees).order_by("name", "pk")

    def newest_first(self) -> Self:
        """Return groups, the youngest first."""
        return self.order_by("-starts_on", "-pk")

    def by_name(self) -> Self:
        """Return groups in the order of their names."""
        return self.order_by("name", "pk")

    def not_over(self) -> Self:
        """Return groups that still run in some way."""
        return self.exclude(stage__in=[Stage.CLOSED, Stage.ENDED_EARLY])

    def matching(self, words: str) -> Self:
        """Return groups whose name, motto or member names contain `words`."""
        if not words.strip():
            return self
        from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

        named = Membership.objects.live().filter(contains_all(words, "user__search_text"), group=OuterRef("pk"))
        return self.filter(contains_all(words, "search_text") | Exists(named))


class GroupList:
    """The rows of a list of groups, for a paginator: counted and read without what only a search needs."""

    ordered = True

    def __init__(self, keys: Any, *, with_over: bool) -> None:
        self._keys, self._with_over = keys, with_over

    def count(self) -> int:
        """Return how many there are."""
        return next(iter(group_count(self._keys, with_over=self._with_over)), 0)

    def __getitem__(self, part: slice) -> list[Any]:
        start, stop = part.start or 0, part.stop
        rows = group_rows(self._keys, programme_today(), with_over=self._with_over, start=start, stop=stop)
        give_mentors(rows)
        return rows


class PackQuerySet(AccessQuerySet):
    """Programme packs."""

    area = Area.LIBRARY

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the packs of one's groups and programmes; a pack is only read."""
        return self.filter(pk__in=standing.packs(action)) if action == Action.VIEW else self.none()


class MembershipProposalQuerySet(AccessQuerySet):
    """Proposals to put somebody into a group from outside."""

    area = Area.PEOPLE

    def open(self) -> Self:
        """Return those that nobody has decided."""
        return self.filter(decided_at__isnull=True)

    def of_group(self, group: Any) -> Self:
        """Return those of a group, with the people they name."""
        return self.filter(group=group).select_related("user", "proposed_by")

    def to_decide(self, standing: Any) -> Self:
        """Return those that the person may decide, with whom and what they name, the oldest first."""
        return self.allowing(standing, Action.MANAGE).select_related("user", "group").order_by("pk")

    def keys_of(self, group: Any) -> set[int]:
        """Return the keys of those of a group."""
        return set(self.filter(group=group).values_list("pk", flat=True))

    def for_page(self) -> Self:
        """Return proposals with what their page shows."""
        return self.select_related("user", "proposed_by", "group__programme")

    def allowing(self, standing: Any, action: Action) -> Self:  # noqa: ARG002 -- there is one right, to decide
        """Return the open ones that the person may decide: neither who proposed it nor whom it is about.

        The Managers and Mentors of the group decide; where it has no other, who runs the installation. Admins of the
        programme decide only while nobody else has led the group, or where who runs the installation proposes: they
        can end the work of Managers and Mentors, and would open the door to themselves.
        """
        from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

        of_group = Membership.objects.filter(group=OuterRef("group"))
        others = of_group.exclude(user=OuterRef("user")).exclude(user=OuterRef("proposed_by"))
        ever = others.filter(role__in=[Role.MANAGER, Role.MENTOR])
        leading = ever.live().filter(user__is_active=True)
        mine = Q(Exists(leading.filter(user=standing.user_id)))
        unled = Q(group__programme__in=standing.programmes_as(ProgrammeRole.ADMIN))
        unled &= ~Q(Exists(ever)) | Q(proposed_by__is_superuser=True)
        if standing.is_superuser:
            unled = Q()
        own = Q(proposed_by=standing.user_id) | Q(user=standing.user_id)
        return self.open().filter(mine | ~Q(Exists(leading)) & unled).exclude(own)


class ProgrammeQuerySet(AccessQuerySet):
    """Programmes."""

    area = Area.PROGRAMME

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the programmes in which the person's enrolment allows `action`."""
        return self.filter(pk__in=standing.programmes(action))

    def open(self) -> Self:
        """Return programmes in which groups can be opened."""
        return self.filter(is_open=True)

    def with_keys(self, keys: Any) -> Self:
        """Return those with these keys."""
        return self.filter(pk__in=keys)

    def for_setting_up(self) -> Self:
        """Return programmes with their Managers, open invitations of Managers and groups: two queries, however many."""
        from mentoring.models import Enrolment  # noqa: PLC0415 -- models import this module

        managers = Enrolment.objects.live().in_role(ProgrammeRole.MANAGER).filter(user__is_active=True)
        managers = managers.select_related("user").order_by("user__full_name")
        waiting = Q(invitations__role=ProgrammeRole.MANAGER, invitations__expires_at__gt=timezone.now())
        waiting &= Q(invitations__accepted_at=None, invitations__revoked_at=None)
        counted = self.select_related("organisation", "pack").annotate(
            group_total=Count("groups", distinct=True),
            invited_total=Count("invitations", filter=waiting, distinct=True),
        )
        return counted.prefetch_related(Prefetch("enrolments", managers, to_attr="live_managers"))

    def administered_by(self, standing: Any) -> Self:
        """Return the programmes whose Admin the person is; of a superuser all."""
        return self.all() if standing.is_superuser else self.allowing(standing, Action.CHANGE)


class EnrolmentQuerySet(AccessQuerySet):
    """Enrolments."""

    area = Area.PROGRAMME

    def live(self) -> Self:
        """Return those that have not ended."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=timezone.now()))

    def of_user(self, user: Any) -> Self:
        """Return those of a person; of an inactive person none."""
        return self.filter(user=user.pk) if getattr(user, "is_active", False) and user.pk else self.none()

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the enrolments of programmes to which the person may invite (Admins and Managers)."""
        wanted = Action.INVITE if action == Action.VIEW else action
        return self.filter(programme__in=standing.programmes(wanted))

    def of_programme(self, programme: Any) -> Self:
        """Return the enrolments of a programme."""
        return self.filter(programme=programme)

    def of_address(self, programme: Any, email: str, role: str) -> Any:
        """Return the live enrolment in a role of who has this address; None when there is none."""
        found = self.live().filter(programme=programme, user__email__iexact=email, user__is_active=True, role=role)
        return found.select_related("user").first()

    def in_role(self, *roles: str) -> Self:
        """Return those of the given programme roles."""
        return self.filter(role__in=roles)

    def had_by(self, user_id: int | None) -> bool:
        """Return whether the person has, or had, a role in any programme."""
        return self.filter(user=user_id).exists()

    def people_of(self, programmes: Any) -> list[Any]:
        """Return the people of these programmes who may sign in, by name and each once."""
        found = self.filter(programme__in=programmes, user__is_active=True).select_related("user")
        people = {each.user_id: each.user for each in found.order_by("user__full_name")}
        return list(people.values())

    def count_people(self) -> int:
        """Return of how many people they are; one can have two roles."""
        return int(self.aggregate(people=Count("user", distinct=True))["people"])

    def matching(self, words: str) -> Self:
        """Return those whose person's name or address contains `words`."""
        by_address = Q(user__email__icontains=words.strip())
        return self.filter(contains_all(words, "user__search_text") | by_address) if words.strip() else self

    def for_list(self, standing: Any) -> Self:
        """Return enrolments with their person, who has as `shared_memberships` those in groups the viewer manages."""
        from mentoring.models import Membership  # noqa: PLC0415 -- models import this module

        managed = standing.groups_as(Role.MANAGER)
        memberships = Membership.objects.live().filter(group__in=managed).select_related("group")
        return (
            self.select_related("user", "programme")
            .prefetch_related(Prefetch("user__memberships", memberships, to_attr="shared_memberships"))
            .order_by("user__full_name", "role")
        )


class MessageQuerySet(models.QuerySet[Any]):
    """Messages; each is reached through one of the two people."""

    def between(self, group: Any, one: int, other: int) -> Self:
        """Return what two people of a group wrote to each other, the oldest first."""
        there = Q(sender=one, recipient=other) | Q(sender=other, recipient=one)
        return self.filter(there, group=group).select_related("sender").order_by("sent_at", "pk")

    def latest_of(self, user_id: int, groups: Any) -> Self:
        """Return what this person wrote or received in these groups, the last first, with both people."""
        found = self.filter(Q(sender=user_id) | Q(recipient=user_id), group__in=groups)
        return found.select_related("sender", "recipient", "group").order_by("-sent_at", "-pk")

    def unread_by(self, user_id: int) -> Self:
        """Return what this person has received and not seen yet."""
        return self.filter(recipient=user_id, read_at__isnull=True)


class InvitationQuerySet(AccessQuerySet):
    """Invitations."""

    area = Area.PROGRAMME

    def open(self) -> Self:
        """Return those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the invitations of programmes in which the person invites.

        Managers reach only those of group roles that lead into a group of their own or into none.
        """
        own = Q(group__isnull=True) | Q(group__in=standing.groups_as(Role.MANAGER))
        roles = [ProgrammeRole.MENTOR, ProgrammeRole.MENTEE]
        return self.filter(
            Q(programme__in=standing.programmes_as(ProgrammeRole.ADMIN))
            | (Q(programme__in=standing.programmes_as(ProgrammeRole.MANAGER)) & Q(role__in=roles) & own)
        )

    def of_group(self, group: Any) -> Self:
        """Return those that lead into a group."""
        return self.filter(group=group)

    def accepted_outside(self) -> Self:
        """Return the accepted ones whose person has the role, and never came into the group: it had no place."""
        from mentoring.models import Enrolment, Membership, MembershipProposal  # noqa: PLC0415 -- they import this

        of_group = {"group": OuterRef("group"), "user": OuterRef("accepted_by")}
        has_role = Enrolment.objects.live().filter(
            programme=OuterRef("programme"), user=OuterRef("accepted_by"), role=OuterRef("role")
        )
        found = self.filter(Exists(has_role), accepted_by__is_active=True)
        found = found.exclude(Exists(Membership.objects.filter(**of_group)))
        found = found.exclude(Exists(MembershipProposal.objects.filter(**of_group)))
        return found.select_related("accepted_by").order_by("accepted_at")

    def of_programme(self, programme: Any) -> Self:
        """Return those of a programme."""
        return self.filter(programme=programme)

    def waiting_for(self, programme: Any, email: str, role: str) -> Self:
        """Return the open ones to an address in a role of a programme: those that a new one would take the place of."""
        found = self.open().filter(programme=programme, email__iexact=email, role=role)
        return found.select_related("group", "programme", "invited_by").order_by("-created_at")

    def has_replaced(self, invitation: Any) -> bool:
        """Return whether a newer one to the same address in the same role was sent since, whatever became of it."""
        same = self.filter(programme=invitation.programme_id, email__iexact=invitation.email, role=invitation.role)
        return same.filter(pk__gt=invitation.pk).exists()

    def in_role(self, role: str) -> Self:
        """Return those that invite to a role."""
        return self.filter(role=role)

    def for_list(self) -> Self:
        """Return invitations with what a row shows, newest first."""
        return self.select_related("group", "programme", "invited_by").order_by("-created_at")
