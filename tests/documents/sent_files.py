"""Real files as people and attackers send them, made on the spot."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFilter
from pillow_heif import register_heif_opener

register_heif_opener()

# The four corners of a sheet, clockwise from the upper left.
CORNERS = {"red": (200, 30, 30), "green": (30, 150, 60), "blue": (30, 60, 200), "yellow": (220, 190, 30)}
HOW_TO_SEE_IT = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
                 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270,
                 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90}  # fmt: skip
UNDO = {Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270}


def sent(name: str, content: bytes, content_type: str = "application/octet-stream") -> SimpleUploadedFile:
    """Return the bytes as a sent file."""
    return SimpleUploadedFile(name, content, content_type)


def sheet(width: int = 600, height: int = 840, *, ground: str = "white") -> Image.Image:
    """Draw an upright sheet with a colour in each corner and lines of writing."""
    image = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    side = width // 6
    places = [(0, 0), (width - side, 0), (width - side, height - side), (0, height - side)]
    for (x, y), colour in zip(places, CORNERS.values(), strict=True):
        draw.rectangle((x, y, x + side - 1, y + side - 1), fill=colour)
    for line in range(side + 20, height - side - 20, 18):
        draw.text((40, line), "Signed by all of us in Vilnius on 7 October", fill=(20, 20, 20))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(orientation: int = 1, *, size: tuple[int, int] = (600, 840), with_gps: bool = True) -> bytes:
    """Return a JPEG as a phone writes it: stored turned, with the turn and the place in its EXIF."""
    image = sheet(*size)
    turn = HOW_TO_SEE_IT[orientation]
    if turn is not None:
        image = image.transpose(UNDO.get(turn, turn))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    if with_gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (54.0, 41.0, 13.0), 3: "E", 4: (25.0, 16.0, 47.0)})
    return saved(image, "JPEG", exif=exif.tobytes(), quality=90)


def _nearest(pixel: tuple[int, ...]) -> str:
    return min(CORNERS, key=lambda name: sum(abs(a - b) for a, b in zip(CORNERS[name], pixel, strict=True)))


def corners(path: Path) -> list[str]:
    """Return the names of the colours in the corners of a picture, clockwise from the upper left."""
    with Image.open(path) as image:
        seen = image.convert("RGB")
    wide, high = seen.size
    places = ((0.06, 0.05), (0.94, 0.05), (0.94, 0.95), (0.06, 0.95))
    return [_nearest(seen.getpixel((int(wide * x), int(high * y)))) for x, y in places]


def heic() -> bytes:
    """Return a HEIC picture."""
    return saved(sheet(), "HEIF", quality=80)


def tiff(pages: int = 3) -> bytes:
    """Return a scan of several pages in one file."""
    others = [sheet() for _ in range(pages - 1)]
    return saved(sheet(), "TIFF", save_all=True, append_images=others, compression="tiff_lzw")


def dark_photo() -> bytes:
    """Return a photo taken without light."""
    return saved(sheet().point(lambda value: value // 5), "JPEG")


def blurred_photo() -> bytes:
    """Return a photo taken in motion."""
    return saved(sheet().filter(ImageFilter.GaussianBlur(12)), "JPEG")


def bomb() -> bytes:
    """Return a PNG of some kilobytes that unpacks to 30,000 × 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    side = 30_000
    head = struct.pack("!IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * ((side // 8 + 1) * 400), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    """Return a PDF with blank pages, changed by `change` before it is saved."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def _act(**act: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = document.make_indirect(Dictionary(Type=Name.Action, **act))

    return change


def _annotation(**keys: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 10, 10]), **keys)
        document.pages[0].obj.Annots = Array([document.make_indirect(note)])

    return change


def _attached(document: pikepdf.Pdf) -> None:
    document.attachments["bill.exe"] = b"MZ" + b"\0" * 200


def _hidden_script(document: pikepdf.Pdf) -> None:
    """Put a script into an object that no page leads to."""
    document.Root.Notes = Array([Dictionary(Deep=Array([Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))]))])


def _named_script(document: pikepdf.Pdf) -> None:
    act = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), act])))


def _interactive(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(XFA=String("<x/>"), Fields=Array([]))


def _next_act(document: pikepdf.Pdf) -> None:
    later = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=later))


def _page_calls(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("https://example.org/seen")))


def _calls_after(document: pikepdf.Pdf) -> None:
    later = Array([Dictionary(S=Name.URI, URI=String("https://example.org/seen"))])
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=later)


def _external(document: pikepdf.Pdf) -> None:
    """Say of a page's contents that they are in another file."""
    content = document.make_stream(b"")
    content.stream_dict.F = Dictionary(Type=Name.Filespec, F=String("/etc/passwd"))
    document.pages[0].obj.Contents = content


BAD_LINKS = [
    "ms-msdt:/id PCWDiagnostic /skip force", "search-ms:query=x&crumb=location:\\\\evil.example\\share",
    "ms-word:ofe|u|https://evil.example/x.docm", "jar:file:///x", "file://evil.example/share/", "smb://evil.example/x",
    "C:\\x.exe", "\ufb01le:///etc/passwd", "fi\u200ble:///x", "/\\evil.example\\share", "\\/evil.example/x",
    "\\\\evil.example\\x", "//evil.example/x", " /\n/evil.example",
]  # fmt: skip
GOOD_LINKS = [
    "https://example.org/a:b", "HTTP://example.org", "mailto:rasa@demo.example", "tel:+37060000000", "#page=2",
    "appendix.pdf", "/terms", "form?at=10:30",
]  # fmt: skip
_ELSEWHERE = Dictionary(Type=Name.Filespec, F=String("\\\\evil\\x.pdf"), UF=String("\\\\evil\\x.pdf"))


