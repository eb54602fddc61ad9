"""Papers out of rows: a handed-in form, a blank, the guide. Reads the database; the result is plain data."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.roles import AUDIENCE_ROLES, Audience, Role
from core.texts import text
from documents import occasions, wording
from documents.form_fields.placeholders import GAP, as_text, substitute, values_for
from documents.models import DocumentTemplate, FormSubmission, TemplateVersion
from documents.models.templates import OnePer
from documents.occasions import Occasion
from documents.pdf import fields
from documents.pdf.blocks import Block, Cell, Check, Column, Fact, Paper, SignatureBox
from documents.pdf.fields import Filling
from documents.pdf.limits import check_size, clean, paragraphs
from mentoring.models import Membership, MentoringGroup, Pack, Programme

LAYOUTS = {"contract": "pdf/contract.html", "session_plan": "pdf/form.html", "form": "pdf/form.html"}
BLANK_MENTEES = 5


@dataclass(frozen=True, slots=True)
class Registration:
    """Where a paper is filed: its number, its code, the version it will be."""

    number: str
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Made:
    """A paper with its template and what the renderer must fetch for it."""

    paper: Paper
    template: str
    created: datetime
    check_url: str = ""
    logo: Any = None


@contextmanager
def _in(language: str, zone: str) -> Iterator[None]:
    """Speak `language` and tell times in `zone`, whatever the worker's own are."""
    try:
        zone_info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone_info = ZoneInfo(settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone_info):
        yield


def _moment(when: datetime) -> str:
    local = timezone.localtime(when)
    day, clock = fields.day_words(local), formats.time_format(local, "TIME_FORMAT")
    zone = timezone.get_current_timezone_name()
    return _("%(day)s at %(time)s (%(zone)s)") % {"day": day, "time": clock, "zone": zone}


