"""Why a file does not come in, as a code; the sentences are in `refusals`. Imports no Django."""


class UnfitError(Exception):
    """The file cannot come in.

    Attributes:
        code: a key of `refusals.REASONS`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
