"""The settings of production with a counter in front, and without the limits that would slow one measuring client."""

from config.settings import *
from config.settings import LOGGING, MIDDLEWARE

MIDDLEWARE = ["bench.counting.count_queries", *MIDDLEWARE]
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment] -- what switches all of them off
SEARCHES_PER_MINUTE = 1_000_000
UPLOAD_MAX_PAGES = 100_000
LOGGING = {**LOGGING, "root": {"handlers": ["console"], "level": "WARNING"}}
