"""The closed list of `{{ group.name }}`-like names in a pack's texts, replaced by plain words."""

import re
from collections.abc import Mapping
from typing import Final

from core.packs import PLACEHOLDERS
from documents.pdf.limits import clean

_TOKEN: Final = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
GAP: Final = "…………………………"


def substitute(said: str, values: Mapping[str, str]) -> str:
    """Return `said` with the placeholders replaced; one without a value becomes a dotted gap to write on.

    The result is text, escaped by the template like any other.
    """
    return _TOKEN.sub(lambda match: clean(values.get(match[1], "")) or GAP if match[1] in PLACEHOLDERS else "", said)
