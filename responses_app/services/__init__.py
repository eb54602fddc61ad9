"""All writes to forms: begin, save, hand in, open again, accept, return, comment, choose who reads."""

from core.errors import NotPossibleError, NotYoursError
from responses_app.services.comments import add_comment, mark_read, mark_seen, remove_comment, restore_comment
from responses_app.services.correcting import follow_session
from responses_app.services.creation import start_form, subjects_for
from responses_app.services.discarding import bring_back_changes, discard_changes, may_discard
from responses_app.services.errors import Conflict, EditConflictError, IncompleteError, RefusedAnswersError
from responses_app.services.moving import correct_document, may_move, move_form
from responses_app.services.parts import file_part
from responses_app.services.refreshing import fill_in_anew
from responses_app.services.rights import (
    ResponseRights,
    files_part,
    is_part_empty,
    may_decide,
    may_return,
    response_rights,
    why_not_reopened,
)
from responses_app.services.saving import answer_form, changed_elsewhere, count_answered, save_answers
from responses_app.services.submission import (
    accept_form,
    choose_audience,
    possible_audiences,
    reopen_form,
    return_form,
    submit_form,
)

__all__ = [
    "Conflict",
    "EditConflictError",
    "IncompleteError",
    "NotPossibleError",
    "NotYoursError",
    "ResponseRights",
    "RefusedAnswersError",
    "accept_form",
    "add_comment",
    "answer_form",
    "bring_back_changes",
    "changed_elsewhere",
    "choose_audience",
    "count_answered",
    "discard_changes",
    "file_part",
    "files_part",
    "fill_in_anew",
    "follow_session",
    "is_part_empty",
    "mark_read",
    "mark_seen",
    "correct_document",
    "may_decide",
    "may_discard",
    "may_move",
    "may_return",
    "move_form",
    "response_rights",
    "possible_audiences",
    "remove_comment",
    "reopen_form",
    "restore_comment",
    "return_form",
    "save_answers",
    "start_form",
    "subjects_for",
    "submit_form",
    "why_not_reopened",
]
