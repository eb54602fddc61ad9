"""What the child process does with a picture of a person or an organisation; see `bounded`. Imports no Django."""

from pathlib import Path
from typing import Any


def make_portrait(*, path: str, kind: str, out: str, side: int, max_pixels: int) -> dict[str, Any]:
    """Write a square JPEG, upright, without metadata."""
    from PIL import Image, ImageOps  # noqa: PLC0415 -- in the child, after the limits

    from core.files import images  # noqa: PLC0415 -- in the child, after the limits

    with images.opened(path, kind, max_pixels) as image:
        seen = images.upright(image, kind, 4 * side)
        square = ImageOps.fit(seen.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
        Path(out).write_bytes(images.as_jpeg(square, 82))
    return {}


def make_logo(*, path: str, kind: str, out: str, width: int, height: int, max_pixels: int) -> dict[str, Any]:
    """Write a PNG that fits into the given size, with its transparency, without metadata."""
    from PIL import Image  # noqa: PLC0415 -- in the child, after the limits

    from core.files import images  # noqa: PLC0415 -- in the child, after the limits

    with images.opened(path, kind, max_pixels) as image:
        if images.has_clear_parts(image):  # `upright` would put them on white
            turn = images.TURNS.get(images.turn_of(image))
            seen = image.convert("RGBA")
            seen = seen if turn is None else seen.transpose(turn)
        else:
            seen = images.upright(image, kind, 4 * width)
        seen.thumbnail((width, height), Image.Resampling.LANCZOS)
        clean = Image.new("RGBA", seen.size)
        clean.paste(seen)
        clean.save(out, "PNG", optimize=True)
    return {}
