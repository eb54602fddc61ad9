"""What of the matrix a Manager wants to see, read from the address and written into links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from core.keys import key_from
from core.policy.roles import Stage

SHOWS = ("all", "late", "due", "waiting")
NO_MENTOR = "none"
WORDS_MAX = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the matrix; what makes no sense in the address is left out.

    `mentor` is a person's number, or `none` for groups without Mentor. `quiet`: show also the rows where nothing is
    missing, which are folded otherwise.
    """

    show: str = "all"
    stage: str = ""
    programme: int | None = None
    mentor: str = ""
    words: str = ""
    quiet: bool = False
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """Return the filters of an address."""
        show, stage, mentor = query.get("show", ""), query.get("stage", ""), query.get("mentor", "")
        return cls(
            show=show if show in SHOWS else "all",
            stage=stage if stage in Stage.values else "",
            programme=key_from(query.get("programme", "")),
            mentor=mentor if mentor == NO_MENTOR or key_from(mentor) is not None else "",
            words=query.get("q", "").replace("\x00", "").strip()[:WORDS_MAX],
            quiet=query.get("quiet") == "1",
            page=max(1, min(key_from(query.get("page", "")) or 1, 10**6)),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether some groups are left out."""
        return replace(self, quiet=False, page=1) != Filters()

    def query(self, **changes: Any) -> str:
        """Return the address of the same view with `changes`, from its first page on."""
        wanted = replace(self, **{"page": 1, **changes})
        parts = {
            "show": wanted.show if wanted.show != "all" else "",
            "stage": wanted.stage,
            "programme": wanted.programme or "",
            "mentor": wanted.mentor,
            "q": wanted.words,
            "quiet": "1" if wanted.quiet else "",
            "page": wanted.page if wanted.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})
