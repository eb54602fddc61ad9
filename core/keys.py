"""Keys of rows as they come from outside: out of addresses, forms and cookies."""

from typing import Final

# A bigint holds every number of 18 digits; Python refuses to read one of thousands.
DIGITS_OF_A_KEY: Final = 18


def key_from(text: str) -> int | None:
    """Return the number that `text` writes in ASCII digits; None when it is none that a row's key can be."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_OF_A_KEY else None
