"""The one next thing of a Mentee, by plain rules: what came back, what is due first, else what comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklist.models import ChecklistItem
from core.policy.roles import Role, Stage
from core.templatetags.ui import day_month, due_state
from core.texts import text
from core.web.http import address
from home.pages.drafts import begun
from mentoring.models import MentoringGroup
from responses_app.models import FormResponse, FormState
from sessions_app.models import PlannedSession
from sessions_app.pages.outline import Outline, outline_of, when_and_where
from tools.models import Filing

THIS_WEEK_DAYS = 6
UNASKED = frozenset({"heading", "signatures"})
"""Kinds of entries that nobody answers."""

BY_WEEKDAY = (
    gettext_lazy("Write your diary of Monday’s session"),
    gettext_lazy("Write your diary of Tuesday’s session"),
    gettext_lazy("Write your diary of Wednesday’s session"),
    gettext_lazy("Write your diary of Thursday’s session"),
    gettext_lazy("Write your diary of Friday’s session"),
    gettext_lazy("Write your diary of Saturday’s session"),
    gettext_lazy("Write your diary of Sunday’s session"),
)
"""Whole sentences: languages bend the weekday in their own ways."""


@dataclass(slots=True)
class NextThing:
    """What the card says; the names are those of `components/next_thing.html`."""

    eyebrow: str
    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    icon_name: str = ""
    chip_state: str = ""
    chip_text: str = ""
    eyebrow_icon: str = "record-circle"
    second: bool = False
    draft: int | None = None
    """The form that its button goes on with."""


def next_thing(
    groups: Sequence[MentoringGroup], items: Sequence[ChecklistItem], forms: Sequence[FormResponse]
) -> NextThing:
    """Return the one next thing of a Mentee over all their groups.

    Args:
        groups: those that are not over, with `live_memberships` and their outline.
        items: the open rows about the Mentee.
        forms: the Mentee's own forms, without what has left their hands long ago.
    """
    thing, group = _found(groups, items, forms)
    if group is not None and len(groups) > 1:
        thing.eyebrow = _("%(words)s, “%(group)s”") % {"words": thing.eyebrow, "group": group.name}
    return thing


def _found(
    groups: Sequence[MentoringGroup], items: Sequence[ChecklistItem], forms: Sequence[FormResponse]
) -> tuple[NextThing, MentoringGroup | None]:
    """Return the next thing, and the group it is for where it is for one."""
    active = {group.pk: group for group in groups if group.accepts_work}
    returned = [form for form in forms if form.state == FormState.RETURNED and form.group_id in active]
    if returned:
        oldest = min(returned, key=lambda form: form.saved_at)
        return _returned(oldest), active[oldest.group_id]
    owed = [item for item in items if item.group_id in active and is_ripe(item, outline_of(active[item.group_id]))]
    if owed:
        first = min(owed, key=lambda item: (item.due_on or date.max, item.tool_version.tool.number, item.pk))
        return _owed(first, active[first.group_id], _draft_of(first, forms)), active[first.group_id]
    drafts = [form for form in begun(forms) if form.group_id in active]
    if drafts:
        last = max(drafts, key=lambda form: (form.latest_id is not None, form.saved_at))
        return _unfinished(last), active[last.group_id]
    return _nothing(groups, forms), None


def is_ripe(item: ChecklistItem, outline: Outline) -> bool:
    """Return whether a row can be done now: its day has come, and the session it is about is over."""
    if item.session_key:
        return any(row.session_key == item.session_key for row in outline.over)
    return item.is_asked_by()


def _draft_of(item: ChecklistItem, forms: Sequence[FormResponse]) -> FormResponse | None:
    """Return what was begun for a row."""
    wanted = (item.group_id, item.tool_version.tool_id, item.session_key)
    found = (form for form in forms if (form.group_id, form.tool_version.tool_id, form.session_key) == wanted)
    return next((form for form in found if form.is_open), None)


def _returned(form: FormResponse) -> NextThing:
    """Return the card of what came back: with a note, or because its paper was removed from the folder."""
    if form.is_taken_out:
        return NextThing(
            _("Your next step"), _("Removed from the folder: %(title)s") % {"title": form.title},
            _("Read why there. Everything you wrote is kept, and you can hand it in again."),
            address("responses:form-edit", form.pk), _("Read why and continue"), "pencil-square",
            "returned", _("Removed from the folder"), draft=form.pk,
        )  # fmt: skip
    return NextThing(
        _("Your next step"),
        _("Make the changes asked for: %(title)s") % {"title": form.title},
        _("It came back to you with a note. Everything you wrote is kept."),
        address("responses:form-edit", form.pk),
        _("Read the note and continue"),
        "pencil-square",
        "returned",
        _("Returned to you"),
        draft=form.pk,
    )


def _unfinished(form: FormResponse) -> NextThing:
    """Return the card of a draft that nobody asks for: a change of what was handed in first."""
    url = address("responses:form-edit", form.pk)
    if form.latest_id is None:
        return NextThing(
            _("Your next step"), _("Finish your draft: %(title)s") % {"title": form.title},
            _("Only you can read it until you hand it in."), url, _("Continue writing"), "pencil-square",
            "draft", _("Draft"), draft=form.pk,
        )  # fmt: skip
    return NextThing(
        _("Your next step"), _("Hand in your changes: %(title)s") % {"title": form.title},
        _("Until you hand them in, the others read what you handed in before."), url, _("Continue writing"),
        "pencil-square", "draft", _("Draft"), draft=form.pk,
    )  # fmt: skip


def _owed(item: ChecklistItem, group: MentoringGroup, draft: FormResponse | None) -> NextThing:
    """Return the card of an open row: what it is, how long it takes, that nothing is lost."""
    session = next((row for row in outline_of(group).over if row.session_key == item.session_key), None)
    title, about, url, label = _diary(session) if session else _document(item)
    if draft is not None and draft.lock:
        label = _("Continue writing")
        url = url if session else address("responses:form-edit", draft.pk)
    calm = _("You can stop at any time: what you write is kept.")
    return NextThing(
        _("Your next step"), title, " ".join(filter(None, [about, _size(item), calm])), url, label, "pencil-square",
        *due_state(item.due_on), draft=draft.pk if draft else None,
    )  # fmt: skip


def _diary(session: PlannedSession) -> tuple[str, str, str, str]:
    """Return title, first sentence, address and button of a diary."""
    moment = session.starts_at or session.held_at or timezone.now()
    about = _("“%(title)s”, %(day)s.") % {"title": session.title, "day": day_month(moment)}
    url = address("sessions:diary-write", session.pk)
    return _diary_title(moment), about, url, _("Write the diary")


def _diary_title(moment: datetime) -> str:
    """Name the session by its weekday within the week, else by its day."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days == 0:
        return _("Write your diary of today’s session")
    if 0 < days <= THIS_WEEK_DAYS:
        return str(BY_WEEKDAY[timezone.localtime(moment).weekday()])
    return _("Write your diary of the session of %(day)s") % {"day": day_month(moment)}


