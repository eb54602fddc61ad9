"""Pictures that people send of themselves and of their organisation, drawn anew by a child process with hard limits."""

import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from core.files.bounded import run
from core.files.kinds import HEAD, kind_of
from core.files.unfit import UnfitError

SECONDS: Final = 8
"""CPU time for one picture; a photo of 40 megapixels takes one."""


def redrawn(job: Callable[..., dict[str, Any]], data: bytes, *, kinds: Collection[str], **arguments: Any) -> bytes:
    """Return a sent picture as `job` draws it.

    Args:
        job: a function of `core.files.child`; gets `path`, `kind`, `out` and the further arguments.
        kinds: content types that are taken in.

    Raises:
        UnfitError: `not_ours`, `broken`, `too_many_pixels`, `too_complicated`.
        BusyError: many files are being looked at just now.
    """
    kind = kind_of(data[:HEAD])
    if kind not in kinds:
        raise UnfitError("not_ours")
    with tempfile.TemporaryDirectory(prefix="picture-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path, out = Path(folder, "sent"), Path(folder, "drawn")
        path.write_bytes(data)
        run(job, seconds=SECONDS, path=str(path), kind=kind, out=str(out), **arguments)
        return out.read_bytes()
