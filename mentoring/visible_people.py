"""Who may see a person's name and portrait outside their documents."""

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from core.built_once import Keys, built_once
from core.days import programme_today
from core.policy.roles import Action, Area
from core.search import matches, patterns_of
from mentoring.models import Enrolment, Membership


@built_once
def _named(
    groups: Keys, programmes: Keys, patterns: Collection[str], address: str, day: date, now: datetime,
    *, start: int, stop: int,
) -> Any:  # fmt: skip
    together = Membership.objects.live(day).filter(group__in=groups, user=OuterRef("pk"))
    lasting = Q(ended_at__isnull=True) | Q(ended_at__gt=now)
    invited = Enrolment.objects.filter(lasting, programme__in=programmes, user=OuterRef("pk"))
    in_group, in_programme = together.order_by("-group"), invited.order_by("-programme")
    named = matches(patterns, "search_text")
    people = User.objects.filter(Exists(together) & named | Exists(invited) & (named | Q(email__iregex=address)))
    return (
        people.only("full_name")
        .annotate(
            group_key=Subquery(in_group.values("group")[:1]),
            group_name=Subquery(in_group.values("group__name")[:1]),
            role=Subquery(in_group.values("role")[:1]),
            programme_key=Subquery(in_programme.values("programme")[:1]),
            programme_title=Subquery(in_programme.values("programme__title")[:1]),
            programme_role=Subquery(in_programme.values("role")[:1]),
        )
        .order_by("full_name", "pk")[start:stop]
    )


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
    def search(standing: Any, words: str, *, group: Any = None, part: slice) -> list[Any]:
        """Return those whose name holds `words`, by name, as the lists of people show them.

        Who is in a group of one's own today has `group_key`, `group_name` and `role`; who has a role in a programme
        where one invites has `programme_key`, `programme_title` and `programme_role`, and is found by address too.

        Args:
            group: one of one's own: only the people of it.
            part: which of them.
        """
        if not (patterns := patterns_of(words)):
            return []
        groups, programmes = standing.groups(Area.PEOPLE, Action.VIEW), standing.programmes(Action.INVITE)
        if group is not None:
            groups, programmes = [group.pk] if standing.may(Area.PEOPLE, Action.VIEW, group.pk) else [], ()
        day, now, address = programme_today(), timezone.now(), re.escape(words)
        return _named(groups, programmes, patterns, address, day, now, start=part.start, stop=part.stop)
