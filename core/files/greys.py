"""Pictures of more greys than a screen shows, in the greys it does. Imports no Django.

Scanners and instruments write them with 16 or 32 bits, of either byte order, with a sign or as fractions.
"""

import sys
from typing import Any, Final

from PIL import Image, ImageChops, ImageOps, TiffImagePlugin

from core.files.unfit import UnfitError

MANY_GREYS: Final = {"I;16": 2, "I;16L": 2, "I;16N": 2, "I;16B": 2, "I": 4}
"""Modes of grey with more than eight bits, and their bytes per pixel."""
WHITE: Final = 255
MIN_IS_WHITE: Final = 0
BITS: Final = 258
LARGEST_SAMPLE: Final = 341
"""The TIFF tag SMaxSampleValue: the number that is white (black, where the smallest is white)."""
PHOTOMETRIC: Final = 262
SAMPLE_FORMAT: Final = 339
SIGNED: Final = 2
LARGEST: Final = 3.4e38
"""Nearly the largest fraction of 32 bits."""


def read_all_byte_orders() -> None:
    """Let Pillow read the greys that it leaves out, by the names that it has for them.

    A key is: byte order, photometric, sample format, fill order, bits, extra samples.
    """
    for order, sixteen, sign, unsigned, signed in (
        (b"II", "I;16", "I;16S", "I;32N" if sys.byteorder == "little" else "I;32", "I;32S"),
        (b"MM", "I;16B", "I;16BS", "I;32B", "I;32BS"),
    ):
        for photometric in (MIN_IS_WHITE, 1):
            for form, bits, mode, raw in (
                (1, 16, sixteen, sixteen), (1, 32, "I", unsigned), (2, 16, "I", sign), (2, 32, "I", signed),
            ):  # fmt: skip
                TiffImagePlugin.OPEN_INFO.setdefault((order, photometric, (form,), 1, (bits,), ()), (mode, raw))


def _planes(image: Image.Image) -> list[bytes]:
    """Return the bytes of all pixels, the highest first."""
    width = MANY_GREYS[image.mode]
    is_big = image.mode == "I;16B" or (image.mode in {"I", "I;16N"} and sys.byteorder == "big")
    data = image.tobytes()
    planes = [data[at::width] for at in range(width)]
    return planes if is_big else planes[::-1]


def _number(image: Image.Image, tag: int) -> Any:
    value = getattr(image, "tag_v2", {}).get(tag)
    return value[0] if isinstance(value, tuple) and value else value


def _said_white(image: Image.Image) -> int:
    """Return the largest number of a pixel where the file says it: 4095 for twelve bits kept in sixteen; else 0.

    Where nothing says it, the number of bits counts, as for everybody who looks at the file: twelve bits that do not
    say so are as dark here as in any viewer, and the page notes that the picture is dark. To guess from what happens
    to be in a picture would turn a dark photo light.
    """
    said, bits = _number(image, LARGEST_SAMPLE), _number(image, BITS)
    if isinstance(said, int | float) and said > 0:
        return int(said)
    return 2**bits - 1 if isinstance(bits, int) and 8 < bits < 16 else 0  # noqa: PLR2004 -- bits


def _scaled(image: Image.Image, white: int) -> Image.Image | None:
    """Return a picture of whole numbers in eight bits, of which `white` is the lightest; None with other numbers."""
    numbers = image.convert("I")
    bounds: Any = numbers.getextrema()
    if bounds[0] < 0 or bounds[1] > white:
        return None
    return numbers.convert("F").point(lambda value: value * (WHITE / white) + 0).convert("L")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of whole numbers in eight bits: the highest byte in use of each pixel.

    With numbers below nothing it goes from the darkest to the lightest.
    """
    is_signed = _number(image, SAMPLE_FORMAT) == SIGNED
    if is_signed and image.mode == "I" and image.getextrema()[0] < 0:  # type: ignore[operator]
        return _stretched(image.convert("F"))
    white = _said_white(image)
    if white and (scaled := _scaled(image, white)) is not None:
        return scaled
    planes = _planes(image)
    used = 0
    if image.mode == "I":
        used = next((at for at, plane in enumerate(planes) if any(plane)), len(planes) - 1)
    grey = Image.frombytes("L", image.size, planes[used])
    of_the_sign = 2 if _number(image, BITS) == 16 else 0  # noqa: PLR2004 -- bits
    if is_signed and used == of_the_sign:  # one bit less says how light it is
        grey = grey.point(lambda value: min(2 * value, WHITE))
    key = image.info.get("transparency")
    if isinstance(key, int) and len(planes) == 2:  # noqa: PLR2004 -- bytes
        is_clear = ImageChops.darker(*(
            Image.frombytes("L", image.size, plane).point(lambda value, byte=byte: WHITE if value == byte else 0)
            for plane, byte in zip(planes, divmod(key, 256), strict=True)
        ))  # fmt: skip
        grey.paste(WHITE, mask=is_clear)
    return grey


def _stretched(image: Image.Image) -> Image.Image:
    """Return a picture of fractions in eight bits: 0 to 1 as it is meant, else from the darkest to the lightest."""
    bounds: Any = image.getextrema()
    darkest, lightest = float(bounds[0]), float(bounds[1])
    if darkest >= 0 and lightest <= 1:
        darkest, lightest = 0.0, 1.0
    scale = WHITE / (lightest - darkest or 1)
    return image.point(lambda value: value * scale - darkest * scale).convert("L")


def _without_number(image: Image.Image) -> Image.Image:
    """Return where a picture of fractions has no number, or one without end: all bits of the exponent are set."""
    highest, second = _fraction_planes(image)
    return ImageChops.darker(
        highest.point(lambda value: WHITE if value & 0x7F == 0x7F else 0),
        second.point(lambda value: WHITE if value & 0x80 else 0),
    ).convert("1")


def _fraction_planes(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    data = image.tobytes()
    places = (3, 2) if sys.byteorder == "little" else (0, 1)
    highest, second = (Image.frombytes("L", image.size, data[at::4]) for at in places)
    return highest, second


def _from_fractions(image: Image.Image) -> Image.Image:
    """Return a picture of fractions in eight bits, and of the colour of paper where it has none."""
    holes = _without_number(image)
    if holes.getbbox() is None:
        return _stretched(image)

    def filled(value: float) -> Image.Image:
        copy = image.copy()
        copy.paste(value, mask=holes)
        return copy

    if holes.getextrema() == (WHITE, WHITE):  # not one number
        raise UnfitError("other_picture")
    lightest: Any = filled(-LARGEST).getextrema()
    darkest: Any = filled(LARGEST).getextrema()
    is_negative = _number(image, PHOTOMETRIC) == MIN_IS_WHITE
    return _stretched(filled(darkest[0] if is_negative else lightest[1]))


def is_of_many(image: Image.Image) -> bool:
    """Return whether the picture has more greys than a screen shows."""
    return image.mode in MANY_GREYS or image.mode == "F"


def shown(image: Image.Image) -> Image.Image:
    """Return a picture of many greys as a screen shows it.

    Raises:
        UnfitError: `other_picture` when there is not one number in it.
    """
    grey = _from_fractions(image) if image.mode == "F" else _eight_bits(image)
    return ImageOps.invert(grey) if _number(image, PHOTOMETRIC) == MIN_IS_WHITE else grey
