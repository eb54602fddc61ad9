"""What stands for a row's key in an address."""

from django.urls import register_converter
from django.urls.converters import IntConverter

from core.keys import DIGITS_OF_A_KEY


class KeyConverter(IntConverter):
    """A number that a database can hold: a longer one names nothing, so the address leads nowhere (404)."""

    regex = f"[0-9]{{1,{DIGITS_OF_A_KEY}}}"


register_converter(KeyConverter, "key")
