"""The documents of the template library: a blank form, the guide."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policy.roles import Audience, Role
from core.texts import text, within
from mentoring.models import Pack, Programme
from rendering.pdf import fields
from rendering.pdf.blocks import Block, Cell, Column, Fact, PdfDocument, SignatureBox
from rendering.pdf.fields import Filling
from rendering.pdf.limits import paragraphs
from rendering.pdf.registration import LAYOUTS, Made, speaking
from tools import wording
from tools.fields.placeholders import GAP, substitute
from tools.models import OnePer, Tool, ToolVersion
from tools.subjects import about

BLANK_MENTEES = 5


def blank_document(version: ToolVersion, language: str, programme: Programme | None = None) -> Made:
    """Return a tool as a form to fill in by hand."""
    with speaking(language, version.tool.pack):
        pack = version.tool.pack
        size = programme.group_size_max if programme else int(pack.settings.get("group_size_max", BLANK_MENTEES))
        is_across = any(map(fields.signs_in_rows, version.fields))
        filling = Filling(is_blank=True, is_across=is_across, signers=_blank_signers(version, size))
        is_contract = version.content.get("editor") == "contract"
        facts, blocks = (
            fields.clauses(version.fields, filling) if is_contract else ([], fields.flow(version.fields, filling))
        )
        document = PdfDocument(
            language=language,
            title=version.title,
            kind=_("Blank form %(n)s") % {"n": version.tool.number},
            programme=str(programme) if programme else text(pack.title),
            organisation=programme.organisation.name if programme else "",
            heading=version.title,
            subheading=text(version.content.get("purpose")),
            number=_("version %(n)s") % {"n": version.version},
            footer=_("Blank form %(n)s, version %(version)s") % {"n": version.tool.number, "version": version.version},
            facts=Block("facts", facts=[*_blank_facts(version), *facts]),
            intro=paragraphs(substitute(text(version.content.get("intro")), {}, gap=GAP)),
            blocks=blocks,
            is_across=is_across,
            closing=[_blank_rule(version)],
        )
        logo = (programme.organisation.logo or None) if programme else None
        document.has_logo, document.logo_alt = bool(logo), document.organisation
        template = LAYOUTS.get(version.content.get("editor", ""), "pdf/form.html")
        return Made(document, template, timezone.now(), logo=logo)


def _blank_signers(version: ToolVersion, mentees: int) -> list[SignatureBox]:
    counts = {Role.MANAGER.value: 1, Role.MENTOR.value: 1, Role.MENTEE.value: mentees}
    return [
        SignatureBox("", fields.role_word(role))
        for role, count in counts.items()
        if role in version.signed_by
        for _each in range(count)
    ]


def _blank_facts(version: ToolVersion) -> list[Fact]:
    facts = [Fact(_("Mentoring group"))]
    if about(version).roles:
        facts.append(Fact(_("Name")))
    if about(version).roles and about(version).needs_session:
        facts.append(Fact(_("Session")))
    asks_for_the_day = any(entry.get("prefill") == "session.date" for entry in version.fields)
    return facts if asks_for_the_day else [*facts, Fact(_("Date"))]


def _blank_rule(version: ToolVersion) -> str:
    """Return where the filled form goes, in one sentence."""
    return _("Filled in by: %(who)s. Read by: %(readers)s. Goes to: %(folder)s.") % {
        "who": within(wording.filled_by(version)),
        "readers": Audience(version.audience).label,
        "folder": wording.folder(version),
    }


# --- the guide -----------------------------------------------------------------------------------------------------


def guide_document(pack: Pack, language: str, programme: Programme | None = None) -> Made:
    """Return the guide to all tools of a pack, made from their data."""
    with speaking(language, pack):
        versions = [tool.current for tool in Tool.objects.of_pack(pack.pk) if tool.current]
        mandatory = [version for version in versions if version.mandatory]
        optional = [version for version in versions if not version.mandatory]
        counts = _("%(m)s forms are mandatory, %(o)s are there when they help.") % {
            "m": len(mandatory),
            "o": len(optional),
        }
        blocks = [_overview(_("Mandatory"), mandatory), _overview(_("Optional"), optional)]
        blocks = [block for block in blocks if block.rows]
        blocks += [Block("heading", label=_("The forms one by one")), *map(_guide_entry, versions)]
        document = PdfDocument(
            language=language,
            title=_("Guide: management and monitoring tools"),
            kind=_("Guide"),
            programme=str(programme) if programme else text(pack.title),
            organisation=programme.organisation.name if programme else "",
            heading=_("Guide to the management and monitoring tools"),
            subheading=_("Who fills in what, who signs, when it is due, and where each document goes."),
            number=_("version %(n)s") % {"n": pack.version},
            footer=_("Guide, version %(n)s") % {"n": pack.version},
            intro=[[counts]],
            blocks=blocks,
        )
        logo = (programme.organisation.logo or None) if programme else None
        document.has_logo, document.logo_alt = bool(logo), document.organisation
        return Made(document, "pdf/form.html", timezone.now(), logo=logo)


def _overview(label: str, versions: list[ToolVersion]) -> Block:
    rows = [
        [
            Cell([[str(version.tool.number)]]),
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


def _guide_entry(version: ToolVersion) -> Block:
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
    return Block("facts", label=f"{version.tool.number}. {version.title}", text=purpose, facts=facts)
