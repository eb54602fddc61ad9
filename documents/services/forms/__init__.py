"""All writes to forms: begin, save, hand in, open again, accept, return, comment, choose who reads."""

from documents.services.forms.errors import Conflict, EditConflict, Incomplete, NotPossible, NotYours, Refused
from documents.services.forms.handing import (
    accept_form,
    choose_audience,
    possible_audiences,
    reopen_form,
    return_form,
    submit_form,
)
from documents.services.forms.pens import Pen, may_decide, pen_for, stop_of, why_not_reopened
from documents.services.forms.starting import start_form, subjects_for
from documents.services.forms.talking import add_comment, mark_read, remove_comment, restore_comment
from documents.services.forms.writing import answer_form, changed_elsewhere, count_answered, save_answers

__all__ = [
    "Conflict",
    "EditConflict",
    "Incomplete",
    "NotPossible",
    "NotYours",
    "Pen",
    "Refused",
    "accept_form",
    "add_comment",
    "answer_form",
    "changed_elsewhere",
    "choose_audience",
    "count_answered",
    "mark_read",
    "may_decide",
    "pen_for",
    "possible_audiences",
    "remove_comment",
    "reopen_form",
    "restore_comment",
    "return_form",
    "save_answers",
    "start_form",
    "stop_of",
    "subjects_for",
    "submit_form",
    "why_not_reopened",
]
