"""The document of a handed-in form, a contract or a session plan among them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.days import programme_day
from core.policy.roles import AUDIENCE_ROLES, Audience, Role
from core.texts import language_name, text, within
from mentoring.models import Membership
from rendering.pdf import fields
from rendering.pdf.blocks import Block, Cell, Check, Column, Fact, PdfDocument, SignatureBox
from rendering.pdf.fields import Filling
from rendering.pdf.limits import breaks_between_words, check_size, clean, paragraphs
from rendering.pdf.registration import Made, Registration, check_page, grouped, made_for, moment_words, speaking
from responses_app.added import added_since
from responses_app.models import FormResponse, FormSubmission
from responses_app.readers import paper_readers
from responses_app.said_again import said_again
from tools import related_sessions, wording
from tools.fields.placeholders import GAP, as_text, substitute, values_for
from tools.models import OnePer, ToolVersion
from tools.related_sessions import RelatedSession
from tools.subjects import fills_in_about_oneself


@dataclass(frozen=True, slots=True)
class Known:
    """What stands on a paper besides the answers, in words of one language: of its group, session and person.

    It is kept when the PDF of a version is made (`FormSubmission.printed_with`), so that a copy says what the version
    says, whatever was corrected since.

    Attributes:
        about: the title of the session; empty where the form is not about one.
        facts: labels and values under the title of a paper about a session.
        above: what the head says already of a session, by the name under which a question is filled in with it.
        values: what placeholders stand for.
    """

    group: str
    person: str
    about: str
    facts: list[list[str]]
    above: dict[str, list[str]]
    values: dict[str, str]


def known_now(submission: FormSubmission) -> dict[str, dict[str, Any]]:
    """Return what stands on the paper besides the answers, as it is now, by language of the pack."""
    programme, known = submission.form.group.programme, {}
    for language in {submission.language, *programme.pack.languages}:
        with speaking(language, programme):
            known[language] = asdict(_known(submission))
    return known


def _kept(submission: FormSubmission) -> Known:
    """Return what was kept when the PDF was made, in the active language; before that what is so now."""
    kept = submission.printed_with.get(get_language() or "")
    return Known(**kept) if kept else _known(submission)


def _known(submission: FormSubmission) -> Known:
    form = submission.form
    session = related_sessions.find(form.group, form.session_key)
    is_of_one = form.tool_version.one_per not in {OnePer.GROUP, OnePer.SESSION}
    person = form.subject or (form.author if is_of_one else None)
    return Known(
        group=clean(form.group.name),
        person=person.full_name if person else "",
        about=clean(text(form.session_title)),
        facts=[[fact.label, fact.value] for fact in _session_facts(session)] if form.session_key else [],
        above=_above(session, form.session_title) if form.session_key and session else {},
        values=_values(submission, session, _people(submission)),
    )


def form_document(submission: FormSubmission, registration: Registration, *, copy_in: str = "") -> Made:
    """Return the document of a handed-in form, in its language, with only the answers its readers may see.

    Args:
        submission: with form, group, programme, organisation, tool, author, subject.
        copy_in: the language of a copy; empty for the document that is filed.

    Raises:
        TooLargeError: the answers are more than a document holds.
    """
    with speaking(copy_in or submission.language, submission.form.group.programme):
        check_size(submission.answers)
        made = _form_document(submission, registration, is_original=not copy_in)
        if copy_in:
            return _copy(made, submission, registration)
        made.document.closing += _how_to_sign(submission.form.tool_version)
        return made


def _copy(made: Made, submission: FormSubmission, registration: Registration) -> Made:
    """Let a document say that it is a copy: what it is a copy of, and nothing to sign on it."""
    document = made.document
    document.language = get_language() or ""
    names = {"language": language_name(document.language), "filed": language_name(submission.language)}
    known = {
        "number": registration.number,
        "version": registration.version,
        "day": fields.day_words(timezone.localtime()),
    }
    document.copy_words = [
        _("A copy in this language: %(language)s. The document itself is in this one: %(filed)s.") % names,
        (
            _("No. %(number)s, version %(version)s. Copied on %(day)s, with group and session as in that version.")
            if submission.printed_with
            else _("No. %(number)s, version %(version)s. Copied on %(day)s, with group and session as on that day.")
        )
        % known,
    ]
    document.footer = _("%(number)s, version %(version)s, copy") % known
    document.blocks = [block for block in document.blocks if block.kind != "signatures"]
    return made


def _form_document(submission: FormSubmission, registration: Registration, *, is_original: bool) -> Made:
    form = submission.form
    version, group = form.tool_version, form.group
    programme = group.programme
    people, known = _people(submission), _kept(submission)
    answers = submission.answers if is_original else said_again(submission, _members_on(form, form.created_at))
    filling = Filling(
        answers=answers,
        values=known.values,
        people=_names(submission, people),
        signers=_signers(version, people),
    )
    printed, keeps_some = _for_readers(version, submission)
    # A form without a session knows the initial session too, for its values; it is not about that session.
    lead = [Fact(label, value) for label, value in known.facts] or _own_facts(known, submission, people)
    printed = _without_what_the_head_says(printed, answers, known.above)
    is_contract = version.content.get("editor") == "contract"
    facts, blocks = fields.clauses(printed, filling) if is_contract else ([], fields.flow(printed, filling))
    title = version.title
    if version.content.get("editor") == "session_plan":
        blocks = [_plan_table(block, entry, filling) for block, entry in _with_entries(blocks, printed)]
    who = f"{version.short_title}: {known.person}" if known.person else version.short_title
    group_words = _("mentoring group “%(group)s”") % {"group": known.group}
    intro = substitute(text(version.content.get("intro")), filling.values, gap=GAP) if is_contract else ""
    document = PdfDocument(
        language=submission.language,
        title=f"{title}, {registration.number}",
        kind=title,
        programme=str(programme),
        organisation=programme.organisation.name,
        heading=known.about or title,
        subheading=intro or clean(f"{who}, {group_words}"),
        number=registration.number,
        footer=_("%(number)s, version %(version)s") % {"number": registration.number, "version": registration.version},
        facts=Block("facts", facts=facts if is_contract else lead) if facts or not is_contract else None,
        audience="" if is_contract else paper_readers(submission, people, keeps_some=keeps_some),
        blocks=blocks,
        closing=_history(submission, version, printed, filling.people),
        check=Check(check_page().split("://", 1)[-1].rstrip("/"), grouped(registration.code)),
    )
    return made_for(document, version, programme, created=submission.submitted_at, code=registration.code)


def _people(submission: FormSubmission) -> list[Membership]:
    """Return who was in the group on the day of handing in; a correction or a copy is printed later."""
    return _members_on(submission.form, submission.submitted_at)


def _members_on(form: FormResponse, moment: datetime) -> list[Membership]:
    return list(form.group.memberships.live(programme_day(moment)).with_people())


def _of(people: list[Membership], *roles: str) -> list[str]:
    return [clean(each.user.full_name) for each in people if each.role in roles]


def _names(submission: FormSubmission, people: list[Membership]) -> dict[int, str]:
    """Return the names of everybody who is or was in the group, and of who wrote."""
    everybody = {each.user_id: each.user.full_name for each in submission.form.group.memberships.select_related("user")}
    everybody |= {each.user_id: each.user.full_name for each in people}
    return everybody | {submission.submitted_by_id: submission.submitted_by.full_name}


def _signers(version: ToolVersion, people: list[Membership]) -> list[SignatureBox]:
    order = [Role.MANAGER.value, Role.MENTOR.value, Role.MENTEE.value]
    found = sorted((each for each in people if each.role in version.signed_by), key=lambda each: order.index(each.role))
    return [SignatureBox(clean(each.user.full_name), within(fields.role_word(each.role))) for each in found]


def _values(submission: FormSubmission, session: RelatedSession | None, people: list[Membership]) -> dict[str, str]:
    """Return what the placeholders stand for, in words; today is the day on which the form was handed in."""
    form = submission.form
    values = values_for(form.group, subject=form.subject or form.author, session=session, members=people)
    day = programme_day(submission.submitted_at)
    return {name: clean(as_text(value)) for name, value in {**values, "today": day}.items()}


def _session_facts(session: RelatedSession | None) -> list[Fact]:
    """Return what is printed under the title of a document about a session."""
    if session is None or not session.key:
        return []
    return [Fact(label, clean(value)) for label, value in session.facts() if value]


def _above(session: RelatedSession, title: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what stands under the title of title, day, hours and place of the session."""
    above = {"session.title": sorted(set(title.values()))}
    for name in ("session.date", "session.from", "session.to"):
        value = session.values.get(name)
        above[name] = [value.isoformat() if isinstance(value, date) else value] if value else []
    above["session.place"] = [value for _label, value in session.facts() if value]
    return above


