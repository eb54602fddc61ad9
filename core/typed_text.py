"""Text as people type and paste it: one form of it is stored."""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Bringing the marks above one letter into order takes the square of their number; no script needs so many (UAX 15).
_MOST_MARKS = 30
_HIDDEN_MARKS = "\u0f73\u0f75\u0f81"  # letters that come apart into nothing but marks
_MANY_BLANK_LINES = re.compile(r"\n{4,}")
# Marks that turn the direction of what follows: in one line they let a name rewrite the sentence around it (UAX 9).
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


# Characters that count as letters or symbols, and of which nothing is seen.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_UNSEEN = {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"}


def _is_seen(text: str) -> bool:
    """Return whether there is anything to see in a text."""
    return any(each not in _BLANK and unicodedata.category(each) not in _UNSEEN for each in text)


def _is_kept(character: str) -> bool:
    if character in "\n\t":
        return True
    code = ord(character)
    # Control characters, halves of pairs, and the code points that never mean anything.
    is_nothing = (code & 0xFFFE) == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not is_nothing and unicodedata.category(character) not in {"Cc", "Cs"}


def storable(value: str) -> str:
    """Return `value` as typed, without what a database or a PDF cannot hold; line ends become one kind."""
    kept, marks = [], 0
    for character in filter(_is_kept, _LINE_ENDS.sub("\n", value)):
        marks = marks + 1 if unicodedata.combining(character) or character in _HIDDEN_MARKS else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def clean_text(value: str, *, lines: bool) -> str:
    """Return the text composed (NFC), without control characters, without empty space around it.

    One of which nothing is seen is empty.

    Args:
        lines: keep line breaks; else they become spaces, and marks of writing direction go.
    """
    text = unicodedata.normalize("NFC", storable(value))
    if not _is_seen(text):
        return ""
    if not lines:
        return " ".join(_DIRECTION_MARKS.sub("", text).split())
    text = "\n".join(line.rstrip() for line in text.replace("\t", "    ").split("\n"))
    return _MANY_BLANK_LINES.sub("\n\n\n", text).strip("\n").strip()
