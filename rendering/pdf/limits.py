"""What a document may hold, and how texts are cut so that the layout engine stays quick.

Measured: plain text costs a tenth of a second per page, but one paragraph of 20,000 words costs five, 50,000 line
breaks minutes, and a pile of combining marks never ends.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.pdf.errors import TooLargeError

MAX_CHARACTERS: Final = 200_000
MAX_LINES: Final = 4_000
MAX_ROWS: Final = 500
MAX_DEPTH: Final = 6
MAX_PAGES: Final = 120
PARAGRAPH: Final = 2_500
WORD: Final = 60
MARKS: Final = 8
_LONG_WORD: Final = re.compile(rf"\S{{{WORD + 1},}}")
# Control characters (but not tab and line feed), lone surrogates and non-characters have no place in a PDF.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BREAK: Final = "\u200b"
_JOINT: Final = re.compile(r"[/.]+(?=[^/.\s])")


@dataclass
class _Amount:
    characters: int = 0
    lines: int = 0
    rows: int = 0


def check_size(answers: Any) -> None:
    """Refuse answers that are more than a document holds.

    Raises:
        TooLargeError: with a sentence that says what is too large and how large it may be.
    """
    amount = _Amount()
    _add(answers, amount, depth=0)
    if amount.characters > MAX_CHARACTERS:
        raise TooLargeError(
            _("The answers have %(n)s characters together; a document holds %(max)s. Shorten the longest text.")
            % {"n": amount.characters, "max": MAX_CHARACTERS}
        )
    if amount.lines > MAX_LINES:
        raise TooLargeError(
            _("The answers have %(n)s lines together; a document holds %(max)s. Take empty lines out.")
            % {"n": amount.lines, "max": MAX_LINES}
        )
    if amount.rows > MAX_ROWS:
        raise TooLargeError(
            _("The tables have %(n)s rows together; a document holds %(max)s.") % {"n": amount.rows, "max": MAX_ROWS}
        )


def check_pages(pages: int) -> None:
    """Refuse a document of too many pages.

    Raises:
        TooLargeError: with a sentence that says so.
    """
    if pages > MAX_PAGES:
        raise TooLargeError(
            ngettext(
                "The document would have %(n)s page; at most %(max)s are allowed.",
                "The document would have %(n)s pages; at most %(max)s are allowed.",
                pages,
            )
            % {"n": pages, "max": MAX_PAGES}
        )


def _add(value: Any, amount: _Amount, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise TooLargeError(_("The answers are nested too deeply."))
    if isinstance(value, str):
        amount.characters += len(value)
        amount.lines += value.count("\n") + 1
    elif isinstance(value, dict):
        for child in value.values():
            _add(child, amount, depth + 1)
    elif isinstance(value, list):
        amount.rows += sum(isinstance(child, dict) for child in value)
        for child in value:
            _add(child, amount, depth + 1)


def clean(text: str) -> str:
    """Return `text` as it can be set: without control characters, long words and piles of marks made breakable."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _LONG_WORD.sub(lambda match: _breakable(match[0]), text)
    return text if text.isascii() else _marks_apart(text)


def _breakable(word: str) -> str:
    return BREAK.join(word[i : i + WORD] for i in range(0, len(word), WORD))


def breaks_between_words(text: str) -> str:
    """Return a text whose links break after a slash or a dot in a narrow column, not inside a word."""
    return _JOINT.sub(lambda found: f"{found[0]}{BREAK}", text) if "://" in text else text


def _marks_apart(text: str) -> str:
    """Begin a new cluster after some combining marks in a row."""
    parts: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MARKS:
            parts.append(BREAK)
            run = 1
        parts.append(char)
    return "".join(parts)


def paragraphs(text: str) -> list[list[str]]:
    """Return the paragraphs of a text, each as its lines; a very long one is cut at spaces.

    A blank line ends a paragraph.
    """
    found: list[list[str]] = []
    for block in re.split(r"\n[ \t]*\n\s*", clean(text).strip()):
        lines: list[str] = []
        length = 0
        for line in block.split("\n"):
            for piece in _pieces(line.strip()):
                if lines and length + len(piece) > PARAGRAPH:
                    found.append(lines)
                    lines, length = [], 0
                lines.append(piece)
                length += len(piece)
        if any(lines):
            found.append(lines)
    return found


def _pieces(line: str) -> list[str]:
    """Return a line cut at spaces into pieces that are quick to set."""
    pieces: list[str] = []
    while len(line) > PARAGRAPH:
        cut = line.rfind(" ", PARAGRAPH // 2, PARAGRAPH)
        cut = cut if cut > 0 else PARAGRAPH
        pieces.append(line[:cut])
        line = line[cut:].lstrip()
    return [*pieces, line]
