"""Odd pictures come out as a person sees them, or are refused in words; never a white page, never a blocked process."""

import io
import resource
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image, TiffImagePlugin

from accounts.models import User
from accounts.services import PhotoError, portrait
from core.files import greys, images
from core.files.kinds import PNG, TIFF
from core.files.unfit import UnfitError
from tests.cases import files
from tests.cast import World
from uploads.intake.receiving import received

AsUser = Callable[[User], Client]
LIMIT = 60_000_000


def seen(data: bytes, kind: str, tmp_path: Path) -> Image.Image:
    """Return the page that becomes of a picture."""
    path = tmp_path / "picture"
    path.write_bytes(data)
    (page,) = images.page_images(str(path), kind, 0, LIMIT, 1)
    return Image.open(io.BytesIO(page.jpeg))


def steps(image: Image.Image, count: int = 16) -> list[int]:
    """Return the greys along the middle of the picture."""
    grey = image.convert("L")
    return [int(grey.getpixel((int((at + 0.5) * grey.width / count), grey.height // 4))) for at in range(count)]  # type: ignore[arg-type]


def is_wedge(image: Image.Image) -> bool:
    """Return whether the greys go from dark to light."""
    greys = steps(image)
    return max(greys) - min(greys) > 150 and sum(b < a - 3 for a, b in zip(greys, greys[1:], strict=False)) == 0


def wedge(mode: str, top: int) -> Image.Image:
    """Return sixteen steps of grey from 0 to `top`."""
    image = Image.new(mode, (320, 80))
    for x in range(320):
        for y in range(80):
            image.putpixel((x, y), round((x // 20) * top / 15))
    return image


def as_tiff(image: Image.Image, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "TIFF", **more)
    return out.getvalue()


def big_endian_png() -> bytes:
    """Return a PNG of 16 bits, which are big-endian in every PNG."""
    rows = b"".join(b"\0" + b"".join(struct.pack(">H", (x // 20) * 4369) for x in range(320)) for _ in range(80))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 320, 80, 16, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (lambda: as_tiff(wedge("I;16", 65535)), TIFF),
        (lambda: as_tiff(wedge("I;16B", 65535)), TIFF),
        (lambda: as_tiff(wedge("I", 2**31 - 1)), TIFF),
        (lambda: as_tiff(wedge("I", 65535)), TIFF),
        (lambda: as_tiff(wedge("I", 255)), TIFF),
        (lambda: as_tiff(wedge("F", 1)), TIFF),
        (lambda: as_tiff(wedge("F", 4000)), TIFF),
        (lambda: as_tiff(wedge("L", 255).convert("CMYK")), TIFF),
        (big_endian_png, PNG),
    ],
)
def test_many_greys_are_seen_in_their_steps(data: Callable[[], bytes], kind: str, tmp_path: Path) -> None:
    assert is_wedge(seen(data(), kind, tmp_path))


def test_sixteen_bits_where_the_smallest_is_white_are_not_turned_round(tmp_path: Path) -> None:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[greys.PHOTOMETRIC] = greys.MIN_IS_WHITE
    negative = wedge("I;16", 65535).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert is_wedge(seen(as_tiff(negative, tiffinfo=info), TIFF, tmp_path))


def tiff(order: str, letter: str, values: list[float], *, sort: int, photometric: int = 1, cut: int = 0) -> bytes:
    """Return a TIFF of steps of grey, 20 pixels wide each and 80 high, with numbers of any sort.

    Args:
        order: `<` or `>`, as in `struct`.
        letter: what each number is, as in `struct`.
        sort: 1 without a sign, 2 with a sign, 3 fractions.
    """
    row = b"".join(struct.pack(order + letter, value) * 20 for value in values)
    tags = {256: len(values) * 20, 257: 80, 258: struct.calcsize(letter) * 8, 259: 1, 262: photometric, 273: 8,
            277: 1, 278: 80, 279: len(row) * 80, 339: sort}  # fmt: skip
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8 + len(row) * 80)
    listed = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in tags.items())
    return (head + row * 80 + struct.pack(order + "H", len(tags)) + listed + bytes(4))[: -cut or None]


def twelve_bits() -> bytes:
    """Return a TIFF of sixteen steps in twelve bits each: two pixels in three bytes."""
    row = b""
    for value in (round(at * 4095 / 15) for at in range(16)):
        row += bytes((value >> 4, (value & 0xF) << 4 | value >> 8, value & 0xFF)) * 10
    tags = {256: 320, 257: 80, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 80, 279: len(row) * 80}
    listed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II" + struct.pack("<HI", 42, 8 + len(row) * 80)
    return head + row * 80 + struct.pack("<H", len(tags)) + listed + bytes(4)


def saying_its_white(mode: str, top: int, white: int) -> bytes:
    """Return a TIFF of steps up to `top` that says which number is white."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info.tagtype[greys.LARGEST_SAMPLE] = 4
    info[greys.LARGEST_SAMPLE] = white
    return as_tiff(wedge(mode, top), tiffinfo=info)


@pytest.mark.parametrize(
    "data",
    [
        twelve_bits,
        lambda: saying_its_white("I;16", 4095, 4095),
        lambda: saying_its_white("I;16B", 4095, 4095),
        lambda: saying_its_white("I", 4095, 4095),
        lambda: saying_its_white("I;16", 1023, 1023),
    ],
)
def test_twelve_bits_in_sixteen_are_as_light_as_the_file_says(data: Callable[[], bytes], tmp_path: Path) -> None:
    page = seen(data(), TIFF, tmp_path)
    assert is_wedge(page)
    assert steps(page)[-1] > 240


def test_more_than_the_file_says_is_white_is_not_cut_off(tmp_path: Path) -> None:
    assert is_wedge(seen(saying_its_white("I;16", 65535, 4095), TIFF, tmp_path))


def test_twelve_bits_that_do_not_say_so_are_as_dark_as_in_any_viewer_and_called_dark(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(as_tiff(wedge("I;16", 4095)))
    assert max(steps(seen(path.read_bytes(), TIFF, tmp_path))) < 20
    assert "dark" in images.look(str(path), TIFF, LIMIT, 1).notes


def spread(low: float, high: float) -> list[float]:
    """Return sixteen whole numbers from one to another."""
    return [round(low + (high - low) * at / 15) for at in range(16)]


ORDERS = pytest.mark.parametrize("order", ["<", ">"])


@ORDERS
@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize(
    ("letter", "low", "high", "sort"),
    [("H", 0, 65535, 1), ("I", 0, 2**32 - 1, 1), ("h", -32768, 32767, 2), ("h", 0, 32640, 2), ("h", -200, 900, 2),
     ("i", -(2**31), 2**31 - 1, 2), ("i", 0, 2**31 - 1, 2), ("f", 0, 1, 3), ("f", -100, 155, 3)],
)  # fmt: skip
def test_numbers_of_either_byte_order_and_sign_are_seen_from_black_to_white(
    order: str, letter: str, low: float, high: float, sort: int, photometric: int, tmp_path: Path
) -> None:
    values = spread(low, high) if letter != "f" else [low + (high - low) * at / 15 for at in range(16)]
    if not photometric:
        values.reverse()
    page = seen(tiff(order, letter, values, sort=sort, photometric=photometric), TIFF, tmp_path)
    assert is_wedge(page)
    assert steps(page)[0] < 8
    assert steps(page)[-1] > 247


@ORDERS
@pytest.mark.parametrize("hole", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("photometric", [0, 1])
def test_a_fraction_without_a_number_is_paper(order: str, hole: float, photometric: int, tmp_path: Path) -> None:
    values = [100 + at * 10.0 for at in range(16)]
    page = seen(
        tiff(order, "f", [hole, *(values if photometric else values[::-1])], sort=3, photometric=photometric),
        TIFF,
        tmp_path,
    )
    first, *others = steps(page, 17)
    assert first > 247
    assert others[0] < 8
    assert others[-1] > 247
    assert others == sorted(others)


def test_a_sound_picture_that_nobody_here_reads_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    for data, code in (
        (tiff("<", "d", spread(0, 1), sort=3), "other_picture"),
        (tiff("<", "f", [float("nan")] * 16, sort=3), "other_picture"),
        (tiff("<", "d", spread(0, 1), sort=3, cut=9), "broken"),
        (tiff("<", "H", spread(0, 1), sort=1)[:900], "broken"),
    ):
        path.write_bytes(data)
        with pytest.raises(UnfitError) as refused:
            list(images.page_images(str(path), TIFF, 0, LIMIT, 1))
        assert refused.value.code == code


def with_clear_ground(mode: str, ground: int, bits: int) -> bytes:
    """Return a PNG of one colour of ground, which is clear, with a darker sign in the middle."""
    colours = 3 if mode == "RGB" else 1
    form = ">" + "H" * colours

    def line(sign: int) -> bytes:
        pixels = [ground] * 40 + [sign] * 40 + [ground] * 40
        if bits == 16:
            return b"\0" + b"".join(struct.pack(form, *[value] * colours) for value in pixels)
        if bits == 8:
            return b"\0" + b"".join(bytes([value] * colours) for value in pixels)
        packed = "".join(f"{value:0{bits}b}" for value in pixels)
        return b"\0" + int(packed, 2).to_bytes(len(packed) // 8)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    other = 2**bits - 1 if not ground else 0
    sign = other // 2 if bits > 1 and not ground else other
    rows = line(ground) * 20 + line(sign) * 20 + line(ground) * 20
    head = struct.pack(">IIBBBBB", 120, 60, bits, 2 if colours == 3 else 0, 0, 0, 0)
    clear = chunk(b"tRNS", struct.pack(form, *[ground] * colours))
    data = chunk(b"IHDR", head) + clear + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    ("mode", "ground", "bits"),
    [("L", 0, 8), ("L", 128, 8), ("L", 0, 16), ("L", 30840, 16), ("L", 5, 4), ("L", 1, 2), ("L", 1, 1), ("RGB", 0, 8),
     ("RGB", 90, 8), ("RGB", 30840, 16)],
)  # fmt: skip
def test_a_clear_colour_is_the_paper_beneath(mode: str, ground: int, bits: int, tmp_path: Path) -> None:
    page = seen(with_clear_ground(mode, ground, bits), PNG, tmp_path).convert("L")
    assert page.getpixel((10, 10)) > 247
    assert page.getpixel((60, 30)) < 140


def test_only_the_clear_colour_of_sixteen_bits_is_clear(tmp_path: Path) -> None:
    """A colour that differs in its lower byte alone is no clear one."""
    picture = with_clear_ground("L", 30840, 16)
    key = struct.pack(">I", 2) + b"tRNS" + struct.pack(">H", 30841)
    begin = picture.index(b"tRNS") - 4
    path = tmp_path / "picture"
    path.write_bytes(picture[:begin] + key + struct.pack(">I", zlib.crc32(key[4:])) + picture[begin + 14 :])
    (page,) = images.page_images(str(path), PNG, 0, LIMIT, 1)
    grey = Image.open(io.BytesIO(page.jpeg)).convert("L")
    assert 110 < grey.getpixel((10, 10)) < 130  # type: ignore[operator]


def test_the_given_picture_of_32_bits_shows_its_steps_and_discs(tmp_path: Path) -> None:
    page = seen(files.content("upload-32-bit-grey.tif"), TIFF, tmp_path)
    assert len(set(page.convert("L").tobytes())) > 10
    assert min(page.convert("L").tobytes()) < 60


def test_the_given_portrait_of_16_bits_keeps_its_greys() -> None:
    square = Image.open(io.BytesIO(portrait(files.content("portrait-16-bit-grey.png")))).convert("L")
    assert max(square.tobytes()) - min(square.tobytes()) > 150
    assert len({value // 16 for value in square.tobytes()}) > 8


def test_a_word_of_the_camera_that_cannot_be_written_again_costs_no_photo(
    world: World, as_user: AsUser, local_files: None
) -> None:
    name = "upload-exif-number-as-text.jpg"
    with received(files.sent(name)) as taken:
        assert "upright" in taken.notes
        assert taken.height > taken.width or taken.width > taken.height
    rasa = as_user(world.cast.rasa)
    answer = rasa.post(
        reverse("uploads:upload-create", args=[world.group.pk]), {"tool": "contract", "files": files.sent(name)}
    )
    page = rasa.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert "Turned upright" in page
    sent = {"full_name": "Rasa", "language": "en", "time_zone": "", "photo": files.sent(name)}
    assert rasa.post(reverse("accounts:profile-edit"), sent).status_code == 302
    world.cast.rasa.refresh_from_db()
    assert world.cast.rasa.photo


def test_a_fax_is_as_high_as_its_paper(tmp_path: Path) -> None:
    """Fine faxes have 204 dots to 98 lines an inch (ITU-T T.4)."""
    fax = Image.new("1", (1728, 1100), 1)
    page = seen(as_tiff(fax, dpi=(204, 98)), TIFF, tmp_path)
    assert page.height / page.width == pytest.approx(1100 * 204 / 98 / 1728, rel=0.01)


def many_scans() -> bytes:
    """Return a progressive JPEG of 25 megapixels whose last scan, a few bytes, comes again and again."""
    out = io.BytesIO()
    Image.new("L", (5000, 5000), 128).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    scan = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + scan * ((5_000_000 - len(data)) // len(scan)) + b"\xff\xd9"


def test_a_portrait_is_opened_in_a_child_that_is_ended_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it holds, the process that answers people waits for it no longer than its seconds allow."""
    monkeypatch.setattr("core.files.pictures.SECONDS", 1)
    began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    with pytest.raises(PhotoError) as refused:
        portrait(many_scans())
    assert refused.value.reason == "too_complicated"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - began < 3


def test_no_process_that_answers_people_decodes_a_picture() -> None:
    """Pillow opens pictures in `core.files`, for a child, and where the worker lays out PDFs; nowhere else."""
    root = Path(__file__).parents[2]
    apps = ("accounts", "checklist", "documents", "home", "mentoring", "responses_app", "sessions_app", "tools")
    found = [
        str(path.relative_to(root))
        for app in apps
        for path in (root / app).rglob("*.py")
        if "Image.open" in path.read_text("utf-8") or "from PIL" in path.read_text("utf-8")
    ]
    assert found == []
