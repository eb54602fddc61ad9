"""Looking at pictures, and turning them into pages. Runs in the child process; imports no Django."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageFilter, ImageStat, TiffImagePlugin, UnidentifiedImageError
from pillow_heif import register_heif_opener

from core.files import greys
from core.files.kinds import IMAGE_FORMATS, JPEG, PNG, TIFF
from core.files.unfit import UnfitError

PREVIEW_SIDE: Final = 900
PAGE_SIDE: Final = 2480
PAGE_QUALITY: Final = 82
ORIENTATION: Final = 0x0112
DARK_BELOW: Final = 80
BLURRED_BELOW: Final = 25
PLAIN_BELOW: Final = 20

register_heif_opener(thumbnails=False)
greys.read_all_byte_orders()


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
        UnfitError: `broken`, `too_many_pixels`, `other_picture`.
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
    except (UnidentifiedImageError, SyntaxError) as error:
        raise UnfitError("other_picture" if kind == TIFF and _is_whole_tiff(path) else "broken") from error
    except Exception as error:  # decoders raise what they like: SyntaxError, struct.error, KeyError
        raise UnfitError("broken") from error


_SIZE: Final = (256, 257)
_STRIPS: Final = ((273, 279), (324, 325))
"""Where the strips or tiles of a TIFF begin, and how long each is."""


def _is_whole_tiff(path: str) -> bool:
    """Return whether a TIFF that cannot be read is all there: then it is of a kind that nobody here reads."""
    try:
        with open(path, "rb") as file, warnings.catch_warnings():  # noqa: PTH123 -- a plain path in a small process
            warnings.simplefilter("error")  # which Pillow gives where tags are missing
            tags = TiffImagePlugin.ImageFileDirectory_v2(file.read(8))
            file.seek(tags.next)
            tags.load(file)
            end = file.seek(0, 2)
            places = next((each for each in _STRIPS if each[0] in tags), None)
            if places is None or any(tag not in tags for tag in _SIZE):
                return False
            begin, length = (tags.get(tag, ()) for tag in places)
            return all(at + long <= end for at, long in zip(begin, length, strict=True))
    except Exception:  # noqa: BLE001 -- of a damaged file anything may be said
        return False


def _check_size(image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if width * height > max_pixels:
        raise UnfitError("too_many_pixels")
    if width < 1 or height < 1:
        raise UnfitError("broken")


def frames_of(image: Image.Image, kind: str) -> int:
    """Return how many pages the picture has: a TIFF's frames, else one."""
    return getattr(image, "n_frames", 1) if kind == TIFF else 1


def has_clear_parts(image: Image.Image) -> bool:
    """Return whether the picture has transparent parts."""
    return image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in grey or RGB on white, without anything but its pixels."""
    if greys.is_of_many(image):
        return greys.shown(image)
    if has_clear_parts(image):
        clear = image.convert("RGBA")
        ground = Image.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return image.convert("RGB")


_PER_STEP: Final = {"L;2": 85, "L;4": 17}
"""Of how many of our greys a step of a PNG with fewer greys is."""


def _read_clear_colour(image: Image.Image) -> None:
    """Say the clear colour of a PNG in the numbers of the pixels as they are read. Before they are loaded."""
    key = image.info.get("transparency")
    tiles = getattr(image, "tile", [])
    raw = str(tiles[0][3]) if tiles else ""
    if isinstance(key, int) and raw in _PER_STEP:
        image.info["transparency"] = key * _PER_STEP[raw]
    elif isinstance(key, tuple) and raw == "RGB;16B":  # of which the upper bytes are read
        image.info["transparency"] = tuple(value >> 8 for value in key)


TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What brings a picture upright, by the orientation that its camera noted (Exif 2.3, table 4.6.4)."""


def turn_of(image: Image.Image) -> int:
    """Return the orientation that the camera noted; 1 when it noted none, or nothing that can be read."""
    try:
        noted = image.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 -- a word of the camera that cannot be read costs no photo
        return 1
    return noted if noted in TURNS else 1


