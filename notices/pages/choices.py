"""What the page of one's own choices shows."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from core.texts import within
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from notices import kinds
from notices.chosen import Chosen
from notices.models import GATHERED_AT, Hours, NoticeChoice, Topic


def chosen_by(standing: Standing) -> Chosen:
    """Return what a person chose so far, with everything there is to choose for."""
    ways = NoticeChoice.objects.of_all([standing.user_id]).get(standing.user_id, {})
    hours = Hours.objects.of(standing.user_id)
    names: dict[int, str] = MentoringGroup.objects.names_of(standing.all_groups())
    labels: dict[str, dict[str, list[str]]] = {}
    roles = sorted({seat.role for seat in standing.seats}) or [""]
    for kind in kinds.all_kinds():
        fitting = " / ".join(dict.fromkeys(str(kind.way_for(role).label) for role in roles))
        labels.setdefault(kind.topic.value, {}).setdefault(fitting, []).append(str(kind.label))
    return Chosen(
        {topic: (str(Topic(topic).label), _what_fits(found), ways.get((topic, None), ""))
         for topic, found in labels.items()},
        {group: (name, ways.get(("", group), "")) for group, name in sorted(names.items(), key=lambda each: each[1])},
        (hours.quiet_from, hours.quiet_until) if hours and hours.quiet_from else None,
        hours.gathered_at if hours else GATHERED_AT,
    )  # fmt: skip


def _what_fits(by_way: Mapping[str, Sequence[str]]) -> str:
    """Return what belongs to a topic, by the way that fits the roles of the person."""
    return " ".join(f"{way}: {'; '.join(labels)}." for way, labels in by_way.items())


def topic_words(topics: Sequence[Topic]) -> str:
    """Return which e-mails the page is about that ends them."""
    if len(topics) > 1:
        return _("All e-mails about notices")
    return _("E-mails about: %(topic)s") % {"topic": within(topics[0].label)}
