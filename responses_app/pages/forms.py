"""What the pages of forms show, put together from what is stored; nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from core.policy.roles import Role
from core.texts import ShownText, shown, text
from core.web.http import SignedInRequest
from mentoring import stops
from responses_app.added import mark_added
from responses_app.conclusion import again_of
from responses_app.filled_in import stands_as_filled_in
from responses_app.models import FormComment, FormResponse, FormSubmission
from responses_app.pages import words as form_words
from responses_app.pages.following import following
from responses_app.pages.headings import is_for_writer, say_to_readers
from responses_app.querysets import read_conversation, versions_of
from responses_app.requests import Sent, new_writer, page_data
from responses_app.services import (
    Conflict,
    ResponseRights,
    answer_form,
    changed_elsewhere,
    count_answered,
    may_decide,
    may_discard,
    may_move,
    may_return,
    possible_audiences,
    response_rights,
    why_not_reopened,
)
from responses_app.services.creation import names_a_session
from responses_app.services.rights import files_part, is_part_empty, to_hand_in
from responses_app.services.saving import stored_of
from tools import related_sessions
from tools.fields.answers import words
from tools.fields.forms import AnswerForm, Problem, RawAnswers, RowSet, data_from_raw
from tools.fields.placeholders import Values, substitute, values_for
from tools.fields.questions import Question, is_narrower
from tools.fields.reading import Part, part_of, shown_parts
from tools.models import OnePer
from tools.parties import unnamed_in

if TYPE_CHECKING:
    from accounts.models import User

REMOVED = "form_row_removed"
"""Key of the session under which a removed row waits to be brought back."""


@dataclass
class Entry:
    """One entry of the writing page.

    `kind`: heading, signatures, field, rows, grid, shown (read only: `part`).
    `is_due`: it must be answered before this person hands the form in.
    """

    kind: str
    question: Question
    label: str | SafeString
    help: str | SafeString
    only_for: str = ""
    is_due: bool = False
    bound: BoundField | None = None
    rows: RowSet | None = None
    lines: list[BoundField] = field(default_factory=list)
    part: Part | None = None

    @property
    def key(self) -> str:
        """The question's key."""
        return self.question.key


def full(form: FormResponse) -> FormResponse:
    """Return the form with what its page shows."""
    found: FormResponse = FormResponse.objects.for_page().get(pk=form.pk)
    return found


def for_reading(form: FormResponse) -> FormResponse:
    """Return the form with who has read it and what was said about it too."""
    found = full(form)
    read_conversation(found)
    return found


def session_of(form: FormResponse) -> related_sessions.RelatedSession | None:
    """Return the session that the form is about or speaks of."""
    if form.session_key or names_a_session(form.tool_version):
        return related_sessions.find(form.group, form.session_key)
    return None


def _back(form: FormResponse, session: related_sessions.RelatedSession | None) -> tuple[str, str]:
    """Return the way back: where forms of this kind are listed, else the group."""
    if form.session_key and session and session.back_url:
        if form.tool_version.one_per == OnePer.SESSION:
            return session.page_url, text(dict(session.title))
        return session.back_url, session.back_label
    return reverse("mentoring:group-detail", args=[form.group_id]), form.group.name


def _common(
    request: SignedInRequest,
    form: FormResponse,
    rights: ResponseRights,
    session: related_sessions.RelatedSession | None,
) -> dict[str, Any]:
    back_url, back_label = _back(form, session)
    subject = form.subject if form.subject_id and form.subject_id != request.user.pk else None
    return {
        "form": form,
        "title": form_words.title_of(form),
        "rights": rights,
        "version": form.tool_version,
        "subject": subject,
        "session_key": session if form.session_key else None,
        "back_url": back_url,
        "back_label": back_label,
    }


def _fallback_language(questions: list[Question]) -> str:
    """Return the name of the language in which some texts are shown although it is not the reader's."""
    for question in questions:
        for each in question.texts:
            if each.text and each.is_fallback:
                return str(get_language_info(each.language)["name_translated"])
    return ""


