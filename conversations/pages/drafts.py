"""What a person has begun to write in the forum, in rows that lead to where it goes on."""

from typing import Any

from django.utils.translation import gettext as _

from conversations.models import PostDraft
from conversations.names import board_name, title_of
from core.templatetags.ui import since
from core.web.http import address
from mentoring.standing import Standing


def draft_rows(standing: Standing) -> list[dict[str, Any]]:
    """Return the rows of one's drafts on boards where one may still write, the last saved first."""
    return [_row(draft) for draft in PostDraft.objects.begun_by(standing)]


def _row(draft: PostDraft) -> dict[str, Any]:
    topic = draft.topic
    board = topic.board if topic is not None else draft.board
    assert board is not None  # noqa: S101 -- a constraint of the table
    saved = _("Saved %(when)s") % {"when": since(draft.saved_at)}
    where = board.group.name if board.group is not None else board.programme.title if board.programme else ""
    if topic is not None:
        title = _("Answer in “%(topic)s”") % {"topic": title_of(topic)}
        url = address("conversations:topic-detail", topic.pk) + "#answer"
    else:
        title = draft.title or _("New topic")
        url = address("conversations:topic-create", board.pk)
    return {"title": title, "line": f"{where}, {board_name(board)}. {saved}", "url": url}
