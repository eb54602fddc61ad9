"""Why a PDF was not made."""


class PdfError(Exception):
    """The PDF could not be made; the message says why, for staff.

    Attributes:
        is_final: trying again with the same input cannot help.
    """

    is_final = False


class TooLargeError(PdfError):
    """The form has more in it than a document holds; the sentence says what is too large."""

    is_final = True


class TooSlowError(PdfError):
    """The document was not ready within the time allowed."""


class OutOfMemoryError(PdfError):
    """The document needed more memory than allowed."""


class BrokenError(PdfError):
    """The process that made the document failed or died."""
