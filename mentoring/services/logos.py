"""Logos of organisations: what comes in is read with care and written anew."""

import io

from PIL import Image, ImageOps

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
WIDTH, HEIGHT = 1200, 600


class LogoError(ValueError):
    """The sent file is no picture that can be used."""


def logo(data: bytes) -> bytes:
    """Return a picture re-encoded as PNG of at most 1200 by 600 px, without metadata.

    Raises:
        LogoError: too large, too many pixels, or no JPEG or PNG.
    """
    if len(data) > MAX_BYTES:
        raise LogoError
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if image.width * image.height > MAX_PIXELS:
            raise LogoError
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    except LogoError:
        raise
    except Exception as error:  # noqa: BLE001 -- Pillow raises many kinds for a broken picture
        raise LogoError from error
    upright.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()
