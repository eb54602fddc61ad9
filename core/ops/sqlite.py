"""Search that knows all letters, on SQLite too.

SQLite's own LIKE ignores case for ASCII only: "žuk" would not find "Žukauskienė". PostgreSQL needs none of this.
"""

import re
from functools import lru_cache
from typing import Any

from django.db.backends.signals import connection_created

ESCAPE = "\\"


@lru_cache(maxsize=256)
def _pattern(like: str) -> re.Pattern[str]:
    """Return the LIKE pattern (`%`, `_`, escaped by a backslash) as a regular expression."""
    parts, escaped = [], False
    for letter in like:
        if escaped:
            parts.append(re.escape(letter))
            escaped = False
        elif letter == ESCAPE:
            escaped = True
        else:
            parts.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return re.compile("".join(parts), re.DOTALL)


def like(pattern: str | None, value: Any, _escape: str = ESCAPE) -> bool | None:
    """Return whether `value` is like `pattern`, whatever the case of its letters."""
    if pattern is None or value is None:
        return None
    return _pattern(str(pattern).casefold()).fullmatch(str(value).casefold()) is not None


def teach_letters(connection: Any, **_: Any) -> None:
    """Give a new SQLite connection the LIKE above."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("like", 2, like, deterministic=True)
        connection.connection.create_function("like", 3, like, deterministic=True)


connection_created.connect(teach_letters, dispatch_uid="core.ops.sqlite")
