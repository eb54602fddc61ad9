"""Split the extended Latin of the page's typeface: what Europe's languages write, and the rest.

A page with Lithuanian, Polish or Turkish names needs a third of the file that the package has for all extended Latin;
`frontend/scss/_fonts.scss` names both halves, and a browser fetches only the one it meets characters of.
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules/@fontsource-variable/commissioner/files/commissioner-latin-ext-wght-normal.woff2"
TARGET = ROOT / "static" / "build" / "fonts"
# The same as in _fonts.scss: Latin Extended-A, Romanian, what combines, currencies.
EUROPE = {*range(0x0100, 0x0180), *range(0x0218, 0x021C), 0x0304, 0x0308, 0x0329, 0x2113, *range(0x20A0, 0x20AC)}


def write(name: str, characters: set[int]) -> None:
    """Write a part of the typeface as `commissioner-NAME.woff2`."""
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    font = TTFont(SOURCE)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(TARGET / f"commissioner-{name}.woff2")


def main() -> None:
    """Write both halves."""
    known = set(TTFont(SOURCE).getBestCmap())
    write("latin-europe", known & EUROPE)
    write("latin-rest", known - EUROPE)


if __name__ == "__main__":
    main()