def link(to: str, base: str = "") -> Callable[[pikepdf.Pdf], None]:
    """Return what gives a PDF a link, and an address to which links are added that do not say where."""

    def change(document: pikepdf.Pdf) -> None:
        _annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(to)))(document)
        if base:
            document.Root.URI = Dictionary(Base=String(base))

    return change


def _drawn(**keys: object) -> Callable[[pikepdf.Pdf], None]:
    """Draw something on the page that says these things of itself."""

    def change(document: pikepdf.Pdf) -> None:
        form = document.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), **keys)
        document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=form))
        document.pages[0].obj.Contents = document.make_stream(b"/X Do")

    return change


def _kept(thing: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.Kept = document.make_indirect(Array([thing]))

    return change


def active_pdfs() -> dict[str, tuple[bytes, str]]:
    """Return PDFs that do something, each with the reason it must be refused for."""
    return {
        "open_script": (pdf(1, _act(S=Name.JavaScript, JS=String("app.alert(1)"))), "javascript"),
        "named_script": (pdf(1, _named_script), "javascript"),
        "hidden_script": (pdf(1, _hidden_script), "javascript"),
        "script_in_object_stream": (
            pdf(1, _hidden_script, object_stream_mode=pikepdf.ObjectStreamMode.generate), "javascript"),
        "rendition_with_script": (pdf(1, _annotation(Subtype=Name.Link, A=Dictionary(S=Name.Rendition))), "media"),
        "launch": (pdf(1, _act(S=Name.Launch, F=String("cmd.exe"))), "launch"),
        "launch_as_next": (pdf(1, _next_act), "launch"),
        "attachment": (pdf(1, _attached), "attachment"),
        "file_annotation": (pdf(1, _annotation(Subtype=Name.FileAttachment)), "attachment"),
        "rich_media": (pdf(1, _annotation(Subtype=Name.RichMedia)), "media"),
        "film": (pdf(1, _annotation(Subtype=Name.Movie)), "media"),
        "submit": (pdf(1, _act(S=Name.SubmitForm, F=String("https://example.org/take"))), "sends"),
        "import": (pdf(1, _act(S=Name.ImportData, F=String("x.fdf"))), "sends"),
        "xfa": (pdf(1, _interactive), "form_program"),
        "opens_address": (pdf(1, _act(S=Name.URI, URI=String("https://example.org/seen"))), "acts"),
        "page_calls_address": (pdf(1, _page_calls), "acts"),
        "calls_after_a_place": (pdf(1, _calls_after), "acts"),
        "link_calls_address": (pdf(1, _annotation(Subtype=Name.Link, AA=Dictionary(
            E=Dictionary(S=Name.URI, URI=String("https://example.org/seen"))))), "acts"),
        "other_machine": (pdf(1, _annotation(Subtype=Name.Link, A=Dictionary(
            S=Name.GoToR, F=String("\\\\evil\\share\\x.pdf"), D=Array([0, Name.Fit])))), "outside"),
        "other_file": (pdf(1, _external), "outside"),
        "page_of_another_file": (pdf(1, _drawn(Ref=Dictionary(F=_ELSEWHERE, Page=0))), "outside"),
        "page_of_a_named_file": (pdf(1, _drawn(Ref=Dictionary(F=_ELSEWHERE.UF, Page=0))), "outside"),
        "picture_of_another_file": (pdf(1, _drawn(OPI=Dictionary({"/2.0": Dictionary(Type=Name.OPI, Version=2.0)}))),
            "outside"),
        "file_beside": (pdf(1, _kept(Dictionary(F=String("\\\\evil\\share\\x.pdf")))), "outside"),
        "file_beside_in_other_letters": (pdf(1, _kept(Dictionary(UF=String("//evil/share")))), "outside"),
        "script_link": (pdf(1, link("java\tscript:alert(1)")), "javascript"),
        **{f"link {each}": (pdf(1, link(each)), "outside") for each in BAD_LINKS},
        **{f"base {each}": (pdf(1, link("run.exe", base=each)), "outside") for each in BAD_LINKS},
        "locked": (pdf(1, encryption=pikepdf.Encryption(user="secret", owner="other")), "locked"),
    }  # fmt: skip


def archive(name: str = "document.pdf") -> bytes:
    """Return a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, "hello")
    return out.getvalue()


def office() -> bytes:
    """Return what a word processor saves."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        packed.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships/>')
        packed.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


WEIRD_NAMES = [
    "..", ".", "/", "\\", "trailing/", "../../etc/passwd", "C:\\Users\\rasa\\contract.pdf", "a" * 300 + ".pdf",
    "x." + "b" * 300, "nul\x00byte.pdf", "new\nline.pdf", "tab\there.pdf", "\u202egpj.exe.pdf", "\u200b", " ", "...",
    "CON.pdf", "contract.pdf.exe", "договор (подписан).pdf", "sutartis „Žingsnis“.pdf", "😀.pdf", "&lt;script&gt;.pdf",
    "<img src=x onerror=alert(1)>.pdf", "%2e%2e%2f.pdf", "a;b=c.pdf", "a'b\"c.pdf", "ﷺ" * 60, "e\u0301" * 200 + ".pdf",
    ".htaccess", "-rf", "~", "*", "?.pdf", "name.pdf ", "name.", "\ud7ff.pdf", "{{ 7*7 }}.pdf", "=1+1.pdf",
]  # fmt: skip
