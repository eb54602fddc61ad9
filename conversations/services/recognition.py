"""What a handed-in file is: known by our own number or code in it, by its name, or not at all."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from conversations.models import Attachment, Post
from core.policy.roles import Action
from documents.models import Document
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from tools.models import ToolVersion
from tools.subjects import about
from uploads import choices
from uploads.intake.attached import words_in

if TYPE_CHECKING:
    from accounts.models import User

_CODE: Final = re.compile(r"\b([2-9A-HJKMNP-Z]{4})[\s\u00a0-]?([2-9A-HJKMNP-Z]{4})[\s\u00a0-]?([2-9A-HJKMNP-Z]{4})\b")
_BETWEEN: Final = re.compile(r"[\W_]+")
MOST_MARKS: Final = 40


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a paper is, and what it is about, as far as that is known."""

    tool_version: ToolVersion | None = None
    subject: "User | None" = None
    session_key: str = ""
    session_title: dict[str, Any] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether nothing has to be asked: who has signed only a person sees."""
        version = self.tool_version
        if version is None or version.signed_by:
            return False
        needs = about(version)
        return (not needs.roles or self.subject is not None) and (not needs.needs_session or bool(self.session_key))


def recognise(post: Post, files: Sequence[Attachment], by: "User") -> Recognised:
    """Return what these files of a post of a group's board are: never anything that `by` may not add or read."""
    group, standing = post.topic.board.group, Standing.of(by)
    if group is None:
        return Recognised()
    tools = choices.tools(group, standing)
    document = _document_in(files, group, standing)
    if document is not None:
        version = next((each for each in tools if each.tool_id == document.tool_version.tool_id), None)
        if version is not None:
            return Recognised(version, document.subject, document.session_key, document.session_title)
    version = named_tool([each.name for each in files], tools)
    return _about(version, post, group, by) if version is not None else Recognised()


def _document_in(files: Sequence[Attachment], group: MentoringGroup, standing: Standing) -> Document | None:
    """Return the one document of the group, read by the person, whose number or code stands in a single PDF."""
    if len(files) != 1 or not files[0].is_pdf:
        return None
    words = words_in(files[0].file)
    numbers = set(re.findall(rf"{re.escape(group.programme.code)}-\d{{4}}-\d{{4,8}}", words))
    codes = {"".join(found) for found in _CODE.findall(words)}
    if not numbers and not codes:
        return None
    marks = Q(number__in=sorted(numbers)[:MOST_MARKS]) | Q(check_code__in=sorted(codes)[:MOST_MARKS])
    there = Document.objects.allowing(standing, Action.VIEW).in_folders_of(group).filter(marks)
    found = list(there.select_related("tool_version", "subject")[:2])
    return found[0] if len(found) == 1 else None


def _plain(words: str) -> str:
    """Return words as they are compared: small letters and figures without accents, with single blanks."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return f" {_BETWEEN.sub(' ', bare).strip()} "


def named_tool(names: Sequence[str], tools: Sequence[ToolVersion]) -> ToolVersion | None:
    """Return the tool whose title, in any language, stands in a file's name: the longest title; None where two do."""
    found: dict[int, int] = {}
    for tool in tools:
        titles: set[str] = set()
        for said in ("title", "short_title"):
            by_language = tool.content.get(said)
            titles |= set(by_language.values()) if isinstance(by_language, dict) else set()
        spoken = [_plain(title) for title in titles if title]
        plain_names = [_plain(name.rpartition(".")[0] or name) for name in names]
        lengths = [len(title) for title in spoken for name in plain_names if title in name]
        if lengths:
            found[tool.pk] = max(lengths)
    best = [key for key, length in found.items() if length == max(found.values())]
    return next(each for each in tools if each.pk == best[0]) if len(best) == 1 else None


def _about(version: ToolVersion, post: Post, group: MentoringGroup, by: "User") -> Recognised:
    """Return whom and what it is about where there is one answer: a Mentee hands in what is about them."""
    people = choices.subjects(group, version)
    own = next((each for each in people if each.pk == post.author_id), None)
    subject = own or (people[0] if len(people) == 1 else None)
    sessions = choices.session_choices(group, version, by)
    if len(sessions) == 1:
        return Recognised(version, subject, sessions[0].key, sessions[0].title)
    return Recognised(version, subject)