SQUARE_ENOUGH: Final = 1.2
STRETCHED_AT_MOST: Final = 4


def _as_seen(image: Image.Image, density: tuple[float, float], kind: str) -> Image.Image:
    """Return a fax with square pixels: its lines lie twice as far apart as its dots (204 to 98 per inch)."""
    across, down = (float(each or 0) for each in density)
    if kind != TIFF or across <= 0 or down <= 0:
        return image
    ratio = max(across, down) / min(across, down)
    if not SQUARE_ENOUGH < ratio <= STRETCHED_AT_MOST:
        return image
    width, height = image.size
    size = (width, round(height * ratio)) if across > down else (round(width * ratio), height)
    return image.resize(size, Image.Resampling.BICUBIC)


def upright(image: Image.Image, kind: str, side: int) -> Image.Image:
    """Return the current frame in grey or RGB, upright and at most `side` pixels long."""
    if kind == JPEG:
        image.draft(None, (side, side))  # decodes a photo at a fraction of its size, where that suffices
    if kind == PNG:
        _read_clear_colour(image)
    image.load()
    turn = TURNS.get(turn_of(image))
    seen = _as_seen(_plain(image), image.info.get("dpi", (0, 0)), kind)
    turned = seen.transpose(turn) if turn is not None else seen
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
        turn = turn_of(image)
        pages = frames_of(image, kind)
        if pages > max_pages:
            raise UnfitError("too_many_pages")
        preview = upright(image, kind, PREVIEW_SIDE)
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
            page = upright(image, kind, PAGE_SIDE)
            if rotation % 360:
                page = page.rotate(-rotation, expand=True)
            yield PageImage(as_jpeg(page, PAGE_QUALITY), page.width, page.height, page.mode == "L")


SHARED_SIDE: Final = 3000
SHARED_QUALITY: Final = 88
LARGEST_PNG: Final = 6 * 1024 * 1024


def shared(path: str, kind: str, max_pixels: int) -> tuple[bytes, str, int, int]:
    """Return a picture drawn anew for others, upright and without metadata: bytes, kind, width and height.

    What is drawn (PNG: a screenshot, a scheme) stays sharp as PNG, unless that is larger than a photo.
    """
    with opened(path, kind, max_pixels) as image:
        seen = upright(image, kind, SHARED_SIDE)
        if kind == PNG:
            bare = Image.new(seen.mode, seen.size)
            bare.paste(seen)
            out = io.BytesIO()
            bare.save(out, "PNG")
            if out.tell() <= LARGEST_PNG:
                return out.getvalue(), PNG, seen.width, seen.height
        return as_jpeg(seen, SHARED_QUALITY), JPEG, seen.width, seen.height


def frames_in(path: str, kind: str, max_pixels: int) -> int:
    """Return how many pages a picture has."""
    with opened(path, kind, max_pixels) as image:
        return frames_of(image, kind)


THUMBNAIL_SIDE: Final = 320


def thumbnail(path: str, kind: str, max_pixels: int) -> bytes:
    """Return the picture small, as JPEG."""
    with opened(path, kind, max_pixels) as image:
        return as_jpeg(upright(image, kind, THUMBNAIL_SIDE), 78)


def first_page(path: str) -> bytes:
    """Return the first page of a PDF small, as JPEG.

    Raises:
        UnfitError: `broken`.
    """
    import pypdfium2  # noqa: PLC0415 -- takes a while to load

    try:
        with pypdfium2.PdfDocument(path) as pdf:
            page = pdf[0]
            drawn = page.render(scale=THUMBNAIL_SIDE / max(*page.get_size(), 1)).to_pil().convert("RGB")
            return as_jpeg(drawn, 78)
    except pypdfium2.PdfiumError as error:
        raise UnfitError("broken") from error
