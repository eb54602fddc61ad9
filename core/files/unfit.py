"""Why a file does not come in, as a code; the sentences are in `refusals`. Imports no Django."""

from core.isolation.errors import UnfitInputError


class UnfitError(UnfitInputError):
    """The file cannot come in.

    Attributes:
        code: a key of `refusals.REASONS`.
    """
