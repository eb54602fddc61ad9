"""Having one file looked at in a process of its own, and never longer or larger than allowed."""

import logging
from collections.abc import Callable
from typing import Any, Final

from core.files.unfit import UnfitError
from core.isolation.errors import BusyError, IsolationError, UnfitInputError
from core.isolation.limits import Limits
from core.isolation.pool import Pool

logger = logging.getLogger(__name__)

MEMORY: Final = 1_536 * 1024 * 1024
WRITTEN: Final = 256 * 1024 * 1024
# A file of unknown people never meets a process that has opened another's.
CHILDREN: Final = Pool(at_once=3, renew_after=1)


def run(job: Callable[..., dict[str, Any]], *, seconds: int = 20, **arguments: Any) -> dict[str, Any]:
    """Return the child's answer.

    Args:
        job: a function of `uploads.intake.child` or `core.files.child`.
        seconds: of CPU time; the wall-clock limit is twice that.

    Raises:
        UnfitError: the child refused the file, or died of it (`too_complicated`).
        BusyError: no place became free within the time.
    """
    limits = Limits(seconds=seconds * 2, cpu_seconds=seconds, memory=MEMORY, bytes_written=WRITTEN)
    try:
        return CHILDREN.call(job, limits, wait=seconds, **arguments)
    except UnfitInputError as error:
        raise UnfitError(error.code) from None
    except BusyError:
        raise
    except IsolationError as error:
        logger.warning("%s: %s", job.__name__, error)
        raise UnfitError("too_complicated") from None
