"""What a person has started and not finished: forms to hand in, documents to file, posts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from conversations.pages.drafts import draft_rows
from core.policy.roles import Action, Area
from core.templatetags.ui import since
from core.web.http import address
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormState
from tools.memory import give_versions
from uploads.pages.uploads import unfinished

SHOWN = 3
"""So many stand on a first screen; the rest is on the page of drafts."""


def drafts_context(standing: Standing) -> dict[str, Any]:
    """Return all that this person has started, in every group that still takes work, the last touched first."""
    working = MentoringGroup.objects.in_area(standing, Action.FILL, area=Area.FORM).working()
    forms = list(FormResponse.objects.begun_by(standing.user_id, working))
    give_versions(standing, forms)
    uploads = unfinished(standing, working)
    names = MentoringGroup.objects.names_of({*(form.group_id for form in forms), *(each["group"] for each in uploads)})
    for each in uploads:
        each["line"] = f"{names[each['group']]}. {each['line']}"
    return {"forms": form_rows(forms, names), "uploads": uploads, "posts": draft_rows(standing)}


def form_rows(forms: Iterable[FormResponse], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the rows of drafts: what it is, in which group, when it was saved last, where it goes on.

    Args:
        names: of the groups, by key.
    """
    rows = []
    for form in sorted(forms, key=lambda each: each.saved_at, reverse=True):
        state, words = ("returned", _("Returned to you")) if form.state == FormState.RETURNED else ("draft", _("Draft"))
        if form.state == FormState.DRAFT and form.latest_id:
            words = _("Changed since it was handed in")
        saved = _("Saved %(when)s") % {"when": since(form.saved_at)}
        rows.append(
            {
                "title": form.title,
                "line": f"{names[form.group_id]}. {saved}",
                "url": address("responses:form-edit", form.pk),
                "state": state,
                "words": words,
            }
        )
    return rows


def begun(forms: Sequence[FormResponse]) -> list[FormResponse]:
    """Return those of one's own forms that one has written in and not handed in; what was only opened is no draft."""
    return [form for form in forms if form.state == FormState.DRAFT and (form.lock or form.latest_id)]
