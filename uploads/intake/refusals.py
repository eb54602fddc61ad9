"""A file that does not come in: what is said about it. Every sentence names a way on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TOO_LARGE: Final = 413
WRONG_KIND: Final = 415
UNFIT: Final = 422
TRY_LATER: Final = 503


@dataclass(frozen=True)
class Reason:
    """A status and two sentences: what is wrong, and what to do instead."""

    status: int
    what: "StrPromise"
    instead: "StrPromise"


_PHOTO_OR_PRINT = _("Print it to PDF again, or photograph the paper.")
_AGAIN_OR_PHOTO = _("Send the file again, or photograph the paper.")

REASONS: Final[dict[str, Reason]] = {
    "missing": Reason(UNFIT, _("No file was received."), _("Choose a PDF or photos, or take a photo now.")),
    "empty": Reason(UNFIT, _("The file is empty."), _AGAIN_OR_PHOTO),
    "too_large": Reason(
        TOO_LARGE, _("It is larger than %(size)s."), _("Send the pages as separate photos, or save a smaller PDF.")
    ),
    "not_ours": Reason(
        WRONG_KIND, _("It is neither a PDF nor a photo."), _("Save it as PDF, or photograph the paper.")
    ),
    "office": Reason(
        WRONG_KIND,
        _("It is a document that others could edit."),
        _("Save it as PDF, or photograph the signed paper."),
    ),
    "not_for_posts": Reason(
        WRONG_KIND,
        _("We accept PDFs, pictures, plain text, and files of office programs (DOCX, ODT, XLSX, ODS, PPTX, ODP)."),
        _("Save it as one of these, or as PDF."),
    ),
    "old_office": Reason(
        WRONG_KIND,
        _("It is in an old or unusual format of an office program."),
        _("Save it as DOCX, ODT, XLSX, ODS, PPTX or ODP, or as PDF."),
    ),
    "no_office": Reason(
        UNFIT, _("No PDF can be made of a file of an office program here."), _("Save it as PDF, and add that.")
    ),
    "macros": Reason(
        UNFIT,
        _("It contains macros or other small programs, and we accept plain documents only."),
        _("Save it without them, or as PDF."),
    ),
    "archive": Reason(
        WRONG_KIND, _("It is an archive of files."), _("Unpack it and send the PDF or the photos in it one by one.")
    ),
    "program": Reason(WRONG_KIND, _("It is a program."), _("Send a PDF, or photograph the paper.")),
    "web_page": Reason(WRONG_KIND, _("It is a web page."), _("Print it to PDF, or photograph the paper.")),
    "film": Reason(WRONG_KIND, _("It is a video or audio file."), _("Send photos of the pages, or a PDF.")),
    "other_picture": Reason(
        WRONG_KIND,
        _("We do not accept this kind of picture."),
        _("Save it as JPEG or PNG, or photograph the paper."),
    ),
    "locked": Reason(
        UNFIT, _("It is locked with a password."), _("Save it without the password, or photograph the paper.")
    ),
    "javascript": Reason(
        UNFIT, _("It contains a small program (JavaScript), and we accept plain documents only."), _PHOTO_OR_PRINT
    ),
    "launch": Reason(
        UNFIT, _("It would start another program when opened, and we accept plain documents only."), _PHOTO_OR_PRINT
    ),
    "attachment": Reason(
        UNFIT, _("Another file is hidden in it, and we accept plain documents only."), _PHOTO_OR_PRINT
    ),
    "media": Reason(UNFIT, _("It contains video or audio, and we accept plain documents only."), _PHOTO_OR_PRINT),
    "sends": Reason(
        UNFIT, _("It would send what is typed into it elsewhere, and we accept plain documents only."), _PHOTO_OR_PRINT
    ),
    "acts": Reason(
        UNFIT, _("It would do something by itself when opened, and we accept plain documents only."), _PHOTO_OR_PRINT
    ),
    "outside": Reason(
        UNFIT, _("It points to other files or machines, and we accept plain documents only."), _PHOTO_OR_PRINT
    ),
    "form_program": Reason(UNFIT, _("It is an interactive form, and we accept plain documents only."), _PHOTO_OR_PRINT),
    "form_unshown": Reason(
        UNFIT, _("What was filled into the form of a PDF cannot be shown in full on the page."), _PHOTO_OR_PRINT
    ),
    "two_in_one": Reason(
        UNFIT, _("It has data after its end, as if a second file were hidden in it."), _PHOTO_OR_PRINT
    ),
    "broken": Reason(UNFIT, _("It is damaged or was cut off on the way, and cannot be opened."), _AGAIN_OR_PHOTO),
    "too_many_pages": Reason(
        TOO_LARGE,
        _("One document can have up to %(pages)s pages."),
        _("Send fewer pages, or file them as two documents."),
    ),
    "too_many_pixels": Reason(
        TOO_LARGE,
        _("The picture is much larger than a photo of a document."),
        _("Save it smaller, or photograph the paper."),
    ),
    "too_complicated": Reason(UNFIT, _("It is too complex to be checked in time."), _PHOTO_OR_PRINT),
    "virus": Reason(
        UNFIT,
        _("The virus scanner found something in it."),
        _("Scan your device for viruses, or photograph the paper."),
    ),
    "scanner": Reason(
        TRY_LATER,
        _("The virus scanner is not available right now, and we accept no file unchecked."),
        _("Nothing else is lost. Try again in a few minutes, or come back later."),
    ),
    "busy": Reason(
        TRY_LATER,
        _("Many files are being uploaded right now."),
        _("Try again in a minute. What was already received is kept."),
    ),
}


class RefusedError(Exception):
    """A file was refused.

    Attributes:
        name: of the file, cleaned, as it may be shown.
        code: a key of `REASONS`.
    """

    def __init__(self, code: str, *, name: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.name = name

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return REASONS[self.code].status

    @property
    def title(self) -> str:
        """The first words: which file."""
        if not self.name:
            return gettext("Nothing was added")
        return gettext("“%(name)s” was not added") % {"name": self.name}

    @property
    def sentence(self) -> str:
        """Why, and two ways on."""
        reason = REASONS[self.code]
        size = filesizeformat(settings.UPLOAD_MAX_BYTES).replace(".0", "")
        what = str(reason.what) % {"size": size, "pages": settings.UPLOAD_MAX_PAGES}
        return f"{what} {reason.instead}"
