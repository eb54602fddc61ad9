"""Logos of organisations: what comes in is read with care and written anew."""

from core.files import child
from core.files.kinds import JPEG, PNG
from core.files.pictures import redrawn
from core.files.unfit import UnfitError
from core.isolation.errors import BusyError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
WIDTH, HEIGHT = 1200, 600


class LogoError(ValueError):
    """The sent file is no picture that can be used."""


def logo(data: bytes) -> bytes:
    """Return a picture re-encoded as PNG of at most 1200 by 600 px, without metadata.

    Raises:
        LogoError: too large, too many pixels, no JPEG or PNG, or no time to look at it just now.
    """
    if len(data) > MAX_BYTES:
        raise LogoError
    try:
        return redrawn(child.make_logo, data, kinds=(JPEG, PNG), width=WIDTH, height=HEIGHT, max_pixels=MAX_PIXELS)
    except (UnfitError, BusyError) as error:
        raise LogoError from error
