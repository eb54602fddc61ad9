"""One PDF out of photos and PDFs, page by page. Runs in the child process; imports no Django."""

import functools
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

from core.files import images
from core.files.kinds import PDF
from core.files.unfit import UnfitError
from uploads.intake import filled, pdfs

A4: Final = (595.276, 841.89)


@dataclass
class Part:
    """One sent file: where it is, what it is, how it is turned."""

    path: str
    kind: str
    rotation: int


def _number(value: float) -> Any:
    return round(value, 3)


@functools.cache
def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _add_photo(pdf: pikepdf.Pdf, image: images.PageImage, *, mark: int) -> Any:
    """Add a sheet of A4, lying or standing like the picture, with the picture as large as it fits."""
    width, height = A4 if image.height >= image.width else A4[::-1]
    scale = min(width / image.width, height / image.height)
    wide, high = image.width * scale, image.height * scale
    picture = pdf.make_stream(
        image.jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceGray if image.is_grey else Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    drawing = (
        f"/Figure << /MCID 0 >> BDC q {wide:.3f} 0 0 {high:.3f} {(width - wide) / 2:.3f} {(height - high) / 2:.3f} cm "
        f"/Paper Do Q EMC"
    )
    sheet = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, _number(width), _number(height)]),
        Resources=Dictionary(XObject=Dictionary(Paper=picture)),
        Contents=pdf.make_stream(drawing.encode()),
        StructParents=mark,
        Tabs=Name.S,
    )
    pdf.pages.append(pikepdf.Page(sheet))
    return pdf.pages[-1].obj


def _tag(pdf: pikepdf.Pdf, sheets: list[Any], alt: str) -> None:
    """Say for each sheet that it is one picture, and what of: screen readers then read at least that."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array([])))
    numbers = Array([])
    for index, sheet in enumerate(sheets):
        figure = pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Figure,
                P=document,
                Pg=sheet,
                K=0,
                Alt=String(alt.replace("{n}", str(index + 1))),
                A=Dictionary(O=Name.Layout, BBox=sheet.MediaBox, Placement=Name.Block),
            )
        )
        document.K.append(figure)
        numbers.append(index)
        numbers.append(pdf.make_indirect(Array([figure])))
    root.K = document
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(sheets)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _describe(pdf: pikepdf.Pdf, *, title: str, language: str, is_archival: bool) -> None:
    """Set title and language; for a PDF of photos alone also what makes it PDF/A-2b."""
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title
        meta["dc:language"] = [language]
        if is_archival:
            meta["pdfaid:part"] = "2"
            meta["pdfaid:conformance"] = "B"
    pdf.docinfo["/Title"] = title
    if is_archival:
        profile = pdf.make_stream(_srgb(), N=3, Alternate=Name.DeviceRGB)
        pdf.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent,
                    S=Name.GTS_PDFA1,
                    OutputConditionIdentifier=String("sRGB"),
                    Info=String("sRGB"),
                    DestOutputProfile=pdf.make_indirect(profile),
                )
            ]
        )


def _flatten(source: pikepdf.Pdf) -> None:
    """Draw what was filled into a form on its pages: fields of two forms may share a name, and would share a value.

    Raises:
        UnfitError: a value cannot be drawn as it was filled in.
    """
    if "/AcroForm" not in source.Root:
        return
    filled.draw(source)
    source.flatten_annotations("all")
    if "/AcroForm" in source.Root:
        del source.Root["/AcroForm"]


def _keep_layers(pdf: pikepdf.Pdf, sources: list[pikepdf.Pdf]) -> None:
    """Let layers that are switched off in a part stay hidden in the whole."""
    layers, shown, hidden = Array([]), Array([]), Array([])
    for source in sources:
        properties = source.Root.get("/OCProperties")
        if not isinstance(properties, Dictionary):
            continue
        settings = properties.get("/D", Dictionary())
        named = {key: [each.objgen for each in settings.get(key, [])] for key in ("/ON", "/OFF")}
        all_off = settings.get("/BaseState") == Name.OFF
        for layer in properties.get("/OCGs", []):
            copied = pdf.copy_foreign(layer)
            layers.append(copied)
            is_off = layer.objgen in named["/OFF"] or (all_off and layer.objgen not in named["/ON"])
            (hidden if is_off else shown).append(copied)
    if len(layers):
        pdf.Root.OCProperties = Dictionary(OCGs=layers, D=Dictionary(ON=shown, OFF=hidden, Order=Array([])))


def assemble(
    parts: list[Part], out: str, *, title: str, language: str, alt: str, max_pixels: int, max_pages: int
) -> int:
    """Write one PDF of all parts in their order, upright, to the path `out`; return its number of pages.

    Args:
        alt: what a screen reader says of a photo, with `{n}` for the number of the page.

    Raises:
        UnfitError: a part cannot be opened (any more), or there are more than `max_pages` pages.
    """
    pdf = pikepdf.new()
    sheets: list[Any] = []
    sources: list[pikepdf.Pdf] = []
    for part in parts:
        if part.kind == PDF:
            source = pdfs.opened(part.path)
            sources.append(source)
            _flatten(source)
            for page in source.pages:
                if part.rotation % 360:
                    page.rotate(part.rotation, relative=True)
                pdf.pages.append(page)
        else:
            room = max_pages + 1 - len(pdf.pages)
            for image in images.page_images(part.path, part.kind, part.rotation, max_pixels, room):
                sheets.append(_add_photo(pdf, image, mark=len(sheets)))
        if len(pdf.pages) > max_pages:
            raise UnfitError("too_many_pages")
    only_photos = not sources
    if only_photos:
        _tag(pdf, sheets, alt)
    _keep_layers(pdf, sources)
    _describe(pdf, title=title, language=language, is_archival=only_photos)
    pages = len(pdf.pages)
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    for source in sources:
        source.close()
    return pages