def edit_context(
    request: SignedInRequest,
    form: FormResponse,
    rights: ResponseRights,
    *,
    problems: list[Problem] | None = None,
    enforce: bool = False,
    sent: Sent | None = None,
) -> dict[str, Any]:
    """Return the writing page.

    Args:
        enforce: show also what is still missing, as after pressing "Hand in".
        sent: what was just sent, for the page to go on with its name.
    """
    session = session_of(form)
    values = values_for(form.group, subject=form.subject, session=session)
    more = {key: 1 for key in request.GET.getlist("more")}
    again = again_of(form) if rights.is_writer else None
    helps = {**(session.helps if session else {}), **(again.helps if again else {})}
    answers = answer_form(form, rights, enforce=enforce, more=more, helps=helps)
    answered, count = count_answered(form, rights)
    settled = request.GET.get("settled", "")
    possible = possible_audiences(form) if rights.is_writer and form.is_open else []
    return _common(request, form, rights, session) | {
        "entries": entries_of(form, rights, answers, values),
        "intro": substitute(str(words(_intro(form))), values) if _intro(form).text else "",
        "problems": problems or [],
        "again": again,
        "unnamed": _unnamed(form, rights, form.answers),
        "brings_names": stands_as_filled_in(form),
        "fallback": _fallback_language(rights.readable),
        "audience": form_words.audience_before(form, rights.members, request.user),
        "narrow": form_words.narrow_words(form, possible),
        "after": form_words.after_handing_in(form, rights.members) if rights.is_writer and form.is_open else "",
        "act": form_words.FILE_PART if files_part(form, rights) else form_words.act_of(form),
        "files_part": files_part(form, rights),
        "hands_in": rights.is_writer and form.is_open,
        "saved_text": form_words.saved_words(form, answered, count),
        "writer": sent.writer if sent and sent.writer else new_writer(),
        "settled": settled if settled.isalnum() else "",
        "zone": timezone.get_current_timezone_name(),
        "now": int(timezone.now().timestamp() * 1000),
        "removed": _removed_row(request, form),
        "may_discard": may_discard(form, rights),
        "returned": form.latest if form.state == "returned" else None,
        "moves": rights.is_writer and form.is_open and may_move(form, request.user, rights.role),
    }


def _intro(form: FormResponse) -> ShownText:
    return shown(form.tool_version.content.get("intro"))


def _removed_row(request: SignedInRequest, form: FormResponse) -> dict[str, Any] | None:
    removed: dict[str, Any] | None = request.session.get(REMOVED)
    return removed if removed and removed.get("form") == form.pk else None


def entries_of(form: FormResponse, rights: ResponseRights, answers: AnswerForm, values: Values) -> list[Entry]:
    """Return the entries of the writing page in order; what the person does not answer is shown only."""
    found, under = [], ""
    due = {question.key for question in to_hand_in(form, rights) if question.is_required}
    for question in rights.readable:
        entry = _entry(form, rights, answers, question, values)
        if question.audience and is_narrower(question.audience, form.audience) and question.audience != under:
            entry.only_for = form_words.only_for(question.audience)
        under = question.audience
        entry.is_due = question.key in due
        found.append(entry)
    return found


def _entry(
    form: FormResponse, rights: ResponseRights, answers: AnswerForm, question: Question, values: Values
) -> Entry:
    key, label = question.key, words(question.label)
    if not question.is_asked:
        part = part_of(question, None, people=rights.members.names, values=values)
        helped = "" if not rights.is_writer and is_for_writer(form, question) else words(part.help)
        return Entry(question.type, question, words(part.label), helped, part=part)
    if key in answers.row_sets:
        return Entry("rows", question, label, words(question.help), rows=answers.row_sets[key])
    if key in answers.grids:
        lines = [answers[name] for name in answers.grids[key]]
        return Entry("grid", question, label, words(question.help), lines=lines)
    if key in answers.fields:
        return Entry("field", question, label, "", bound=answers[key])
    read = form.answers if rights.is_writer else _to_read(form).answers
    part = part_of(question, read.get(key), people=rights.members.names, values=values)
    return Entry("shown", question, label, words(question.help), part=part)