def _without_what_the_head_says(
    entries: list[Mapping[str, Any]], answers: Mapping[str, Any], above: Mapping[str, list[str]]
) -> list[Mapping[str, Any]]:
    """Return the fields without title, day, hours and place of the session, where they say what stands under the title.

    What somebody wrote otherwise stays, and is printed; so does the link of a meeting, which stands nowhere else.
    """
    return [
        entry for entry in entries if str(answers.get(entry["key"], "")) not in above.get(entry.get("prefill", ""), ())
    ]


def _own_facts(known: Known, submission: FormSubmission, people: list[Membership]) -> list[Fact]:
    """Return the facts of a form without a session."""
    day = fields.day_words(timezone.localtime(submission.submitted_at))
    return [
        Fact(_("Mentoring group"), known.group),
        Fact(_("Date"), day),
        Fact(_("Mentor"), ", ".join(_of(people, Role.MENTOR))),
        Fact(_("Manager"), ", ".join(_of(people, Role.MANAGER))),
    ]


def _for_readers(version: ToolVersion, submission: FormSubmission) -> tuple[list[Mapping[str, Any]], bool]:
    """Return the fields that all readers of the document may see, and whether some answers are kept for fewer.

    Where answers are kept, a sentence in their part says how many and for whom, under the heading of the part.
    """
    readers = AUDIENCE_ROLES[submission.audience]
    printed: list[Mapping[str, Any]] = []
    keeps_some = False
    for heading, asked in _parts(version):
        bare = heading is not None and not _is_open(heading, submission, readers)
        if heading is not None and not bare:
            # Under the headings of a form about oneself stand words to its writer, not to who reads the paper.
            printed.append({**heading, "help": {}} if fills_in_about_oneself(version) else heading)
        printed += [entry for entry in asked if _is_open(entry, submission, readers)]
        kept = [
            entry["audience"]
            for entry in asked
            if not _is_open(entry, submission, readers)
            and submission.answers.get(entry["key"]) not in (None, "", [], {})
        ]
        for place, audience in enumerate(dict.fromkeys(kept)):
            label = heading["label"] if heading is not None and bare and not place else {}
            said = {get_language() or "": _kept_words(kept.count(audience), audience)}
            printed.append({"key": "", "type": "heading", "label": label, "help": said})
        keeps_some = keeps_some or bool(kept)
    return printed, keeps_some


