"""A clock that can be set, for one process that runs a time that is not today (`manage.py run_clock`).

Everything here asks Django what time it is (`timezone.now()`, or what builds on it: `localdate`,
`core.days.programme_today()`), so Django's clock is the one that is set (decision 0042). Defaults of columns were bound
to the real one when the models were loaded; what counts in the run says its moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


class Clock:
    """The moment that it is, until somebody sets another one."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def set(self, moment: datetime) -> None:
        """Let it be another moment."""
        self.moment = moment


@contextmanager
def clock_at(moment: datetime) -> Iterator[Clock]:
    """Let it be `moment` for this whole process, until the block ends; never in one that serves people.

    Raises:
        ValueError: the moment has no time zone.
    """
    if timezone.is_naive(moment):
        raise ValueError("A moment needs a time zone.")
    clock, real = Clock(moment), timezone.now
    timezone.now = lambda: clock.moment
    try:
        yield clock
    finally:
        timezone.now = real
