"""A printed document gets signed by hand and comes back as photos of a telephone, or as a PDF of an office scanner.

Nothing here is a picture of somebody's document: the pages are those that the platform made, and the signatures are
drawn from the letters of the names.
"""

import io
import math
import random
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

PHOTO_DPI: Final = 170
SCAN_DPI: Final = 120
INKS: Final = ((26, 42, 110), (18, 30, 74), (32, 32, 38))
EXIF_ORIENTATION: Final = 0x0112
QUARTER_TURN: Final = 6  # the camera lay on its side: viewers turn the picture clockwise
UP: Final = 1
FINE: Final = 3
"""Signatures are drawn this many times larger and then made smaller, so that their lines are smooth."""


def photos(pdf: bytes, names: Sequence[str]) -> Iterator[bytes]:
    """Give each page, signed, as a JPEG that a telephone might have taken: a little askew, in the light of a room."""
    for number, page in enumerate(_signed_pages(pdf, names, PHOTO_DPI)):
        chance = random.Random(number)  # noqa: S311 -- always the same scan
        picture = _on_a_table(_in_the_light(page, chance), chance)
        orientation = QUARTER_TURN if number % 2 else UP
        if orientation == QUARTER_TURN:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = orientation
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=80, exif=exif)
        yield out.getvalue()


def scanned_pdf(pdf: bytes, names: Sequence[str]) -> bytes:
    """Return the signed pages as an office scanner sends them: one PDF of pictures, hardly askew."""
    pages = []
    for number, page in enumerate(_signed_pages(pdf, names, SCAN_DPI)):
        angle = random.Random(number + 7).uniform(-0.5, 0.5)  # noqa: S311 -- always the same scan
        pages.append(page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(252, 252, 250)))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=SCAN_DPI, quality=70)
    return out.getvalue()


def _signed_pages(pdf: bytes, names: Sequence[str], dpi: int) -> Iterator[Image.Image]:
    """Give the pages as pictures, each person's signature above the last place that names them."""
    pypdfium2 = import_module("pypdfium2")  # only the demo programme needs it

    with pypdfium2.PdfDocument(pdf) as document:
        places = _signature_places(document, names)
        for number, page in enumerate(document):
            scale = dpi / 72
            picture = page.render(scale=scale).to_pil().convert("RGB")
            for name, (_number, left, bottom) in places.items():
                if _number == number:
                    where = (round(left * scale), round((page.get_height() - bottom) * scale))
                    _sign(picture, name, where, dpi)
            yield picture


def _signature_places(document: Any, names: Sequence[str]) -> dict[str, tuple[int, float, float]]:
    """Return page, left and lower edge of the last occurrence of each name, in points."""
    places = {}
    for number, page in enumerate(document):
        text = page.get_textpage()
        for name in names:
            search = text.search(name)
            while (found := search.get_next()) is not None:
                left, bottom, _right, _top = text.get_charbox(found[0])
                places[name] = (number, left, bottom)
    return places


def _sign(page: Image.Image, name: str, where: tuple[int, int], dpi: int) -> None:
    """Draw a signature whose lower left corner is a little under `where`."""
    chance = random.Random(name)  # noqa: S311 -- everybody always signs alike
    width, height = round(dpi * 1.7), round(dpi * 0.5)
    sheet = Image.new("L", (width * FINE, height * FINE), 0)
    rights = ImageDraw.Draw(sheet)
    strokes = [_line(chance, width * FINE, height * FINE)]
    if chance.random() > 0.4:  # noqa: PLR2004 -- more than half of all people underline
        strokes.append(_underline(chance, width * FINE, height * FINE))
    for stroke in strokes:
        for (x, y), (next_x, next_y) in zip(stroke, stroke[1:], strict=False):
            # A pen that moves fast leaves less ink.
            thickness = max(2, round(FINE * dpi / 60 - math.hypot(next_x - x, next_y - y) / (6 * FINE)))
            rights.line((x, y, next_x, next_y), fill=235, width=thickness)
            rights.ellipse((x - thickness / 2, y - thickness / 2, x + thickness / 2, y + thickness / 2), fill=235)
    ink = sheet.resize((width, height), Image.Resampling.LANCZOS).rotate(
        chance.uniform(-2, 5), Image.Resampling.BICUBIC, expand=True
    )
    left, bottom = where
    page.paste(chance.choice(INKS), (left, bottom - round(height * 0.15)), mask=ink)