def _parts(version: ToolVersion) -> list[tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]]:
    """Return the fields by the heading under which they stand; None over those before the first."""
    parts: list[tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]] = [(None, [])]
    for entry in version.fields:
        if entry["type"] == "heading":
            parts.append((entry, []))
        else:
            parts[-1][1].append(entry)
    return parts


def _is_open(entry: Mapping[str, Any], submission: FormSubmission, readers: frozenset[str]) -> bool:
    return readers <= AUDIENCE_ROLES[entry.get("audience") or submission.audience]


def _kept_words(count: int, audience: str) -> str:
    """Return that answers exist, not what they say, and who reads them: the roles, also one that nobody has yet."""
    sentence = ngettext("%(n)s answer is kept for %(who)s.", "%(n)s answers are kept for %(who)s.", count)
    return sentence % {"n": count, "who": Audience(audience).label}


def _history(
    submission: FormSubmission, version: ToolVersion, printed: list[Mapping[str, Any]], people: Mapping[int, str]
) -> list[str]:
    """Return who handed it in, added a part, accepted and corrected it."""
    handed_in = (
        _("Agreed by %(name)s on %(when)s.")
        if version.content.get("editor") == "session_plan"
        else _("Handed in by %(name)s on %(when)s.")
    )
    lines = [
        handed_in % {"name": clean(submission.submitted_by.full_name), "when": moment_words(submission.submitted_at)}
    ]
    added = _("A part added later was filled in by %(name)s on %(when)s.")
    for name, when in added_since(submission, submission.added_by, {entry["key"] for entry in printed}, people):
        lines.append(added % {"name": clean(name), "when": moment_words(when)})
    if submission.is_accepted and submission.decided_by and submission.decided_at:
        accepted = _("Accepted by %(name)s on %(when)s.")
        lines.append(
            accepted % {"name": clean(submission.decided_by.full_name), "when": moment_words(submission.decided_at)}
        )
    if submission.corrected_by and submission.corrected_at:
        names = {"name": clean(submission.corrected_by.full_name), "when": moment_words(submission.corrected_at)}
        lines.append(_correction(submission) % {**names, "before": clean(submission.was_about)})
    return lines


