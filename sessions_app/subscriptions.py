"""What the sessions app does when something happens in a group."""

from core import events
from core.keys import key_from
from core.models import DomainEvent
from documents.models import Document
from mentoring.models import MentoringGroup
from mentoring.services.stages import BY_ITSELF, advance_if_ready
from responses_app import services as forms
from sessions_app.models import PlannedSession
from sessions_app.related_sessions import PREFIX
from sessions_app.services.diaries import link_document
from sessions_app.services.due import follow_plan
from sessions_app.services.plans import open_plan


def _group_of(event: DomainEvent) -> MentoringGroup:
    group: MentoringGroup = MentoringGroup.objects.select_related("programme").get(pk=event.group_id)
    return group


def on_group_opened(event: DomainEvent) -> None:
    """Make the session plan of a new group."""
    open_plan(group=_group_of(event), at=event.happened_at)


def on_people_changed(event: DomainEvent) -> None:
    """Let the diaries and the tools of the initial session follow the people and dates, and who was at a session."""
    follow_plan(group=_group_of(event))


def on_progress(event: DomainEvent) -> None:
    """Take the group further when the last missing thing has arrived, if the programme says so."""
    group = _group_of(event)
    if not group.programme.advances_groups:
        return
    for stage in BY_ITSELF:
        advance_if_ready(group=group, by=event.actor, to=stage, at=event.happened_at)


def on_form_placed(event: DomainEvent) -> None:
    """Remember which session a diary or a list of participants is about."""
    link_document(form_id=int(event.target.rpartition(":")[2]))


def on_paper_back(event: DomainEvent) -> None:
    """Have a paper say what is so, where its session was corrected while it was not the current one of its place."""
    document = Document.objects.select_related("current").get(pk=int(event.target.rpartition(":")[2]))
    key = key_from(document.session_key.removeprefix(PREFIX))
    session = PlannedSession.objects.of_group(event.group_id).filter(pk=key or 0).first()
    if session is None or document.current is None or event.actor is None:
        return
    last = session.attendance_corrections.first()
    is_newer = last is not None and last.corrected_at > document.current.created_at
    forms.follow_session(
        group=_group_of(event),
        session_key=document.session_key,
        by=last.corrected_by if last and is_newer else event.actor,
        reason=last.reason if last and is_newer else "",
        heads_differ=is_newer,
        at=event.happened_at,
        corrected_at=last.corrected_at if last and is_newer else None,
    )


events.subscribe("group.opened", on_group_opened)
for kind in ("document.version_taken_back", "document.restored"):
    events.subscribe(kind, on_paper_back)
for kind in ("form.started", "form.moved"):
    events.subscribe(kind, on_form_placed)
for kind in (
    "membership.started", "membership.ended", "membership.resumed", "group.changed", "session.held", "session.not_held",
):  # fmt: skip
    events.subscribe(kind, on_people_changed)
for kind in ("membership.started", "checklist.done", "plan.agreed"):
    events.subscribe(kind, on_progress)
