"""A diary as a PDF, and what a program can see of how a PDF is built."""

from typing import Any

import pikepdf

from rendering.pdf import engine, registration
from responses_app import printing
from tests.cast import World
from tests.documents.making import DIARY, hand_in, opened

REGISTRATION = registration.Registration("STW-2026-0147", "7KQ4M2XD93TB", 2)


def diary_pdf(world: World, answers: dict[str, Any] | None = None, **more: Any) -> engine.RenderedPdf:
    """Make the PDF of Milda's diary."""
    more = {"author": world.cast.milda, "subject": world.cast.milda, "session_key": "session-1", **more}
    more.setdefault("session_title", {"en": "CV and Europass", "bg": "CV и Европас"})
    submission = hand_in(world.group, "diary", answers=answers or DIARY, **more)
    return engine.render_form(printing.form_document(submission, REGISTRATION))


def structure(content: bytes) -> list[str]:
    """Return the names of all structure elements, in order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S))
            if "/K" in node:
                walk(node.K)
        elif isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)

    pdf = opened(content)
    walk(pdf.Root.StructTreeRoot.K)
    return found


def figures(content: bytes) -> list[str]:
    """Return what the figures of a PDF are called for those who cannot see them."""
    pdf = opened(content)
    found = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]
    return [str(item.get("/Alt", "")) for item in found if item.get("/S") == pikepdf.Name.Figure]


def check_archival(content: bytes, language: str) -> None:
    """Check what PDF/A-2a and PDF/UA-1 ask and a program can see."""
    pdf = opened(content)
    assert not pdf.check_pdf_syntax()
    root = pdf.Root
    assert str(root.Lang) == language
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
    assert "/StructTreeRoot" in root
    xmp = pdf.open_metadata()
    assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
    assert xmp["dc:title"]
    assert str(pdf.docinfo.Title) == xmp["dc:title"]
    assert not pdf.is_encrypted
    for page in pdf.pages:
        assert page.obj.Tabs == pikepdf.Name.S
        for font in page.obj.Resources.get("/Font", {}).values():
            descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            descriptor = descendant.FontDescriptor
            assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            assert "/ToUnicode" in font
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary):
            assert "/JS" not in item
            assert item.get("/S") != pikepdf.Name.Launch
    assert all(figures(content))