def _correction(submission: FormSubmission) -> str:
    """Return the sentence about a correction: of what the document is about, or of its session."""
    if submission.was_elsewhere:
        return _("%(name)s corrected what this document is about on %(when)s. Before, it said: %(before)s.")
    if submission.corrected_attendance:
        return _("%(name)s corrected the attendance of the session on %(when)s.")
    return _("%(name)s corrected when or where the session was on %(when)s.")


def version_note(submission: FormSubmission) -> str:
    """Return why a version was made, for the list of versions: only of a correction of the session."""
    if not submission.corrected_at or submission.was_elsewhere:
        return ""
    with speaking(submission.language, submission.form.group.programme):
        if not submission.corrected_attendance:
            return _("The session was corrected.")
        return (_("Attendance corrected: %(reason)s") % {"reason": submission.corrected_attendance})[:300]


def _how_to_sign(version: ToolVersion) -> list[str]:
    """Return what to do with a document that is signed by hand."""
    if not version.content.get("on_paper"):
        return []
    words = _("Sign on paper and photograph every page. The Mentor or the Manager adds the photos: %(folder)s.")
    return [words % {"folder": wording.folder(version)}]


# --- a session plan ------------------------------------------------------------------------------------------------


def _with_entries(
    blocks: list[Block], entries: list[Mapping[str, Any]]
) -> list[tuple[Block, Mapping[str, Any] | None]]:
    """Pair the blocks of rows with their field; others with None."""
    rows = {text(entry["label"]): entry for entry in entries if entry["type"] == "rows"}
    return [(block, rows.get(block.label)) for block in blocks]


def _plan_table(block: Block, entry: Mapping[str, Any] | None, filling: Filling) -> Block:
    """Return the rows of a session plan as one readable table: what belongs together shares a cell."""
    given = filling.answers.get(entry["key"]) if entry else None
    if not entry or not isinstance(given, list) or not given:
        return block
    columns = {column["key"]: column for column in entry["columns"]}

    def said(row: Mapping[str, Any], key: str) -> str:
        return fields.words(columns[key], row.get(key), filling) if key in columns else ""

    rows = []
    for row in filter(lambda each: isinstance(each, dict), given):
        notes = [
            f"{text(columns[key]['label'])}: {said(row, key)}" for key in ("aim", "homework", "state") if said(row, key)
        ]
        rows.append(
            [
                Cell([[said(row, "number")]]),
                Cell([[each] for each in (said(row, "date"), said(row, "time")) if each]),
                Cell([[said(row, "session")]], [part for note in notes for part in paragraphs(note)], is_head=True),
                Cell([[each] for each in (said(row, "form"), breaks_between_words(said(row, "place"))) if each]),
                Cell([[said(row, "prepares")]]),
            ]
        )
    heads = [
        Column(_("No."), "narrow"),
        Column(_("When")),
        Column(text(entry["label"]), "wide"),
        Column(_("Where")),
        Column(_("Who prepares")),
    ]
    return Block("table", label=text(entry["label"]), columns=heads, rows=rows, is_small=True)
