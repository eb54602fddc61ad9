"""Who may see a person's name and portrait outside their documents."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import User
from core.policy.roles import Action
from core.search import contains_all
from mentoring.models import Enrolment, Membership


class VisiblePeople:
    """The people whom somebody may see."""

    @staticmethod
    def of(standing: Any) -> Any:
        """Return the people whom the person may see: oneself, one's groups, and the programmes where one invites."""
        together = Membership.objects.live().filter(group__in=standing.all_groups(), user=OuterRef("pk"))
        invited = Enrolment.objects.filter(programme__in=standing.programmes(Action.INVITE), user=OuterRef("pk"))
        return User.objects.filter(Q(pk=standing.user_id) | Exists(together) | Exists(invited))

    @classmethod
    def with_portrait(cls, standing: Any) -> Any:
        """Return those of them who have a portrait."""
        return cls.of(standing).exclude(photo="")

    @staticmethod
    def search(standing: Any, words: str, *, group: Any = None) -> Any:
        """Return those whose name holds `words`, by name, as the lists of people show them.

        Who is in a group of one's own today has `group_key`, `group_name` and `role`; who has a role in a programme
        where one invites has `programme_key`, `programme_title` and `programme_role`, and is found by address too.

        Args:
            group: one of one's own: only the people of it.
        """
        together = Membership.objects.allowing(standing, Action.VIEW).live().filter(user=OuterRef("pk"))
        invited = Enrolment.objects.allowing(standing, Action.VIEW).live().filter(user=OuterRef("pk"))
        if group is not None:
            together, invited = together.of_group(group), invited.none()
        in_group, in_programme = together.order_by("-group"), invited.order_by("-programme")
        named = contains_all(words, "search_text")
        people = User.objects.filter(Exists(together) & named | Exists(invited) & (named | Q(email__icontains=words)))
        return people.annotate(
            group_key=Subquery(in_group.values("group")[:1]),
            group_name=Subquery(in_group.values("group__name")[:1]),
            role=Subquery(in_group.values("role")[:1]),
            programme_key=Subquery(in_programme.values("programme")[:1]),
            programme_title=Subquery(in_programme.values("programme__title")[:1]),
            programme_role=Subquery(in_programme.values("role")[:1]),
        ).order_by("full_name", "pk")
