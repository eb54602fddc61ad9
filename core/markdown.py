"""Markdown as HTML: a short list of harmless tags, nothing else. Of packs, and of what people write on the boards."""

import re
from functools import lru_cache
from typing import Any, Final
from xml.etree.ElementTree import Element

import markdown
import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote"}
ATTRIBUTES = {"a": {"href"}}


def to_html(text: str) -> SafeString:
    """Return the text as HTML; raw HTML, scripts, styles, pictures, and links other than https and mailto vanish."""
    html = markdown.markdown(text, output_format="html")
    cleaned = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "mailto"}, link_rel="noopener noreferrer"
    )
    return mark_safe(cleaned)  # noqa: S308 -- cleaned just above


# --- what people write ------------------------------------------------------------------------------------------------

DEEPEST: Final = 6
"""Levels of quotes and lists within each other; the parser calls itself once for each."""
_POST_TAGS: Final = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "span"}
_OWN_DIRECTION: Final = {tag: {"dir": "auto"} for tag in ("p", "li", "blockquote")}
_POST_CLEANER: Final = nh3.Cleaner(
    tags=_POST_TAGS,
    attributes={"a": {"href"}},
    tag_attribute_values={"span": {"class": {"mention"}}},
    set_tag_attribute_values=_OWN_DIRECTION,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)
_UNUSED: Final = (
    ("inlinePatterns", ("link", "image_link", "image_reference", "short_image_ref", "reference", "short_reference",
                        "html", "automail", "autolink")),
    ("preprocessors", ("html_block",)),
    ("parser.blockprocessors", ("code", "hashheader", "setextheader", "hr", "reference")),
)  # fmt: skip
"""What a post does without: raw HTML, pictures, headings that would break the page's own, links defined elsewhere, and
blocks of code that a line begins by being indented."""
_ADDRESS: Final = r"""(?<![\w/@.])(https?://[^\s<>"'\x00-\x1f\u0002\u0003]{1,2000})"""
_LINK: Final = r"""\[([^\[\]\n\x02\x03]{1,300})\]\(((?:https?://|mailto:|/(?![/\\]))[^\s()<>"'\x00-\x1f]{1,2000})\)"""
_CLOSING: Final = ".,;:!?)]}*_'\u201d\u2019\u00bb"
_LIST_ITEM: Final = re.compile(r" {0,3}(?:[-*+]|\d+\.) ")
_LEVEL: Final = re.compile(r" {0,3}(?:>|(?:[-*+]|\d+\.)[ \t]+)|(?: {2,4}|\t)")
"""As wide as the parser takes them: any number of blanks after the mark, a number of any length."""
_KEPT: Final = 2_000
"""Characters of a text up to which its HTML is kept: what all processes keep stays small, whatever people write."""


class _Address(InlineProcessor):
    """An address that stands in the text becomes a link; the full stop after it does not belong to it."""

    def handleMatch(self, m: "re.Match[str]", data: str) -> Any:  # type: ignore[override]  # noqa: ARG002, N802
        """Return the link, and where the text goes on."""
        url = m[1].rstrip(_CLOSING)
        if url.count("(") > url.count(")") and m[1][len(url) : len(url) + 1] == ")":
            url += ")"
        if len(url) <= len("https://"):
            return None, None, None
        link = Element("a", {"href": url})
        link.text = AtomicString(url)
        return link, m.start(0), m.start(0) + len(url)


class _Link(InlineProcessor):
    """`[words](address)`: to a page of ours or elsewhere."""

    def handleMatch(self, m: "re.Match[str]", data: str) -> Any:  # type: ignore[override]  # noqa: ARG002, N802
        """Return the link."""
        link = Element("a", {"href": m[2]})
        link.text = AtomicString(m[1])
        return link, m.start(0), m.end(0)


class _Name(InlineProcessor):
    """A name after an `@` that belongs to a member of the board."""

    def handleMatch(self, m: "re.Match[str]", data: str) -> Any:  # type: ignore[override]  # noqa: ARG002, N802
        """Return the name, marked."""
        name = Element("span", {"class": "mention"})
        name.text = AtomicString(m[0])
        return name, m.start(0), m.end(0)


class _ListsAfterText(Preprocessor):
    """A list may follow a line of text at once, as people type it; the parser wants an empty line between."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines, with an empty one before each list."""
        found: list[str] = []
        for line in lines:
            before = found[-1] if found else ""
            is_item = _LIST_ITEM.match(line) and not line.lstrip().startswith(("**", "__"))
            if is_item and before.strip() and not _LIST_ITEM.match(before) and not before.startswith((" ", "\t", ">")):
                found.append("")
            found.append(line)
        return found


def _parser(names: tuple[str, ...]) -> markdown.Markdown:
    parser = markdown.Markdown(extensions=["nl2br", "sane_lists"], output_format="html")
    for registry, unused in _UNUSED:
        place: Any = parser
        for part in registry.split("."):
            place = getattr(place, part)
        for name in unused:
            place.deregister(name)
    parser.preprocessors.register(_ListsAfterText(parser), "lists_after_text", 15)
    parser.inlinePatterns.register(_Address(_ADDRESS, parser), "address", 165)
    parser.inlinePatterns.register(_Link(_LINK, parser), "own_link", 172)
    if names:
        said = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        parser.inlinePatterns.register(_Name(rf"(?<![\w@/.])@(?:{said})(?!\w)", parser), "name", 170)
    return parser


def is_too_deep(text: str) -> bool:
    """Return whether quotes and lists stand deeper in each other than `DEEPEST`."""
    for line in text.split("\n"):
        depth, at = 0, 0
        while step := _LEVEL.match(line, at):
            depth, at = depth + 1, step.end()
            if depth > DEEPEST * 2 or (step[0].strip() == ">" and line[:at].count(">") > DEEPEST):
                return True
    return False


_LINK_WORDS: Final = re.compile(rf"!?{_LINK}")
_LINE_MARKS: Final = re.compile(r"^[ \t]*(?:(?:>|[-*+]|\d{1,9}\.|#{1,6})[ \t]+|>[ \t]*)+", re.MULTILINE)
_INLINE_MARKS: Final = re.compile(r"(?<!\w)[*_`~]+|[*`~]+|_+(?!\w)")


def plain(text: str) -> str:
    """Return what a person wrote without its marks: of a link its words."""
    return _INLINE_MARKS.sub("", _LINE_MARKS.sub("", _LINK_WORDS.sub(r"\1", text))).strip()


def post_to_html(text: str, names: tuple[str, ...] = ()) -> SafeString:
    """Return what a person wrote as HTML; raw HTML stays the text that it is, and nothing is fetched from elsewhere.

    Every paragraph goes in the direction of its own script. A text that the parser cannot follow is shown as it was
    typed: no post may close the page it stands on.

    Args:
        names: after an `@` in the text, the people that it names.
    """
    try:
        return _kept(text, names) if len(text) <= _KEPT else _converted(text, names)
    except RecursionError:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 -- escaped there


def _converted(text: str, names: tuple[str, ...]) -> SafeString:
    cleaned = _POST_CLEANER.clean(_parser(names).convert(text))
    return mark_safe(cleaned)  # noqa: S308 -- cleaned just above


_kept = lru_cache(maxsize=512)(_converted)