def detail_context(request: SignedInRequest, form: FormResponse, **further: Any) -> dict[str, Any]:
    """Return the reading page: what was handed in; for its writers before that, what is written so far."""
    rights = response_rights(form, request.user)
    session = session_of(form)
    values = values_for(form.group, subject=form.subject, session=session)
    chip = form_words.state_chip(form, rights, request.user)
    stop = stops.writing(form.group)
    handed_in = form.latest is not None
    read = _to_read(form)
    parts = list(shown_parts(rights.readable, read.answers, people=rights.members.names, values=values))
    if not rights.is_writer:
        say_to_readers(form, parts)
    mark_added(parts, form.latest, read.added_by, rights.members.names)
    return (
        _common(request, form, rights, session)
        | {
            "parts": parts,
            "unheaded": next((at for at, part in enumerate(parts) if part.is_headline), len(parts)),
            "audience": form_words.audience_now(form, rights.members, request.user)
            if handed_in
            else " ".join(vars(form_words.audience_before(form, rights.members, request.user)).values()),
            "chip_state": chip[0],
            "chip_text": chip[1],
            "stop": stop,
            "versions": list(versions_of(form, request.standing)),
            # Of a paper that was taken out nothing can be opened.
            "rendering": form.latest.rendering if form.latest and form.latest.taken_out_at is None else None,
            "reads": list(form.latest.reads.all()) if form.latest else [],
            "comments": _comments(form, further.get("new_comments", set())),
            "may_comment": handed_in and not stop,
            "decides": may_decide(form, rights.role),
            "asks_part": request.GET.get("ask") == "part" and is_part_empty(form, rights),
            "returns": may_return(form, rights.role, request.user),
            "moves": may_move(form, request.user, rights.role),
            "fills_part": bool(rights.fillable) and not (rights.is_writer and form.is_open),
            "writes": rights.is_writer and form.is_open and not stop,
            "reopens": rights.is_writer and not form.is_open and not why_not_reopened(form, rights),
            "unnamed": _unnamed(form, rights, form.latest.answers) if form.latest and not form.is_open else [],
            "taken_out": form.latest if _learns_why(form, rights, request.user.pk) else None,
            "following": following(request.standing, form),
            "locked": why_not_reopened(form, rights) if rights.is_writer and not form.is_open and not stop else "",
            "settled": request.GET.get("settled", "") if request.GET.get("settled", "").isalnum() else "",
        }
        | further
    )


def _unnamed(form: FormResponse, rights: ResponseRights, answers: Mapping[str, Any]) -> list["User"]:
    """Return who signs a paper today and is not named in these answers; for who writes it."""
    if not rights.is_writer:
        return []
    return unnamed_in(form.tool_version, answers, rights.members.in_role(*form.tool_version.signed_by))


def _learns_why(form: FormResponse, rights: ResponseRights, user_id: int) -> bool:
    """Return whether this person reads why the paper was taken out: whose it is, and who looks after the group."""
    if form.latest is None or form.latest.taken_out_at is None:
        return False
    return rights.is_writer or user_id == form.subject_id or rights.role in {Role.MANAGER, Role.MENTOR}


def _comments(form: FormResponse, new: set[int]) -> list[FormComment]:
    """Return what was said, with what is a Mentor's answer, and what the writer sees for the first time."""
    comments = list(form.comments.all())
    for comment in comments:
        comment.is_answer = comment.author_role == Role.MENTOR and comment.author_id != form.author_id
        comment.is_new = comment.pk in new
        comment.is_about_older = form.latest is not None and comment.written_at < form.latest.submitted_at
    return comments


def _to_read(form: FormResponse) -> FormResponse | FormSubmission:
    """Return what holds the answers to read: the last submission with the part added since; a draft as it is."""
    return form.latest if form.latest is not None and form.is_open else form


def conflict_context(
    request: SignedInRequest, form: FormResponse, conflicts: list[Conflict], sent: Sent
) -> dict[str, Any]:
    """Return the page that shows two answers side by side, with a choice for each."""
    rights = response_rights(form, request.user)
    return _common(request, form, rights, None) | {
        "conflicts": [
            {
                "question": conflict.question,
                "label": words(conflict.question.label),
                "mine": _either(conflict.question, sent.answers.get(conflict.question.key), rights),
                "theirs": _either(conflict.question, stored_of(form, conflict.question.key), rights),
                "may_join": conflict.question.type == "long_text" and bool(conflict.theirs) and bool(conflict.mine),
            }
            for conflict in conflicts
        ],
        "other": form.saved_by if form.saved_by_id != request.user.pk else None,
        "pairs": page_data(rights.fillable, sent),
        "writer": sent.writer,
    }


def _either(question: Question, value: Any, rights: ResponseRights) -> Part:
    """Return an answer, as stored or as typed, in words."""
    data = data_from_raw([question], {question.key: value}, people=rights.members.choices)
    cleaned = AnswerForm([question], data, people=rights.members.choices).cleaned_answers()
    part = part_of(question, cleaned.answers.get(question.key), people=rights.members.names, values={})
    if question.key in cleaned.typed:
        part = Part("answer", question, question.label, question.help, text=_plain(cleaned.typed[question.key]))
        part.is_answered = True
    return part


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_plain(part) for part in value.values() if part)
    if isinstance(value, list):
        return "\n".join(_plain(part) for part in value if part)
    return str(value)


