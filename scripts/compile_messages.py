"""Compile translation files: `python scripts/compile_messages.py FILE.po …`; needs no gettext programs."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

for name in sys.argv[1:]:
    source = Path(name)
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    target = source.with_suffix(".mo")
    partial = target.with_suffix(".mo.part")
    with partial.open("wb") as file:
        write_mo(file, catalog)
    partial.replace(target)