def grouped(code: str) -> str:
    """Return a verification code in groups of four: 7KQ4-M2XD-93TB."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def check_page(code: str = "") -> str:
    """Return the public address where a paper is checked."""
    return f"{settings.SITE_URL}{reverse('documents:paper-check')}" + (f"?code={code}" if code else "")


# --- a handed-in form ----------------------------------------------------------------------------------------------


def form_paper(submission: FormSubmission, registration: Registration) -> Made:
    """Return the paper of a handed-in form, in its language, with only the answers its readers may see.

    Args:
        submission: with form, group, programme, organisation, tool, author, subject.

    Raises:
        TooLargeError: the answers are more than a paper holds.
    """
    with _in(submission.language, submission.submitted_by.time_zone):
        check_size(submission.answers)
        return _form_paper(submission, registration)


def _form_paper(submission: FormSubmission, registration: Registration) -> Made:
    form = submission.form
    version, group = form.template_version, form.group
    programme = group.programme
    people = _people(group)
    occasion = occasions.find(group, form.occasion)
    filling = Filling(
        answers=submission.answers,
        values=_values(submission, occasion),
        people=_names(submission, people),
        signers=_signers(version, people),
    )
    printed, kept = _for_readers(version, submission)
    is_contract = version.content.get("editor") == "contract"
    facts, blocks = fields.clauses(printed, filling) if is_contract else ([], fields.flow(printed, filling))
    title = version.title
    if version.content.get("editor") == "session_plan":
        blocks = [_plan_table(block, entry, filling) for block, entry in _with_entries(blocks, printed)]
    about = clean(text(form.occasion_title))
    person = form.subject or (form.author if version.one_per != OnePer.GROUP else None)
    who = f"{version.short_title}: {person.full_name}" if person else version.short_title
    group_words = _("mentoring group “%(group)s”") % {"group": clean(group.name)}
    # A form without an occasion knows the initial session too, for its values; it is not about that session.
    lead = (form.occasion and _occasion_facts(occasion)) or _own_facts(submission, people)
    intro = substitute(text(version.content.get("intro")), filling.values, gap=GAP) if is_contract else ""
    paper = Paper(
        language=submission.language,
        title=f"{title}, {registration.number}",
        kind=title,
        programme=str(programme),
        organisation=programme.organisation.name,
        heading=about or title,
        subheading=intro or clean(f"{who}, {group_words}"),
        number=registration.number,
        footer=_("%(number)s, version %(version)s") % {"number": registration.number, "version": registration.version},
        facts=Block("facts", facts=facts if is_contract else lead) if facts or not is_contract else None,
        audience="" if is_contract else _readers(submission, people),
        blocks=blocks,
        closing=[*_kept_words(kept), *_history(submission, version)],
        check=Check(check_page().split("://", 1)[-1].rstrip("/"), grouped(registration.code)),
    )
    return _made(paper, version, programme, created=submission.submitted_at, code=registration.code)


def _made(paper: Paper, version: TemplateVersion, programme: Programme, *, created: datetime, code: str) -> Made:
    logo = programme.organisation.logo or None
    paper.has_logo = bool(logo)
    paper.logo_alt = programme.organisation.name
    template = LAYOUTS.get(version.content.get("editor", ""), "pdf/form.html")
    return Made(paper, template, created, check_page(code), logo)


def _people(group: MentoringGroup) -> list[Membership]:
    return list(group.memberships.live().with_people())


def _of(people: list[Membership], *roles: str) -> list[str]:
    return [clean(each.user.full_name) for each in people if each.role in roles]


def _names(submission: FormSubmission, people: list[Membership]) -> dict[int, str]:
    """Return the names of everybody who is or was in the group, and of who wrote."""
    everybody = {each.user_id: each.user.full_name for each in submission.form.group.memberships.select_related("user")}
    everybody |= {each.user_id: each.user.full_name for each in people}
    return everybody | {submission.submitted_by_id: submission.submitted_by.full_name}


def _signers(version: TemplateVersion, people: list[Membership]) -> list[SignatureBox]:
    order = [Role.MANAGER.value, Role.MENTOR.value, Role.MENTEE.value]
    found = sorted((each for each in people if each.role in version.signed_by), key=lambda each: order.index(each.role))
    return [SignatureBox(clean(each.user.full_name), fields.role_word(each.role)) for each in found]


def _values(submission: FormSubmission, occasion: Occasion | None) -> dict[str, str]:
    """Return what the placeholders stand for, in words; today is the day on which the form was handed in."""
    form = submission.form
    values = values_for(form.group, subject=form.subject or form.author, occasion=occasion)
    day = timezone.localdate(submission.submitted_at)
    return {name: clean(as_text(value)) for name, value in {**values, "today": day}.items()}


def _occasion_facts(occasion: Occasion | None) -> list[Fact]:
    """Return what is printed under the title of a paper about a session."""
    if occasion is None or not occasion.key:
        return []
    return [Fact(label, clean(value)) for label, value in occasion.facts() if value]


def _own_facts(submission: FormSubmission, people: list[Membership]) -> list[Fact]:
    """Return the facts of a form without an occasion."""
    day = fields.day_words(timezone.localtime(submission.submitted_at))
    return [
        Fact(_("Mentoring group"), clean(submission.form.group.name)),
        Fact(_("Date"), day),
        Fact(_("Mentor"), ", ".join(_of(people, Role.MENTOR))),
        Fact(_("Manager"), ", ".join(_of(people, Role.MANAGER))),
    ]


def _for_readers(
    version: TemplateVersion, submission: FormSubmission
) -> tuple[list[Mapping[str, Any]], dict[str, int]]:
    """Return the fields that all readers of the paper may see, and how many given answers are kept for whom."""
    readers = AUDIENCE_ROLES[submission.audience]
    printed: list[Mapping[str, Any]] = []
    kept: dict[str, int] = {}
    for entry in version.fields:
        audience = entry.get("audience") or submission.audience
        if readers <= AUDIENCE_ROLES[audience]:
            printed.append(entry)
        elif submission.answers.get(entry["key"]) not in (None, "", [], {}):
            kept[audience] = kept.get(audience, 0) + 1
    return printed, kept


def _kept_words(kept: dict[str, int]) -> list[str]:
    """Return one line per narrower audience: that answers exist, not what they say."""
    return [
        ngettext("%(n)s answer is kept for %(who)s.", "%(n)s answers are kept for %(who)s.", count)
        % {"n": count, "who": Audience(audience).label}
        for audience, count in kept.items()
    ]


def _readers(submission: FormSubmission, people: list[Membership]) -> str:
    """Return who may read the paper: the group in numbers, or the few by name."""
    form = submission.form
    if submission.audience == Audience.GROUP:
        mentees = len(_of(people, Role.MENTEE))
        count = ngettext("%(n)s Mentee", "%(n)s Mentees", mentees) % {"n": mentees}
        return _("the mentoring group “%(group)s” (Manager, Mentor and %(mentees)s). Nobody else.") % {
            "group": clean(form.group.name),
            "mentees": count,
        }
    roles = AUDIENCE_ROLES[submission.audience]
    named = [
        f"{clean(each.user.full_name)} ({fields.role_word(each.role)})"
        for each in people
        if each.role in roles and each.user_id != submission.submitted_by_id
    ]
    named.append(_("%(name)s, who wrote it") % {"name": clean(submission.submitted_by.full_name)})
    if form.subject and form.subject_id != submission.submitted_by_id:
        named.append(_("%(name)s, whom it is about") % {"name": clean(form.subject.full_name)})
    return _("%(people)s. Nobody else.") % {"people": "; ".join(named)}


def _history(submission: FormSubmission, version: TemplateVersion) -> list[str]:
    """Return who handed the form in and who accepted it, and what to do with a paper that is signed by hand."""
    handed_in = (
        _("Agreed by %(name)s on %(when)s.")
        if version.content.get("editor") == "session_plan"
        else _("Handed in by %(name)s on %(when)s.")
    )
    lines = [handed_in % {"name": clean(submission.submitted_by.full_name), "when": _moment(submission.submitted_at)}]
    if submission.is_accepted and submission.decided_by and submission.decided_at:
        accepted = _("Accepted by %(name)s on %(when)s.")
        lines.append(
            accepted % {"name": clean(submission.decided_by.full_name), "when": _moment(submission.decided_at)}
        )
    if version.content.get("on_paper"):
        lines.append(
            _("Sign on paper and photograph every page. The Mentor or the Manager adds the photos: %(folder)s.")
            % {"folder": wording.folder(version)}
        )
    return lines


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
        notes = [f"{text(columns[key]['label'])}: {said(row, key)}" for key in ("aim", "homework") if said(row, key)]
        rows.append(
            [
                Cell([[said(row, "number")]]),
                Cell([[each] for each in (said(row, "date"), said(row, "time")) if each]),
                Cell([[said(row, "session")]], [part for note in notes for part in paragraphs(note)], is_head=True),
                Cell([[each] for each in (said(row, "form"), said(row, "place")) if each]),
                Cell(
                    [[said(row, "prepares")]],
                    [[_("State: %(state)s") % {"state": said(row, "state")}]] if said(row, "state") else [],
                ),
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


# --- a blank -------------------------------------------------------------------------------------------------------


def blank_paper(version: TemplateVersion, language: str, programme: Programme | None = None) -> Made:
    """Return a tool as a form to fill in by hand."""
    with _in(language, settings.TIME_ZONE):
        pack = version.template.pack
        size = programme.group_size_max if programme else int(pack.settings.get("group_size_max", BLANK_MENTEES))
        filling = Filling(is_blank=True, signers=_blank_signers(version, size))
        is_contract = version.content.get("editor") == "contract"
        facts, blocks = (
            fields.clauses(version.fields, filling) if is_contract else ([], fields.flow(version.fields, filling))
        )
        paper = Paper(
            language=language,
            title=version.title,
            kind=_("Blank form %(n)s") % {"n": version.template.number},
            programme=str(programme) if programme else text(pack.title),
            organisation=programme.organisation.name if programme else "",
            heading=version.title,
            subheading=text(version.content.get("purpose")),
            number=_("version %(n)s") % {"n": version.version},
            footer=_("Blank form %(n)s, version %(version)s")
            % {"n": version.template.number, "version": version.version},
            facts=Block("facts", facts=[*_blank_facts(version), *facts]),
            intro=paragraphs(substitute(text(version.content.get("intro")), {}, gap=GAP)),
            blocks=blocks,
            closing=[_blank_rule(version)],
        )
        logo = (programme.organisation.logo or None) if programme else None
        paper.has_logo, paper.logo_alt = bool(logo), paper.organisation
        template = LAYOUTS.get(version.content.get("editor", ""), "pdf/form.html")
        return Made(paper, template, timezone.now(), logo=logo)


def _blank_signers(version: TemplateVersion, mentees: int) -> list[SignatureBox]:
    counts = {Role.MANAGER.value: 1, Role.MENTOR.value: 1, Role.MENTEE.value: mentees}
    return [
        SignatureBox("", fields.role_word(role))
        for role, count in counts.items()
        if role in version.signed_by
        for _each in range(count)
    ]


def _blank_facts(version: TemplateVersion) -> list[Fact]:
    facts = [Fact(_("Mentoring group"))]
    if version.one_per not in {OnePer.GROUP, OnePer.SESSION}:
        facts.append(Fact(_("Name")))
    if version.one_per == OnePer.MENTEE_SESSION:
        facts.append(Fact(_("Session")))
    return [*facts, Fact(_("Date"))] if version.content.get("editor") != "contract" else facts


def _blank_rule(version: TemplateVersion) -> str:
    """Return where the filled form goes, in one sentence."""
    return _("Filled in by: %(who)s. Read by: %(readers)s. Goes to: %(folder)s.") % {
        "who": wording.filled_by(version),
        "readers": Audience(version.audience).label,
        "folder": wording.folder(version),
    }


# --- the guide -----------------------------------------------------------------------------------------------------


def guide_paper(pack: Pack, language: str, programme: Programme | None = None) -> Made:
    """Return the guide to all tools of a pack, made from their data."""
    with _in(language, settings.TIME_ZONE):
        versions = [tool.current for tool in DocumentTemplate.objects.of_pack(pack.pk) if tool.current]
        mandatory = [version for version in versions if version.mandatory]
        optional = [version for version in versions if not version.mandatory]
        counts = _("%(m)s forms are mandatory, %(o)s are there when they help.") % {
            "m": len(mandatory),
            "o": len(optional),
        }
        blocks = [_overview(_("Mandatory"), mandatory), _overview(_("Optional"), optional)]
        blocks = [block for block in blocks if block.rows]
        blocks += [Block("heading", label=_("The forms one by one")), *map(_guide_entry, versions)]
        paper = Paper(
            language=language,
            title=_("Guide: management and monitoring tools"),
            kind=_("Guide"),
            programme=str(programme) if programme else text(pack.title),
            organisation=programme.organisation.name if programme else "",
            heading=_("Guide to the management and monitoring tools"),
            subheading=_("Who fills in what, who signs, when it is due, and where each paper goes."),
            number=_("version %(n)s") % {"n": pack.version},
            footer=_("Guide, version %(n)s") % {"n": pack.version},
            intro=[[counts]],
            blocks=blocks,
        )
        logo = (programme.organisation.logo or None) if programme else None
        paper.has_logo, paper.logo_alt = bool(logo), paper.organisation
        return Made(paper, "pdf/form.html", timezone.now(), logo=logo)


def _overview(label: str, versions: list[TemplateVersion]) -> Block:
    rows = [
        [
            Cell([[str(version.template.number)]]),
            Cell([[version.title]], is_head=True),
            Cell([[wording.filled_by(version)]]),
            Cell([[wording.signed_by(version) or "–"]]),
            Cell([[wording.due(version) or "–"]]),
            Cell([[wording.folder(version)]]),
        ]
        for version in versions
    ]
    heads = [
        Column(_("No."), "mark"),
        Column(_("Form"), "form"),
        Column(_("Filled in by")),
        Column(_("Signed by")),
        Column(_("Due")),
        Column(_("Goes to")),
    ]
    return Block("table", label=label, columns=heads, rows=rows, is_small=True)


def _guide_entry(version: TemplateVersion) -> Block:
    minutes = version.content.get("minutes")
    facts = [
        Fact(_("Kind"), _("Mandatory") if version.mandatory else _("Optional")),
        Fact(_("When"), version.get_phase_display()),
        Fact(_("Filled in by"), wording.filled_by(version)),
        Fact(_("How many"), str(OnePer(version.one_per).label)),
        Fact(_("Signed by"), wording.signed_by(version) or _("nobody")),
        Fact(_("Due"), wording.due(version) or "–"),
        Fact(_("Goes to"), wording.folder(version)),
        Fact(_("Filed"), wording.filing(version)),
        Fact(_("Read by"), wording.readers(version)),
        Fact(_("Takes"), ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes} if minutes else "–"),
    ]
    purpose = paragraphs(text(version.content.get("purpose")))
    return Block("facts", label=f"{version.template.number}. {version.title}", text=purpose, facts=facts)
