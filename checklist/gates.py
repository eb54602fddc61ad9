"""Gates that the documents set on the stages of a group."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.models import ChecklistItem, ItemState
from checklist.services.reminders import unnamed_for_all
from core.policy.roles import Stage
from mentoring.models import Membership, MentoringGroup
from mentoring.services.stages import Missing, register_gate

CONTRACT = "contract"


def _cell_url(group: MentoringGroup, row: ChecklistItem) -> str:
    """Return the page that says who owes it, and what to do."""
    return reverse("checklist:checklist-cell", args=[group.pk, row.tool_version.tool.key])


def _open_words(group: MentoringGroup, row: ChecklistItem) -> str:
    """Return what is missing of a contract; nobody is said not to have signed what nobody wrote, or wrote for them."""
    version = row.tool_version
    title = {"title": version.title}
    if row.state == ItemState.TODO and version.filled_by:
        return _("“%(title)s” is not written yet.") % title
    if row.is_to_sign and (unnamed := _unnamed(group, row)):
        words = _("“%(title)s” must be written again and signed by all: it does not name %(names)s.")
        return words % {**title, "names": ", ".join(unnamed)}
    return _("“%(title)s” is not signed by everyone yet.") % title


def _unnamed(group: MentoringGroup, row: ChecklistItem) -> list[str]:
    """Return the names of those who sign a contract and whom it does not name."""
    members = Membership.objects.live().of_group(group).in_role(*row.tool_version.signed_by).with_people()
    found = unnamed_for_all(group, row.tool_version.tool, [each.user for each in members])
    return [person.full_name for person in found]


def contract_gate(group: MentoringGroup) -> list[Missing]:
    """The contract is filed with everybody's signature, or was waived with a reason."""
    rows = ChecklistItem.objects.filter(group=group, tool_version__content__editor=CONTRACT)
    return [
        Missing(
            CONTRACT,
            _open_words(group, row),
            _cell_url(group, row),
        )
        for row in rows.open().select_related("tool_version__tool")
    ]


def contract_still_gate(group: MentoringGroup) -> list[Missing]:
    """The contract is there still, neither taken out nor corrected. Who went on without it is not asked again."""
    missing = contract_gate(group)
    if missing and any(CONTRACT in change.waived_gates for change in group.stage_changes.all()):
        return []
    return missing


def documents_gate(group: MentoringGroup) -> list[Missing]:
    """Every mandatory document is there, or was waived with a reason."""
    rows = ChecklistItem.objects.filter(group=group).open().select_related("tool_version__tool")
    counts: dict[int, int] = dict(rows.order_by().values_list("tool_version__tool").annotate(n=Count("pk")))
    shown: dict[str, Missing] = {}
    for row in rows.order_by("tool_version__tool__number"):
        tool = row.tool_version.tool
        count = counts[tool.pk]
        sentence = ngettext("“%(title)s”: %(count)d is missing.", "“%(title)s”: %(count)d are missing.", count) % {
            "title": row.tool_version.title,
            "count": count,
        }
        shown.setdefault(tool.key, Missing(tool.key, sentence, _cell_url(group, row)))
    return list(shown.values())


register_gate(Stage.CONTRACTED, contract_gate)
register_gate(Stage.RUNNING, contract_still_gate)
register_gate(Stage.CLOSING, contract_still_gate)
register_gate(Stage.CLOSED, documents_gate)