def conflict_json(context: dict[str, Any]) -> dict[str, Any]:
    """Return the same for a script: both answers in words."""
    form: FormResponse = context["form"]
    other = context["other"]
    return {
        "code": "conflict",
        "reason": _("%(name)s changed this while you were writing.") % {"name": other.get_short_name()}
        if other
        else _("You changed this somewhere else while you were writing."),
        "lock": form.lock,
        "conflicts": [
            {
                "key": each["question"].key,
                "label": each["question"].label.text,
                "mine": part_in_words(each["mine"]),
                "theirs": part_in_words(each["theirs"]),
            }
            for each in context["conflicts"]
        ],
    }


def part_in_words(part: Part) -> str:
    """Return an answer as plain text."""
    if part.kind == "list":
        return ", ".join(part.items)
    if part.kind == "grid":
        return "\n".join(f"{label.text} {said}" for label, said in part.rows)
    if part.kind == "rows":
        return "\n\n".join("\n".join(f"{cell.label.text}: {part_in_words(cell)}" for cell in row) for row in part.rows)
    return part.text


def stopped_context(request: SignedInRequest, form: FormResponse, sent: Sent, reason: str) -> dict[str, Any]:
    """Return the page that says why nothing was saved, with what was written."""
    rights = response_rights(form, request.user)
    mine = [question for question in rights.readable if question.key in sent.answers]
    kept = []
    for question in mine:
        try:
            part = _either(question, sent.answers[question.key], rights)
        except ValidationError:
            continue
        if part.is_answered:
            kept.append(part)
    return _common(request, form, rights, None) | {"reason": reason, "kept": kept}


def saved_json(request: SignedInRequest, form: FormResponse, sent: Sent) -> dict[str, Any]:
    """Return what a script shows after saving."""
    rights = response_rights(form, request.user)
    answered, count = count_answered(form, rights)
    unclear = [question for question in rights.fillable if question.key in form.typed and question.key in sent.answers]
    problems = AnswerForm(unclear, request.POST, people=rights.members.choices).problems() if request.POST else []
    foreign = changed_elsewhere(form, sent.lock, sent.writer)
    return {
        "lock": sent.lock if foreign else form.lock,
        "answered": answered,
        "questions": count,
        "text": form_words.saved_words(form, answered, count),
        "errors": [{"anchor": each.anchor, "sentence": each.sentence} for each in problems],
    }


def settled(sent: Sent) -> str:
    """Return the query that tells the browser whose local copy it can forget now."""
    return f"?settled={sent.writer}" if sent.writer.isalnum() else ""


def edit_url(form: FormResponse, sent: Sent) -> str:
    """Return where writing goes on after a save without scripts."""
    url = reverse("responses:form-edit", args=[form.pk])
    if not sent.row_key:
        return f"{url}{settled(sent)}"
    more = f"?more={sent.row_key}" if sent.row_act == "add" else ""
    return f"{url}{more}#q-{sent.row_key}"


def usual_way_back(form: FormResponse) -> str:
    """Return where "Finish later" leads when it is unknown where the writer came from."""
    return _back(form, session_of(form))[0]


def with_row_brought_back(request: SignedInRequest, form: FormResponse, sent: Sent) -> RawAnswers:
    """Return the answers sent, with the row that was removed before where "Undo" asks for it."""
    removed: dict[str, Any] | None = request.session.get(REMOVED)
    if sent.row_act == "restore" and removed and (removed["form"], removed["key"]) == (form.pk, sent.row_key):
        rows = list(sent.answers.get(sent.row_key, []))
        rows.insert(removed["index"], removed["row"])
        return sent.answers | {sent.row_key: rows}
    return sent.answers


def keep_removed_row(request: SignedInRequest, form: FormResponse, sent: Sent) -> None:
    """Keep a removed row for "Undo"; forget it with the next save of this form."""
    if sent.removed:
        request.session[REMOVED] = {
            "form": form.pk,
            "key": sent.row_key,
            "index": sent.row_index,
            "row": sent.removed,
        }
    elif REMOVED in request.session:
        del request.session[REMOVED]


def audience_context(request: SignedInRequest, form: FormResponse) -> dict[str, Any] | None:
    """Return the page on which the writer chooses who reads; None when there is nothing to choose."""
    rights = response_rights(form, request.user)
    possible = possible_audiences(form)
    if not (rights.is_writer and form.is_open and possible):
        return None
    return _common(request, form, rights, None) | {
        "choices": [(each, *form_words.audience_choice(form, rights.members, request.user, each)) for each in possible]
    }
