"""A group in which something lies everywhere: what the access tests knock at.

Every text that only some may read begins with a marker of its own, so that a leak is seen wherever it comes out.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.utils import timezone

from accounts.models import Mail
from conversations.models import Board
from conversations.services import attachments, posts, reading
from core.models import DomainEvent
from core.policy.roles import Action, ProgrammeRole, Role
from documents.models import Folder, Source
from documents.services import filing, restrictions
from mentoring.models import Membership
from mentoring.services import invitations, proposals
from notices import unsubscribing
from notices.models import Fanout, Notice, Topic
from notices.rule_forms import undo_token
from notices.services import fan_out, rules
from rendering.models import Rendering
from responses_app import services as forms
from sessions_app.models import CatalogueSession, MeetingForm, PlannedSession, SessionPlan
from tests.cast import World
from tests.conversations.attaching import attach
from tests.documents.sent_files import pdf, photo, sent
from tests.pack_tools import tool
from uploads.services import uploads

# Read by the whole group, by nobody else.
GROUP_MARKERS = (
    "Zdiary",
    "Zcomment",
    "Zmotto",
    "Zaim",
    "Zschedule",
    "Ztopic",
    "Zpost",
    "Zquoted",
    "Zearlier",
    "Zwhy",
    "Zfile",
)
# Deleted, or not posted yet: on no page of anybody else.
HIDDEN_MARKERS = ("Zgone", "Zunposted")
DIARY_RULE = {
    "kind": "diary", "days": 2, "side": "before", "every": 0, "times": 1, "escalate_to": "", "escalate_after": 0,
}  # fmt: skip
# Read by the Manager (and the writer) alone.
MANAGER_MARKER = "Zworries"

GOALS = {
    "starting_point": "Zgoals without work for a year",
    "goals": [
        {
            "goal": "Zgoals a job in a library",
            "why": "I like order",
            "measure": "a contract",
            "target_date": "2027-03-01",
        }
    ],
    "first_step": "Zgoals write my CV",
}


@dataclass
class House:
    """The things of «Žingsnis», by the name the access map uses."""

    world: World
    things: dict[str, dict[str, Any]]


def furnish(world: World, *, announces: bool = True) -> House:
    """Put a plan, a diary with a comment, a signed contract, a draft, an upload and an invitation into the group.

    Args:
        announces: write an announcement too, which is for the whole programme.
    """
    cast, group, now = world.cast, world.group, timezone.now()
    group.motto, group.communication_schedule = "Zmotto one step", "Zschedule on Mondays"
    group.save(update_fields=["motto", "communication_schedule"])
    plan = SessionPlan.objects.get(group=group)
    session = plan.sessions.get()
    PlannedSession.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(days=3), form=MeetingForm.IN_PERSON, place="Library", aim="Zaim of the day"
    )
    session.refresh_from_db()
    diary = forms.start_form(
        group=group, tool=tool("diary"), user=cast.milda, session_key=session.session_key,
        session_title=session.session_title,
    )  # fmt: skip
    submission = forms.submit_form(
        form=diary, user=cast.milda, lock=diary.lock,
        answers={"mood": "3", "done": "Zdiary two CVs", "learned": "Zdiary that I can write", "next_steps": "Zdiary"},
    )  # fmt: skip
    diary.refresh_from_db()
    comment = forms.add_comment(form=diary, user=cast.rasa, text="Zcomment well written")
    draft = forms.start_form(group=group, tool=tool("personal_goals"), user=cast.milda)
    handed_in = forms.start_form(group=group, tool=tool("personal_goals"), user=cast.tomas)
    forms.submit_form(form=handed_in, user=cast.tomas, lock=handed_in.lock, answers=GOALS)
    diary_draft = forms.start_form(
        group=group, tool=tool("diary"), user=cast.tomas, session_key=session.session_key,
        session_title=session.session_title,
    )  # fmt: skip
    contract = filing.file_version(
        group=group, tool_version=tool("contract").current, subject=None, session_key="", session_title={},
        author=cast.rasa, audience="group", content=pdf(), pages=1, language="en", source=Source.UPLOADED,
        created_by=cast.rasa, signed_by=[cast.rasa],
    )  # fmt: skip
    goals = filing.file_version(
        group=group, tool_version=tool("personal_goals").current, subject=cast.milda, session_key="", session_title={},
        author=cast.rasa, audience="group", content=pdf(), pages=1, language="en", source=Source.UPLOADED,
        created_by=cast.rasa,
    )  # fmt: skip
    in_words = filing.file_version(
        group=group, tool_version=tool("diary").current, subject=cast.milda, session_key=session.session_key,
        session_title=session.session_title, author=cast.milda, audience="group", content=pdf(), pages=1, language="en",
        source=Source.RENDERED, created_by=cast.milda, causes=[Rendering.objects.get(submission=submission)],
    )  # fmt: skip
    batch = uploads.start_batch(group=group, user=cast.rasa, tool_version=tool("contract").current)
    page = uploads.add_file(batch=batch, file=sent("signed.jpg", photo(), "image/jpeg"))
    invitation = invitations.invite(
        programme=world.programme,
        email="hanna@example.org",
        role=ProgrammeRole.MENTEE,
        invited_by=cast.egle,
        group=group,
    )
    invited = re.search(r"/invited/([^/\s]+)/", Mail.objects.get(to=invitation.email).body)
    assert invited is not None
    rendering = Rendering.objects.get(submission=submission)
    folder = Folder.objects.get(group=group, kind="managing")
    catalogue = CatalogueSession.objects.filter(pack=world.programme.pack, kind="employability").first()
    member = Membership.objects.live().get(group=group, user=cast.tomas)
    mentor = Membership.objects.live().get(group=group, user=cast.rasa)
    monitoring = Folder.objects.get(group=group, kind="monitoring")
    restriction = restrictions.restrict_folder(
        folder=monitoring, by=cast.egle, role=Role.MENTOR, actions={Action.REMOVE}, reason="Zwithheld for a while"
    )
    proposal = proposals.put_into_group(group=group, user=cast.petar, role=Role.MANAGER, by=cast.dana)
    forum = talk(world) | (announce(world) if announces else {})
    said = DomainEvent.objects.filter(kind="form.commented").latest("pk")
    fan_out.work_off(fanout_id=Fanout.objects.get(event=said).pk)
    notice = Notice.objects.get(kind="form_commented", person=cast.milda)
    unsubscribe = unsubscribing.address(cast.milda.pk, Topic.FORMS).rstrip("/").rpartition("/")[2]
    rule = rules.add_rule(programme=world.programme, by=cast.dana, values=DIARY_RULE)
    things = {
        **forum,
        "anything": {},
        "rule": {"pk": rule.pk},
        "rule_before": {"pk": rule.pk, "token": undo_token(DIARY_RULE)},
        "mail_before": {"pk": world.programme.pk, "token": undo_token({"reply_to": "", "kept_months": 24})},
        "notice": {"pk": notice.pk},
        "unsubscribe_link": {"token": unsubscribe},
        "programme": {"pk": world.programme.pk},
        "group": {"pk": group.pk},
        "proposal": {"pk": proposal.pk},
        "member": {"pk": member.pk},
        "mentor": {"pk": mentor.pk},
        "invitation": {"pk": invitation.pk},
        "invitation_link": {"token": invited.group(1)},
        "reset_link": {"uidb36": user_pk_to_url_str(cast.olga), "key": default_token_generator.make_token(cast.olga)},
        "folder": {"pk": folder.pk},
        "monitoring_folder": {"pk": monitoring.pk},
        "seen_as": {"pk": folder.pk, "member": member.pk},
        "restriction": {"pk": restriction.pk},
        "contract": {"pk": contract.document_id},
        "contract_version": {"pk": contract.pk},
        "diary_version": {"pk": in_words.pk},
        "about_milda": {"pk": goals.document_id},
        "diary": {"pk": diary.pk},
        "comment": {"pk": diary.pk, "comment": comment.pk},
        "draft": {"pk": draft.pk},
        "goals_of_tomas": {"pk": handed_in.pk},
        "diary_draft": {"pk": diary_draft.pk},
        "rendering": {"pk": rendering.pk},
        "batch": {"pk": batch.pk},
        "page": {"pk": page.pk},
        "plan": {"pk": plan.pk},
        "session": {"pk": session.pk},
        "catalogue": {"pk": group.pk, "session_pk": catalogue.pk},
        "template": {"pk": tool("diary").pk},
        "pack": {"pk": world.programme.pack_id},
        "portrait": {"pk": cast.milda.pk},
    }
    return House(world=world, things=things)


def announce(world: World) -> dict[str, dict[str, Any]]:
    """Let the Manager announce something to the whole programme."""
    board = Board.objects.get(programme=world.programme, kind="announcements")
    announcement = posts.begin_topic(
        board=board, by=world.cast.egle, title="Holidays", body="No meetings in May.", needs_confirmation=True
    )
    return {"announcement": {"pk": announcement.pk}}


def talk(world: World) -> dict[str, dict[str, Any]]:
    """Let the group talk on its board: a topic, an answer that quotes, one that is deleted, one that is not posted.

    Returns:
        The boards, topics and posts, by the name the access map uses.
    """
    cast, board = world.cast, Board.objects.get(group=world.group)
    topic = posts.begin_topic(board=board, by=cast.milda, title="Ztopic how do I begin", body="Zearlier words")
    first = topic.posts.get()
    posts.edit_post(post=first, by=cast.milda, lock=0, body="Zquoted: I wrote a letter. What now, @Rasa Žukauskienė?")
    letter = attach(cast.rasa, "Zfile letter.pdf", pdf(), topic=topic)
    attachments.draw_thumbnail(attachment_id=letter.pk)
    with_file = posts.answer(
        topic=topic, by=cast.rasa, body="Zpost: send it to **me** first.", quoted_id=first.pk, attached=[letter.pk]
    )
    gone = posts.answer(topic=topic, by=cast.tomas, body="Zgone by mistake")
    posts.delete_post(post=gone, by=cast.rasa, reason="Zwhy it is gone")
    reading.react(post=first, by=cast.elena, kind="agree", is_on=True)
    reading.save_draft(by=cast.tomas, lock=0, body="Zunposted yet", topic=topic)
    not_posted = attach(cast.tomas, "Zunposted list.txt", b"Zunposted words", topic=topic)
    return {
        "board": {"pk": board.pk},
        "board_of_mentors": {"pk": Board.objects.get(programme=world.programme, role=Role.MENTOR).pk},
        "topic": {"pk": topic.pk},
        "post": {"pk": first.pk},
        "deleted_post": {"pk": gone.pk},
        "post_with_file": {"pk": with_file.pk},
        "attachment": {"pk": letter.pk},
        "attachment_not_posted": {"pk": not_posted.pk},
    }
