"""What stands in logs: addresses, but not the keys in them that open a door; errors, but not what people wrote."""

import logging
import re

# Links of invitations, of new passwords and out of e-mails, also behind `?next=`.
_DOORS = "invited|password(?:/|%2F)reset|notices(?:/|%2F)unsubscribe"
_KEYS = re.compile(rf"((?:/|%2F)(?:{_DOORS})(?:/|%2F))(?:[^/%\s\"'?&#]|%3A)+", re.IGNORECASE)


# PostgreSQL adds to an error the row that it refused, with all that somebody typed.
_ROWS = re.compile(r"DETAIL:.*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)


class HideKeys(logging.Filter):
    """Write `/invited/…/` instead of the key, and nothing of a row: a log opens no door and tells nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without its keys and rows."""
        if record.exc_info and record.exc_info[0] is not None and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _hidden(record.exc_text)
        message = record.getMessage()
        hidden = _hidden(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


def _hidden(text: str) -> str:
    return _ROWS.sub("DETAIL: …", _KEYS.sub(r"\1…", text))
