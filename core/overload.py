"""When more people come at once than there are connections to the database: a short, honest answer, not a failure."""

import sys

RETRY_AFTER = 5  # seconds


def is_overloaded(error: BaseException | None = None) -> bool:
    """Return whether an error, by default the one being handled now, says that no connection became free in time."""
    error = error or sys.exc_info()[1]
    while error is not None:
        # By name: without PostgreSQL the pool's package is never loaded.
        if type(error).__name__ in {"PoolTimeout", "TooManyRequests"}:
            return True
        error = error.__cause__
    return False
