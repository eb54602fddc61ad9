"""Sessions: kept in the database, read from the cache; while the cache is down, from the database."""

import logging
from typing import Any

from django.contrib.sessions.backends import cached_db, db

logger = logging.getLogger(__name__)
SHORTEST_KEY = 8  # as Django


class SessionStore(cached_db.SessionStore):
    """Django's cached sessions, but a cache that is down signs nobody out and breaks no page.

    Ending a session still needs the cache: a copy left there would open the door again.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        """Look only for keys of the shape that we give out; some databases refuse others with an error."""
        return bool(key) and len(str(key)) >= SHORTEST_KEY and str(key).isascii() and str(key).isalnum()

    def load(self) -> dict[str, Any]:
        """Return what is kept in the session."""
        try:
            known: dict[str, Any] | None = self._cache.get(self.cache_key)  # type: ignore[attr-defined]  # not in the stubs
            return super().load() if known is None else known
        except Exception as error:  # noqa: BLE001 -- whatever the cache's fault, the database knows
            logger.warning("A session was not read from the cache: %s", type(error).__name__)
            return dict(db.SessionStore.load(self))

    def exists(self, session_key: str | None = None) -> bool:
        """Return whether there is such a session."""
        return bool(session_key) and bool(db.SessionStore.exists(self, str(session_key)))
