"""What waits for a Mentor: to read, to accept, to fill in, to scan, to mark as held; and whom to ask how they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.models import ItemState
from core.days import programme_today
from core.policy.choices import label_of
from core.policy.roles import Role, Stage
from core.templatetags.ui import day_month, due_state, since
from core.texts import text, within
from core.web.http import address
from home.failed_renderings import failed_forms
from home.mentor_facts import Facts
from home.pages.drafts import begun
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from responses_app.models import FormState
from sessions_app.pages.outline import outline_of
from tools.models import Filing, OnePer
from tools.parties import unnamed_in
from uploads.pages.uploads import unfinished

if TYPE_CHECKING:
    from accounts.models import User

SILENT_AFTER = timedelta(days=15)
NOW, LATER, LAST = range(3)


@dataclass(slots=True)
class Waiting:
    """One thing that waits. `order`: since when it waits or is overdue; then what is due later, the soonest first."""

    order: tuple[int, float]
    title: str
    line: str
    url: str


def waiting_for(standing: Standing, groups: Sequence[MentoringGroup], facts: Facts) -> list[Waiting]:
    """Return what waits for this Mentor: what has waited or been overdue longest first, whatever it is."""
    active = {group.pk: group for group in groups if group.accepts_work}
    found = [
        *_to_change(facts, active),
        *_to_finish(facts, active),
        *_to_file(standing, active),
        *_to_read(facts, active),
        *_to_do(standing.user, facts, active),
        *_failed(standing, active),
    ]
    for group in active.values():
        found += _to_hold(group)
        found += _to_ask(group, facts)
    return sorted(found, key=lambda each: each.order)


def _since(moment: datetime | None) -> tuple[int, float]:
    """Return the order of what waits already."""
    return NOW, moment.timestamp() if moment else 0.0


def _due(day: date | None, today: date) -> tuple[int, float]:
    """Return the order of what has a day: overdue it waits like the rest."""
    if day is None:
        return LATER, float("inf")
    moment = timezone.make_aware(datetime.combine(day, time.max)).timestamp()
    return (NOW if day < today else LATER), moment


def _to_change(facts: Facts, active: dict[int, MentoringGroup]) -> Iterator[Waiting]:
    """The Mentor's own forms that came back."""
    for form in facts.own:
        if form.state == FormState.RETURNED and form.group_id in active:
            yield Waiting(
                _since(form.saved_at), _("Make the changes asked for: %(title)s") % {"title": form.title},
                active[form.group_id].name, address("responses:form-edit", form.pk),
            )  # fmt: skip


def _to_finish(facts: Facts, active: dict[int, MentoringGroup]) -> Iterator[Waiting]:
    """The Mentor's own forms that were begun and not handed in."""
    for form in begun(facts.own):
        if form.group_id in active:
            yield Waiting(
                _since(form.saved_at), _("Finish your draft: %(title)s") % {"title": form.title},
                _("%(group)s. Saved %(when)s") % {"group": active[form.group_id].name, "when": since(form.saved_at)},
                address("responses:form-edit", form.pk),
            )  # fmt: skip


def _to_file(standing: Standing, active: dict[int, MentoringGroup]) -> Iterator[Waiting]:
    """Papers of which pages were sent, and which were then left."""
    for each in unfinished(standing, list(active.values())):
        line = f"{active[each['group']].name}. {each['line']}"
        yield Waiting(_since(each["begun"]), _("Continue adding: %(title)s") % each, line, each["url"])


def _to_read(facts: Facts, active: dict[int, MentoringGroup]) -> Iterator[Waiting]:
    """Diaries not read yet, and forms to accept or return."""
    for form in facts.handed_in:
        version = form.tool_version
        name = (form.subject or form.author).get_short_name()
        url = address("responses:form-detail", form.pk)
        line = _("Handed in %(when)s") % {"when": since(form.latest.submitted_at)}
        order = _since(form.latest.submitted_at)
        if form.state == FormState.SUBMITTED and version.filing == Filing.AFTER_ACCEPTANCE:
            if form.group_id in active and Role.MENTOR.value in version.accepted_by:
                title = _("Read and accept: %(title)s, %(name)s") % {"title": version.title, "name": name}
                yield Waiting(order, title, line, url)
        elif version.one_per == OnePer.MENTEE_SESSION and not form.is_read:
            about = ". ".join(filter(None, [text(form.session_title), line]))
            yield Waiting(order, _("Read the diary of %(name)s") % {"name": name}, about, url)
        elif form.is_asking and form.group_id in active and not _met_since(active[form.group_id], form):
            yield Waiting(order, _("Answer the question of %(name)s") % {"name": name}, line, url)


