"""Build the typefaces of our PDFs: Commissioner in two weights, out of the browser's subsets.

Browsers get small variable subsets; PDFs need whole static fonts, so that a word such as “Žydrūnė” or “Щъркел” is
set by one font and keeps its kerning and its Bulgarian forms. Everything comes from the locked npm package.
"""

import logging
import math
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph as TTGlyph
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@fontsource-variable" / "commissioner"
TARGET = ROOT / "rendering" / "pdf" / "fonts"
SUBSETS = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek")
WEIGHTS = {400: "Regular", 600: "SemiBold"}
# Tables that only variable fonts need, or that cannot be merged and are not used in a PDF.
DROPPED = ("DSIG", "STAT", "MVAR", "HVAR", "avar", "meta", "gasp", "prep", "fpgm", "cvt ", "GDEF_var")


def instance(subset: str, weight: int, folder: Path) -> Path:
    """Write one subset in one weight as a static TrueType file."""
    font = TTFont(SOURCE / "files" / f"commissioner-{subset}-wght-normal.woff2")
    font.flavor = None
    font = instantiateVariableFont(font, {"wght": weight})
    for table in DROPPED:
        if table in font:
            del font[table]
    path = folder / f"{subset}-{weight}.ttf"
    font.save(path)
    return path


def _circle(rights: TTGlyphPen, centre: tuple[float, float], radius: float, *, is_hole: bool = False) -> None:
    """Draw a circle of eight quadratic arcs; a hole runs the other way round."""
    turn, reach = math.tau / 8, radius / math.cos(math.tau / 16)
    places = range(8) if is_hole else range(8, 0, -1)
    on = [(centre[0] + radius * math.cos(turn * i), centre[1] + radius * math.sin(turn * i)) for i in places]
    half = 0.5 if is_hole else -0.5
    off = [
        (centre[0] + reach * math.cos(turn * (i + half)), centre[1] + reach * math.sin(turn * (i + half)))
        for i in places
    ]
    rights.moveTo(on[0])
    for i, control in enumerate(off):
        rights.qCurveTo(control, on[(i + 1) % 8])
    rights.closePath()


def _polygon(rights: TTGlyphPen, *points: tuple[float, float]) -> None:
    rights.moveTo(points[0])
    for point in points[1:]:
        rights.lineTo(point)
    rights.closePath()


def _box(rights: TTGlyphPen, low: float, high: float, side: float) -> None:
    """Draw the frame of a box to tick."""
    _polygon(rights, (low, low), (low, high), (high, high), (high, low))
    inner, outer = low + side, high - side
    _polygon(rights, (inner, inner), (outer, inner), (outer, outer), (inner, outer))


def _marks(size: int) -> dict[int, TTGlyph]:
    """Draw the marks of answers, which Commissioner lacks: open and filled circle, empty and crossed box."""
    low, high, side = -0.08 * size, 0.72 * size, 0.06 * size
    centre, radius = (0.44 * size, 0.32 * size), 0.38 * size
    drawn = {}
    for code in (0x25CB, 0x25CF, 0x2610, 0x2612):
        rights = TTGlyphPen(None)
        if code in {0x25CB, 0x25CF}:
            _circle(rights, centre, radius)
            if code == 0x25CB:
                _circle(rights, centre, radius - side, is_hole=True)
        else:
            _box(rights, low + side, high + side, side)
        if code == 0x2612:
            near, far = low + 0.22 * size, high - 0.1 * size
            for one, two in ((near, far), (far, near)):
                step = side * 0.8 if two > one else -side * 0.8
                _polygon(rights, (near, one), (near, one + abs(step)), (far, two + abs(step)), (far, two))
        drawn[code] = rights.glyph()
    return drawn


def add_marks(font: TTFont) -> None:
    """Put the marks of answers into the font, so that every form is set from it alone."""
    size = font["head"].unitsPerEm
    order = font.getGlyphOrder()
    for code, glyph in _marks(size).items():
        glyph_name = f"uni{code:04X}"
        order.append(glyph_name)
        font["glyf"].glyphs[glyph_name] = glyph
        font["hmtx"].metrics[glyph_name] = (round(0.9 * size), 0)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = glyph_name
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    for glyph_name in order[-4:]:
        font["glyf"][glyph_name].recalcBounds(font["glyf"])
        font["hmtx"].metrics[glyph_name] = (round(0.9 * size), font["glyf"][glyph_name].xMin)


def name(font: TTFont, weight: int) -> None:
    """Give the merged font one family name and the weight that fontconfig reads."""
    style = WEIGHTS[weight]
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in {0, 13, 14}]
    for number, text in {
        1: "Commissioner" if weight == 400 else f"Commissioner {style}",
        2: "Regular",
        4: f"Commissioner {style}",
        6: f"Commissioner-{style}",
        16: "Commissioner",
        17: style,
    }.items():
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsType = 0


def build() -> None:
    """Write `Commissioner-<style>.ttf` for each weight, with the licence beside them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight, style in WEIGHTS.items():
        with tempfile.TemporaryDirectory() as folder:
            parts = [instance(subset, weight, Path(folder)) for subset in SUBSETS]
            merged = Merger().merge([str(part) for part in parts])
        add_marks(merged)
        name(merged, weight)
        merged.save(TARGET / f"Commissioner-{style}.ttf")
    (TARGET / "LICENSE").write_bytes((SOURCE / "LICENSE").read_bytes())


if __name__ == "__main__":
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    if not SOURCE.is_dir():
        sys.exit("The front-end packages are not installed yet: npm ci")
    build()
