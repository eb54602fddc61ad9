"""How often somebody asks for what is dear: counted in the cache, for a minute at a time."""

import logging
from typing import Final

from django.core.cache import cache

logger = logging.getLogger(__name__)
SECONDS: Final = 60


def is_too_often(what: str, who: str, most: int, *, uncounted: bool) -> bool:
    """Count one more and return whether it is more than `most` in this minute.

    Args:
        uncounted: the answer where the cache does not count.
    """
    key = f"{what}:{who}"
    try:
        cache.add(key, 0, SECONDS)
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out in between
        return False
    except Exception:
        logger.exception("The cache does not count: %s", what)
        return uncounted
