"""Why a child process gave no answer."""


class IsolationError(Exception):
    """There is no answer; the message says why, for staff."""


class TimeLimitError(IsolationError):
    """The wall-clock time was over; the child is gone."""


class MemoryLimitError(IsolationError):
    """More memory was needed than allowed; the child is gone."""


class DiedError(IsolationError):
    """The child ended without an answer.

    Attributes:
        status: its exit code, or the number of the signal that ended it, negative.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"the child process ended with status {status}")
        self.status = status


class FailedError(IsolationError):
    """The function raised what it should not; the message is the end of the traceback."""


class BusyError(IsolationError):
    """All children had other work for as long as the caller wanted to wait."""


class UnfitInputError(IsolationError):
    """The function refused its input on purpose. Raised in the child by the function, in the parent by `Pool.call`.

    Attributes:
        code: says why.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
