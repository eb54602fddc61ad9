"""The template library of a group: which tools there are, whose they are, where their blanks are."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.policy.roles import FolderKind, Role
from core.search import folded
from core.texts import language_name, shown, text
from core.web.http import SignedInRequest
from mentoring.models import MentoringGroup, Pack
from mentoring.navigation import rail_for
from rendering.models import Rendering, RenderingState
from rendering.services import library as library_kind
from tools import related_sessions, wording
from tools.models import Tool, ToolVersion

MINE = "me"


@dataclass(frozen=True, slots=True)
class ToolRow:
    """One tool in the list."""

    title: str
    title_language: str
    phase: str
    filled_by: str
    signed_by: str
    folder: str
    is_personal: bool
    blank_url: str
    fill_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select."""

    value: str
    label: str
    is_chosen: bool


def language_of(request: HttpRequest, pack: Pack) -> str:
    """Return the language that was asked for, if the pack has it; else the reader's, else English."""
    for wanted in (request.GET.get("lang", ""), (get_language() or "").split("-")[0], settings.LANGUAGE_CODE):
        if wanted in pack.languages:
            return str(wanted)
    return str(pack.languages[0]) if pack.languages else "en"


def _row(group: MentoringGroup, version: ToolVersion, role: Role | None, language: str) -> ToolRow:
    key = version.tool.key
    may_fill = role is not None and role.value in version.filled_by and group.accepts_work
    fill_url = ""
    if may_fill:
        own_page = related_sessions.editor_url(version.content.get("editor", "form"), group)
        fill_url = own_page or reverse("responses:form-start", args=[group.pk, key])
    title = shown(version.content.get("title"))
    return ToolRow(
        title=title.text,
        title_language=title.language if title.is_fallback else "",
        phase=str(version.get_phase_display()),
        filled_by=wording.filled_by(version),
        signed_by=wording.signed_by(version),
        folder=wording.folder(version),
        is_personal=version.folder_kind == FolderKind.PERSONAL,
        blank_url=f"{reverse('rendering:blank-download', args=[version.tool_id])}?lang={language}",
        fill_url=fill_url,
    )


def _matches(version: ToolVersion, words: str, who: str, role: Role | None) -> bool:
    """Whether a tool is what the reader looks for."""
    if who == MINE and (role is None or role.value not in version.filled_by):
        return False
    if who in Role.values and who not in version.filled_by:
        return False
    content = version.content
    titles = [*content.get("title", {}).values(), *content.get("short_title", {}).values()]
    said = folded(" ".join([*titles, text(content.get("purpose"))]))
    return all(word in said for word in folded(words).split())


def _guide(pack: Pack, language: str) -> dict[str, Any]:
    """Return what the page says about the guide: where it is, how many pages it has once it is made."""
    digest = library_kind.guide_digest(pack=pack, programme=None, language=language)
    rendering = Rendering.objects.of_library(digest).first()
    pages = rendering.pages if rendering and rendering.state == RenderingState.READY else 0
    return {"url": f"{reverse('rendering:guide-download', args=[pack.pk])}?lang={language}", "pages": pages}


def library_context(request: SignedInRequest, group: MentoringGroup) -> dict[str, Any]:
    """Return everything that the page shows; search and filters come from the address."""
    pack = group.programme.pack
    role = request.standing.role_in(group.pk)
    language = language_of(request, pack)
    words, who = request.GET.get("q", "").strip()[:100], request.GET.get("for", "")
    tools = Tool.objects.of_pack(pack.pk)
    found = []
    for tool in tools:
        version = tool.current
        if version is not None:
            version.tool = tool
            if _matches(version, words, who, role):
                found.append((version.mandatory, _row(group, version, role, language)))
    options = [("", _("For everyone")), (MINE, _("For me to fill in"))]
    options += [(value, _("For the %(role)s") % {"role": label}) for value, label in Role.choices]
    return {
        "group": group,
        "rail": rail_for(request, group, current="library"),
        "mandatory": [row for is_mandatory, row in found if is_mandatory],
        "optional": [row for is_mandatory, row in found if not is_mandatory],
        "guide": _guide(pack, language),
        "language": language,
        "language_name": language_name(language),
        "languages": [
            Choice(code, _("Blank in: %(language)s") % {"language": language_name(code)}, code == language)
            for code in pack.languages
        ],
        "readers": [Choice(value, label, value == who) for value, label in options],
        "words": words,
        "is_filtered": bool(words or who),
    }
