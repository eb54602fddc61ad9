"""What stands in logs: addresses, but not the keys in them that open a door."""

import logging
import re

# Links of invitations, of new passwords and out of e-mails, also behind `?next=`.
_DOORS = "invited|password(?:/|%2F)reset|notices(?:/|%2F)unsubscribe"
_KEYS = re.compile(rf"((?:/|%2F)(?:{_DOORS})(?:/|%2F))(?:[^/%\s\"'?&#]|%3A)+", re.IGNORECASE)


class HideKeys(logging.Filter):
    """Write `/invited/…/` instead of the key: whoever reads a log must not enter with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without its keys."""
        message = record.getMessage()
        hidden = _KEYS.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
