"""Acts of several people that waited for each other: PostgreSQL undoes one of them, and it is done again."""

import logging
import random
import time
from collections.abc import Callable
from typing import Final

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
TRIES: Final = 3
UNDONE: Final = frozenset({"40P01", "40001"})
"""PostgreSQL's codes for a transaction undone because of another one: deadlock, serialization."""
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PAUSE_SECONDS: Final = 0.2


def was_undone(error: Exception) -> bool:
    """Return whether the database undid a transaction only because of what somebody else did."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") in UNDONE


class DeadlockMiddleware:
    """Do an act again that the database undid, so that nobody reads of an error; the last of the middleware.

    Every act of ours is once (`core.web.once`, services that are idempotent): what of it was kept is not done twice.
    What comes with files is not repeated, since they were read; its form is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Call the view again, so that it is called three times at most.

        Raises:
            OperationalError: it was undone each time.
        """
        match = request.resolver_match
        if match is None or request.method in READS or request.FILES or not was_undone(exception):
            return None
        for left in reversed(range(TRIES - 1)):
            logger.warning("Undone because of another transaction, done again: %s", request.path)
            time.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 -- only so that both do not meet again
            try:
                answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
            except OperationalError as error:
                if not left or not was_undone(error):
                    raise
            else:
                return answer
        return None
