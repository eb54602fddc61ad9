"""The words of a choice, read straight from its enumeration."""

from django.db import models


def label_of(choices: type[models.TextChoices], value: str) -> str:
    """Return the label of a stored value, or the value itself where it is none of the choices.

    For models whose rows are shown in lists: Django's own `get_…_display()` translates and hashes all the labels of a
    field each time it is asked for one.
    """
    try:
        return str(choices(value).label)
    except ValueError:
        return str(value)
