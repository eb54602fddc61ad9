"""What boards are called, and who reads and writes there, in sentences."""

from typing import Any

from django.utils.translation import gettext as _

from conversations.models import Board, Topic
from core.policy.roles import Role


def board_name(board: Board) -> str:
    """Return what a board is called where it is known whose it is."""
    if board.is_of_group:
        return _("Forum")
    if board.is_announcements:
        return _("Announcements")
    return {
        Role.MANAGER: _("Community of Managers"),
        Role.MENTOR: _("Community of Mentors"),
        Role.MENTEE: _("Community of Mentees"),
    }[Role(board.role)]


def who_reads(board: Board) -> str:
    """Return who can read what is written on a board."""
    if board.group is not None:
        words = _("Everyone in the group “%(group)s” reads and writes here, nobody else.")
        return words % {"group": board.group.name}
    where: dict[str, Any] = {"programme": board.programme.title if board.programme else ""}
    if board.is_announcements:
        return _("Everyone in “%(programme)s” reads this. Managers and Programme Admins write.") % where
    return {
        Role.MANAGER: _("All Managers of “%(programme)s” read and write here, nobody else."),
        Role.MENTOR: _("All Mentors of “%(programme)s” and its Managers read and write here."),
        Role.MENTEE: _("All Mentees of “%(programme)s” and its Managers read and write here."),
    }[Role(board.role)] % where


def what_belongs(board: Board) -> str:
    """Return what an empty board is for."""
    if board.is_of_group:
        return _("Here you ask the group, share what you found, and agree on things between the sessions.")
    if board.is_announcements:
        return _("Here stands what everyone in the programme should know: dates, changes, invitations.")
    return {
        Role.MANAGER: _(
            "Here Managers of all groups share what works, and ask each other. Leave names of people and groups out."
        ),
        Role.MENTOR: _(
            "Here Mentors of all groups share what works, and ask each other. Leave names of people and groups out."
        ),
        Role.MENTEE: _("Here Mentees of all groups meet, ask each other and cheer each other on."),
    }[Role(board.role)]


def title_of(topic: Topic) -> str:
    """Return a topic's title; that of a deleted first post is not shown."""
    return _("Deleted topic") if topic.is_headless else topic.title
