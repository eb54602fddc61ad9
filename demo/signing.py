"""The signed contract of a demo group: printed, signed, photographed, and brought back through the ordinary upload."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from demo import scan
from documents.models import FilledForm, Rendering
from documents.services import renderings, uploads
from mentoring.models import MentoringGroup


class NotPrintedError(Exception):
    """The PDF of the contract could not be made, so there is nothing to sign."""


def file_signed(
    *, form: FilledForm, group: MentoringGroup, user: User, signers: Sequence[User], as_photos: bool, at: datetime
) -> None:
    """File the handed-in contract with everybody's signature.

    The unsigned PDF is made here and now, since its print is what people sign; the photos become a PDF in the worker.

    Raises:
        NotPrintedError: the layout engine does not work on this machine.
    """
    printed = _printed(form)
    names = [person.full_name for person in signers]
    if as_photos:
        files = [
            SimpleUploadedFile(f"IMG_{at:%Y%m%d}_{number:03}.jpg", photo, "image/jpeg")
            for number, photo in enumerate(scan.photos(printed, names), start=1)
        ]
    else:
        files = [SimpleUploadedFile(f"scan-{at:%Y%m%d-%H%M}.pdf", scan.scanned_pdf(printed, names), "application/pdf")]
    batch = uploads.start_batch(group=group, user=user, template_version=form.template_version, at=at)
    for file in files:
        uploads.add_file(batch=batch, file=file, at=at)
    uploads.file_batch(batch=batch, user=user, at=at)


def _printed(form: FilledForm) -> bytes:
    """Return the filed PDF of a form, made now if it is still waiting for the worker."""
    rendering = Rendering.objects.get(submission=form.latest)
    renderings.run(rendering.pk)
    version = getattr(Rendering.objects.get(pk=rendering.pk), "version", None)
    if version is None:
        raise NotPrintedError(f"“{form.title}” could not be printed: {rendering.error or 'see the log'}")
    with version.file.open("rb") as file:
        content: bytes = file.read()
    return content