def _met_since(group: MentoringGroup, form: Any) -> bool:
    """Return whether a session was held since: what was asked before it was talked about there."""
    since_then = form.latest.submitted_at
    return any(row.starts_at and row.starts_at > since_then for row in outline_of(group).held)


def _to_do(user: "User", facts: Facts, active: dict[int, MentoringGroup]) -> Iterator[Waiting]:
    """The Mentor's own open rows, those of the whole group that a Mentor fills in, and documents to sign and scan."""
    today = programme_today()
    for item in facts.items:
        version, group = item.tool_version, active.get(item.group_id)
        if group is None or not item.is_asked_by() or item.subject_id not in {None, user.pk}:
            continue
        words = due_state(item.due_on)[1] or _("To do")
        order = _due(item.due_on, today)
        title = {"title": version.title}
        if _is_written_again_first(item, group):
            if version.by_mentor:
                url = address("responses:form-start", group.pk, version.tool.key)
                yield Waiting(order, _("Write it again: %(title)s") % title, f"{group.name}. {words}", url)
            else:
                yield _by_others(item, group, order)
        elif item.subject_id is None and (item.is_to_sign or version.needs_signatures and not version.filled_by):
            url = f"{reverse('uploads:upload-create', args=[group.pk])}?tool={version.tool.key}"
            yield Waiting(order, _("Collect signatures and add: %(title)s") % title, f"{group.name}. {words}", url)
        elif item.state == ItemState.TODO and version.by_mentor:
            url = address("responses:form-start", group.pk, version.tool.key)
            yield Waiting(order, _("Fill in: %(title)s") % title, f"{group.name}. {words}", url)


def _is_written_again_first(item: Any, group: MentoringGroup) -> bool:
    """Return whether a paper to sign does not name all who sign it: nobody collects signatures on it."""
    members: list[Any] = group.live_memberships  # type: ignore[attr-defined]  # read by `with_people`
    signers = [each.user for each in members if each.role in item.tool_version.signed_by]
    return bool(unnamed_in(item.tool_version, item.said, signers))


def _by_others(item: Any, group: MentoringGroup, order: tuple[int, float]) -> Waiting:
    """A paper that is written again by others, before the Mentor collects signatures on it."""
    version = item.tool_version
    writers = ", ".join(within(label_of(Role, role)) for role in version.filled_by)
    line = _("It does not name everyone who signs. First it is written again (%(who)s), then all sign.")
    url = address("checklist:checklist-cell", group.pk, version.tool.key)
    title = _("To be signed anew: %(title)s") % {"title": version.title}
    return Waiting(order, title, f"{group.name}. {line % {'who': writers}}", url)


def _failed(standing: Standing, active: dict[int, MentoringGroup]) -> Iterator[Waiting]:
    """PDFs that could not be made."""
    for form, group in failed_forms(standing, list(active)):
        yield Waiting(
            (LATER, 0.0), _("A PDF could not be made"),
            _("%(group)s. Read the reason.") % {"group": active[group].name},
            address("responses:form-detail", form),
        )  # fmt: skip


def _to_hold(group: MentoringGroup) -> Iterator[Waiting]:
    """Sessions that are over and not marked as held."""
    for row in outline_of(group).unrecorded:
        yield Waiting(
            _since(row.starts_at), _("Record attendance: %(title)s") % {"title": row.title},
            f"{group.name}, {day_month(row.starts_at)}" if row.starts_at else group.name,
            address("sessions:session-hold", row.pk),
        )  # fmt: skip


def _to_ask(group: MentoringGroup, facts: Facts) -> Iterator[Waiting]:
    """Mentees of a running group of whom nothing was seen for 15 days."""
    members: list[Any] = group.live_memberships  # type: ignore[attr-defined]  # read by `with_people`
    now = timezone.now()
    for each in members:
        last = facts.last_sign.get((group.pk, each.user_id))
        if each.role != Role.MENTEE or group.stage != Stage.RUNNING or last is None or now - last < SILENT_AFTER:
            continue
        days = (now - last).days
        yield Waiting(
            (LAST, last.timestamp()), _("Check in with %(name)s") % {"name": each.user.get_short_name()},
            ngettext("No activity for %(n)d day", "No activity for %(n)d days", days) % {"n": days},
            address("mentoring:message-list", each.pk),
        )  # fmt: skip
