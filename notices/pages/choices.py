"""What the page of one's own choices shows."""

from collections.abc import Sequence

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
    labels: dict[str, list[str]] = {}
    for kind in kinds.all_kinds():
        labels.setdefault(kind.topic.value, []).append(str(kind.label))
    return Chosen(
        {topic: (str(Topic(topic).label), f"{'. '.join(dict.fromkeys(found))}.", ways.get((topic, None), ""))
         for topic, found in labels.items()},
        {group: (name, ways.get(("", group), "")) for group, name in sorted(names.items(), key=lambda each: each[1])},
        (hours.quiet_from, hours.quiet_until) if hours and hours.quiet_from else None,
        hours.gathered_at if hours else GATHERED_AT,
    )  # fmt: skip


def topic_words(topics: Sequence[Topic]) -> str:
    """Return which e-mails the page is about that ends them."""
    if len(topics) > 1:
        return _("All e-mails about notices")
    return _("E-mails about: %(topic)s") % {"topic": within(topics[0].label)}