def _line(chance: random.Random, width: int, height: int) -> list[tuple[float, float]]:
    """Return the points of a name written fast: a large first letter, then loops that flatten out."""
    loops, phase = chance.uniform(3, 8), chance.uniform(0, 2 * math.pi)
    slant, tail = chance.uniform(0.1, 0.7), chance.uniform(-0.3, 0.35)
    first, rest, fade = chance.uniform(0.25, 0.42), chance.uniform(0.05, 0.14), chance.uniform(1.5, 5)
    bumps, length = chance.uniform(5, 17), chance.uniform(0.6, 0.84)
    points = []
    for step in range(420):
        along = step / 419
        size = first * math.exp(-fade * along) + rest * (1 + 0.8 * math.sin(bumps * along + phase))
        turn = 2 * math.pi * loops * along**0.9 + phase
        y = height * (0.55 - size * math.sin(turn) + tail * along**3)
        x = width * (0.06 + length * along + 0.05 * math.cos(turn + slant)) - slant * (y - height / 2)
        points.append((x, y))
    return points


def _underline(chance: random.Random, width: int, height: int) -> list[tuple[float, float]]:
    start, end, rise = chance.uniform(0.1, 0.3), chance.uniform(0.7, 0.95), chance.uniform(0.02, 0.12)
    return [
        (width * (start + (end - start) * t / 60), height * (0.88 - rise * math.sin(math.pi * t / 60)))
        for t in range(61)
    ]


def _in_the_light(page: Image.Image, chance: random.Random) -> Image.Image:
    """Return the page as a camera sees paper: warm, darker towards one edge, not quite sharp, a little grainy."""
    width, height = page.size
    angle = chance.uniform(0, 360)
    # Turned first, then cut from the middle, so that no corner of the gradient shows.
    shade = Image.linear_gradient("L").rotate(angle, Image.Resampling.BICUBIC).crop((64, 64, 192, 192))
    shade = shade.resize((width, height), Image.Resampling.BICUBIC).point(lambda value: 196 + value * 52 // 255)
    lit = ImageChops.multiply(page, Image.merge("RGB", [shade] * 3))
    lit = ImageChops.multiply(lit, Image.new("RGB", page.size, (255, 250, 238)))
    grain = Image.effect_noise((width // 2, height // 2), 14).resize(page.size)
    lit = Image.blend(lit, Image.merge("RGB", [grain] * 3), 0.035)
    return lit.filter(ImageFilter.GaussianBlur(0.6))


def _on_a_table(page: Image.Image, chance: random.Random) -> Image.Image:
    """Return the page lying on a dark table, slightly turned."""
    width, height = page.size
    margin = width // 14
    table = Image.effect_noise((width + 2 * margin, height + 2 * margin), 22).point(lambda value: 34 + value // 7)
    picture = Image.merge("RGB", [table.point(lambda value, tint=tint: min(255, value + tint)) for tint in (26, 14, 4)])
    angle = chance.choice((-1, 1)) * chance.uniform(0.8, 2.2)
    turned = page.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    mask = Image.new("L", page.size, 255).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    corner = ((picture.width - turned.width) // 2, (picture.height - turned.height) // 2)
    shadow = mask.filter(ImageFilter.GaussianBlur(9)).point(lambda value: value * 2 // 5)
    picture.paste((0, 0, 0), (corner[0] + 6, corner[1] + 9), mask=shadow)
    picture.paste(turned, corner, mask=mask)
    return picture
