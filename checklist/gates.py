"""Gates that the papers set on the stages of a group."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.models import ChecklistItem
from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from mentoring.services.stages import Missing, register_gate

CONTRACT = "contract"


def contract_gate(group: MentoringGroup) -> list[Missing]:
    """The contract is filed with everybody's signature, or was waived with a reason."""
    rows = ChecklistItem.objects.filter(group=group, template_version__content__editor=CONTRACT)
    return [
        Missing(CONTRACT, _("“%(title)s” is not signed by everybody yet.") % {"title": row.template_version.title})
        for row in rows.open().select_related("template_version")
    ]


def papers_gate(group: MentoringGroup) -> list[Missing]:
    """Every mandatory paper is there, or was waived with a reason."""
    rows = ChecklistItem.objects.filter(group=group).open().select_related("template_version__template")
    counts: dict[int, int] = dict(rows.order_by().values_list("template_version__template").annotate(n=Count("pk")))
    shown: dict[str, Missing] = {}
    for row in rows.order_by("template_version__template__number"):
        template = row.template_version.template
        count = counts[template.pk]
        sentence = ngettext("“%(title)s”: %(count)d is missing.", "“%(title)s”: %(count)d are missing.", count) % {
            "title": row.template_version.title,
            "count": count,
        }
        shown.setdefault(template.key, Missing(template.key, sentence))
    return list(shown.values())


register_gate(Stage.CONTRACTED, contract_gate)
register_gate(Stage.CLOSED, papers_gate)
