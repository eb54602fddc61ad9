"""Looking at pictures, and turning them into pages. Runs in the child process; imports no Django."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageFilter, ImageOps, ImageStat
from pillow_heif import register_heif_opener

from uploads.intake.kinds import IMAGE_FORMATS, JPEG, TIFF
from uploads.intake.unfit import UnfitError

PREVIEW_SIDE: Final = 900
PAGE_SIDE: Final = 2480
PAGE_QUALITY: Final = 82
ORIENTATION: Final = 0x0112
DARK_BELOW: Final = 80
BLURRED_BELOW: Final = 25
PLAIN_BELOW: Final = 20

register_heif_opener(thumbnails=False)


@dataclass
class ImageFacts:
    """What was seen. `notes`: `upright` (the photo's own turn was undone), `dark`, `blurred`."""

    pages: int
    width: int
    height: int
    notes: list[str] = field(default_factory=list)
    preview: bytes = b""


@contextmanager
def _limit(max_pixels: int) -> Iterator[None]:
    """Let Pillow refuse larger pictures, where it would only warn; its settings are as before afterwards.

    Pillow keeps the limit for the whole process, and others of this process may read pictures too.
    """
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


@contextmanager
def opened(path: str, kind: str, max_pixels: int) -> Iterator[Image.Image]:
    """Open a picture of a known kind and no other.

    Raises:
        UnfitError: `broken`, `too_many_pixels`.
    """
    try:
        with _limit(max_pixels), Image.open(path, formats=(IMAGE_FORMATS[kind],)) as image:
            _check_size(image, max_pixels)
            yield image
    except UnfitError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnfitError("too_many_pixels") from None
    except MemoryError:
        raise UnfitError("too_complicated") from None
    except Exception as error:  # decoders raise what they like: SyntaxError, struct.error, KeyError
        raise UnfitError("broken") from error


def _check_size(image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if width * height > max_pixels:
        raise UnfitError("too_many_pixels")
    if width < 1 or height < 1:
        raise UnfitError("broken")


def frames_of(image: Image.Image, kind: str) -> int:
    """Return how many pages the picture has: a TIFF's frames, else one."""
    return getattr(image, "n_frames", 1) if kind == TIFF else 1


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in grey or RGB on white, without anything but its pixels."""
    if image.mode in {"1", "L", "RGB"}:
        return image.convert("L") if image.mode == "1" else image
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"I", "F"}:
        return image.convert("L")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        ground = Image.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return image.convert("RGB")


def _upright(image: Image.Image, kind: str, side: int) -> Image.Image:
    """Return the current frame upright and at most `side` pixels long."""
    if kind == JPEG:
        image.draft(None, (side, side))  # decodes a photo at a fraction of its size, where that suffices
    image.load()
    turned = _plain(ImageOps.exif_transpose(image))
    turned.thumbnail((side, side), Image.Resampling.LANCZOS)
    return turned


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """Return the pixels as JPEG, with no metadata of any sort."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _seen(preview: Image.Image) -> list[str]:
    """Return what a person should check: too dark to read, or without one sharp edge."""
    grey = preview.convert("L")
    light = ImageStat.Stat(grey)
    notes = []
    if light.mean[0] < DARK_BELOW:
        notes.append("dark")
    edges = grey.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    inner = edges.crop((2, 2, max(grey.width - 2, 3), max(grey.height - 2, 3)))
    if light.stddev[0] > PLAIN_BELOW and ImageStat.Stat(inner).var[0] < BLURRED_BELOW:
        notes.append("blurred")
    return notes


def look(path: str, kind: str, max_pixels: int, max_pages: int) -> ImageFacts:
    """Decode every page of a picture once and make the preview of the first.

    Raises:
        UnfitError: `broken`, `too_many_pixels`, `too_many_pages`, `too_complicated`.
    """
    with opened(path, kind, max_pixels) as image:
        width, height = image.size
        turn = image.getexif().get(ORIENTATION, 1)
        pages = frames_of(image, kind)
        if pages > max_pages:
            raise UnfitError("too_many_pages")
        preview = _upright(image, kind, PREVIEW_SIDE)
        for frame in range(1, pages):
            image.seek(frame)
            _check_size(image, max_pixels)
            image.load()
    if turn in {5, 6, 7, 8}:
        width, height = height, width
    notes = ["upright"] if turn in range(2, 9) else []
    return ImageFacts(pages, width, height, notes + _seen(preview), as_jpeg(preview, 80))


@dataclass
class PageImage:
    """One page of the PDF: JPEG bytes and its size."""

    jpeg: bytes
    width: int
    height: int
    is_grey: bool


def page_images(path: str, kind: str, rotation: int, max_pixels: int, max_pages: int) -> Iterator[PageImage]:
    """Yield the pages of a picture one by one, upright and turned by `rotation` degrees clockwise."""
    with opened(path, kind, max_pixels) as image:
        for frame in range(min(frames_of(image, kind), max_pages)):
            if frame:
                image.seek(frame)
                _check_size(image, max_pixels)
            page = _upright(image, kind, PAGE_SIDE)
            if rotation % 360:
                page = page.rotate(-rotation, expand=True)
            yield PageImage(as_jpeg(page, PAGE_QUALITY), page.width, page.height, page.mode == "L")
