"""Which notices a person may still know of, and what waits to be done."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Count, Max
from django.utils import timezone

from core.policy.querysets import AccessQuerySet
from core.policy.roles import Action, Area


class FanoutQuerySet(models.QuerySet[Any]):
    """Events to be told."""

    def waiting(self) -> Self:
        """Return those that nobody has worked off and whose time has come, the oldest first."""
        return self.filter(done_at=None, next_try_at__lte=timezone.now()).order_by("pk")


class NoticeQuerySet(AccessQuerySet):
    """Notices; each is its person's alone."""

    area = Area.GROUP

    def allowing(self, standing: Any, action: Action) -> Self:  # noqa: ARG002 -- one's own are read and marked
        """Return the person's own notices of what they may know now."""
        return self.filter(person=standing.user_id).known_to(standing)

    def known_to(self, standing: Any, *, among: Any = None) -> Self:
        """Return those of what the person may know now, whoever's they are.

        Args:
            among: the kinds that there are, where that is known.
        """
        from notices.kinds import reached_by  # noqa: PLC0415 -- it imports the models

        return self.filter(reached_by(standing, among=among))

    def kinds(self) -> set[str]:
        """Return the kinds that there are."""
        return set(self.order_by().values_list("kind", flat=True).distinct())

    def of_reader(self, standing: Any) -> Self:
        """Return what `allowing` does, asked about the kinds alone that the person has: one short statement more.

        With all kinds the statement takes a tenth of a second to build.
        """
        mine = self.filter(person=standing.user_id)
        return mine.known_to(standing, among=mine.kinds())

    def logged_for(self, standing: Any) -> Self:
        """Return those of which the person may know that they were told, whoever's; the kinds are asked for first."""
        from notices.kinds import reached_by  # noqa: PLC0415 -- it imports the models

        return self.filter(reached_by(standing, of_others=True, among=self.kinds()))

    def people_told(self, kind: str, target: int, among: Collection[int]) -> set[int]:
        """Return which of these people were told of something of this kind before."""
        return set(self.filter(person__in=among, kind=kind, target_id=target).values_list("person", flat=True))

    def unseen(self) -> Self:
        """Return those that were not seen."""
        return self.filter(seen_at=None)

    def for_words(self) -> Self:
        """Return notices with whom and what their words name, the newest first."""
        return self.select_related("event__actor", "group").order_by("-created_at", "-pk")

    def of_group(self, group: Any) -> Self:
        """Return those of what happened in a group."""
        return self.filter(group=group)

    def for_log(self) -> Self:
        """Return notices with their person, e-mail and what their words name, the newest first."""
        return (
            self.for_words().select_related("event__actor", "group", "person", "mail").defer("mail__body", "mail__html")
        )

    def of_leaving(self, group: int | None, person: int) -> Self:
        """Return those of a group that tell of a person's leaving."""
        return self.filter(group=group, event__kind="membership.ended", event__data__user_id=person).order_by()

    def number_and_newest(self) -> tuple[int, int]:
        """Return how many there are, and the key of the newest; 0 where there is none."""
        found = self.order_by().aggregate(number=Count("pk"), newest=Max("pk"))
        return found["number"], found["newest"] or 0

    def to_gather(self) -> Self:
        """Return those that wait for the one e-mail of the day or the week, the oldest first."""
        return self.filter(outcome="waiting", mail_due_at=None, seen_at=None).order_by("created_at", "pk")

    def mail_due(self) -> Self:
        """Return those about which an e-mail is to be written now."""
        return self.filter(mail_due_at__lte=timezone.now()).order_by("pk")


class NoticeChoiceQuerySet(models.QuerySet[Any]):
    """Choices."""

    def of_all(self, people: Any) -> dict[int, dict[tuple[str, int | None], str]]:
        """Return the ways that people chose, by person, topic and group."""
        found: dict[int, dict[tuple[str, int | None], str]] = {}
        for person, topic, group, way in self.filter(person__in=people).values_list(
            "person_id", "topic", "group_id", "way"
        ):
            found.setdefault(person, {})[topic, group] = way
        return found


class HoursQuerySet(models.QuerySet[Any]):
    """Hours of e-mails."""

    def of(self, person: int) -> Any:
        """Return those of a person, or None."""
        return self.filter(person=person).first()


class ReminderRuleQuerySet(models.QuerySet[Any]):
    """Rules of reminders."""

    area = Area.PROGRAMME

    def administered_by(self, standing: Any) -> Self:
        """Return those of the programmes whose Admin the person is; of a superuser all."""
        rules = self.select_related("programme")
        return rules if standing.is_superuser else rules.filter(programme__in=standing.programmes(Action.CHANGE))

    def in_force(self) -> Self:
        """Return those that are switched on."""
        return self.filter(is_on=True)

    def of_programme(self, programme: Any) -> Self:
        """Return the rules of a programme."""
        return self.filter(programme=programme)


class ReminderQuerySet(models.QuerySet[Any]):
    """Reminders that were made."""

    def keys_since(self, day: Any) -> set[tuple[int, int, int, int, Any, bool]]:
        """Return the keys of those of a day and later: rule, place, target, person, day, whether of what is late."""
        found = self.filter(day__gte=day)
        return set(found.values_list("rule_id", "place", "target", "person_id", "day", "is_escalation"))

    def of_event(self, event: Any) -> Self:
        """Return those that an event tells of."""
        return self.filter(event=event).order_by("pk")

    def rules_of(self, notices: Any) -> dict[tuple[int, int], Any]:
        """Return the rules by which notices were sent, by event and person; nothing is asked when there are none."""
        events = {notice.event_id for notice in notices if notice.kind.startswith(("due_", "late_"))}
        if not events:
            return {}
        found = self.filter(event__in=events).select_related("rule")
        return {(each.event_id, each.person_id): each.rule for each in found}


class ReminderRunQuerySet(models.QuerySet[Any]):
    """Runs of the reminders."""

    def is_done(self, day: Any) -> bool:
        """Return whether the reminders of a day are made."""
        return self.filter(day=day, done_at__isnull=False).exists()


class MailSettingQuerySet(models.QuerySet[Any]):
    """How programmes write."""

    def of_programme(self, programme: int) -> Any:
        """Return what a programme set; None where it set nothing."""
        return self.filter(programme=programme).first()

    def answers_of(self, programmes: Any) -> str:
        """Return where answers go, if all of these programmes say the same; empty where not."""
        said = set(self.filter(programme__in=programmes).values_list("programme", "reply_to")) if programmes else set()
        addresses = {address for _programme, address in said}
        return addresses.pop() if len(addresses) == 1 and len(said) == len(programmes) else ""

    def kept_months(self) -> dict[int, int]:
        """Return for how many months programmes keep notices, by programme; only those that say so."""
        return dict(self.values_list("programme", "kept_months"))