def _document(item: ChecklistItem) -> tuple[str, str, str, str]:
    """Return title, first sentence, address and button of a document that is about no session."""
    version = item.tool_version
    start = address("responses:form-start", item.group_id, version.tool.key)
    return (
        _("Fill in: %(title)s") % {"title": version.title},
        text(version.content.get("purpose")),
        start,
        _("Fill it in"),
    )


def _size(item: ChecklistItem) -> str:
    """Return "6 questions, about 10 minutes."; nothing that the purpose says already."""
    content = item.tool_version.content
    questions = sum(field.get("type") not in UNASKED for field in item.tool_version.fields)
    minutes = content.get("minutes")
    if not item.session_key:
        return ngettext("About %(n)d minute.", "About %(n)d minutes.", minutes) % {"n": minutes} if minutes else ""
    words = ngettext("%(n)d short question", "%(n)d short questions", questions) % {"n": questions}
    if not minutes:
        return f"{words}."
    return ngettext("%(questions)s, about %(n)d minute.", "%(questions)s, about %(n)d minutes.", minutes) % {
        "questions": words, "n": minutes,
    }  # fmt: skip


def _nothing(groups: Sequence[MentoringGroup], forms: Sequence[FormResponse]) -> NextThing:
    """Return the card when the Mentee owes nothing: who is reading, what comes, or how the group stands."""
    here = groups[0]
    space = address("mentoring:group-detail", here.pk)
    if here.is_read_only:
        return NextThing(
            _("Your group"), _("“%(name)s” is closed") % {"name": here.name},
            _("Everything you wrote and filed can still be read."), space, _("Open the group"),
            eyebrow_icon="check-circle-fill", second=True,
        )  # fmt: skip
    if here.stage == Stage.PAUSED:
        return NextThing(
            _("Your group"), _("“%(name)s” is paused") % {"name": here.name},
            _("Nothing is due. Your Manager will tell you when it resumes."), space, _("Open the group"),
            eyebrow_icon="pause-circle", second=True,
        )  # fmt: skip
    read = [
        form
        for form in forms
        if form.state == FormState.SUBMITTED and form.tool_version.filing == Filing.AFTER_ACCEPTANCE
    ]
    coming = _soonest(groups)
    if read:
        return _being_read(max(read, key=lambda form: form.saved_at), groups)
    if coming is not None:
        words = when_and_where(coming)
        return NextThing(
            _("Nothing is waiting for you"), _("Next: %(title)s") % {"title": coming.title}, f"{words}.",
            address("sessions:session-detail", coming.pk), _("Open the session"), second=True,
            eyebrow_icon="check-circle-fill",
        )  # fmt: skip
    return NextThing(
        _("Nothing is waiting for you"), _("The next session has no date yet"),
        _("You find it here as soon as your Mentor has planned it."), space, _("Open the group"), second=True,
        eyebrow_icon="check-circle-fill",
    )  # fmt: skip


def _being_read(form: FormResponse, groups: Sequence[MentoringGroup]) -> NextThing:
    """Return the card while somebody reads what was handed in."""
    group = next((each for each in groups if each.pk == form.group_id), groups[0])
    readers = form.tool_version.accepted_by
    order = [role for role in (Role.MENTOR, Role.MANAGER) if role.value in readers]
    members: list[Any] = group.live_memberships  # type: ignore[attr-defined]  # read by `with_people`
    reader = next((each.user for role in order for each in members if each.role == role), None)
    name = reader.get_short_name() if reader else _("Someone")
    return NextThing(
        _("Nothing is waiting for you"), _("Waits for %(name)s: %(title)s") % {"name": name, "title": form.title},
        _("You need not do anything. It comes back only if something should change."),
        address("responses:form-detail", form.pk), _("See what you handed in"), second=True,
        eyebrow_icon="circle-half",
    )  # fmt: skip


def _soonest(groups: Sequence[MentoringGroup]) -> PlannedSession | None:
    """Return the next session of all groups that has a date."""
    coming = [row for group in groups if (row := outline_of(group).next) is not None]
    return min(coming, key=lambda row: row.starts_at or timezone.now(), default=None)
