"""Texts of several rows as the lines of one: names beside a row, without one more statement."""

from typing import Any

from django.db.models import Aggregate


class Lines(Aggregate):
    """The texts of a group of rows, one in a line, in no order."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, CHR(10))"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Say it as SQLite does."""
        template = "%(function)s(%(expressions)s, CHAR(10))"
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", template=template, **context)


def in_lines(lines: str | None) -> list[str]:
    """Return the texts, sorted; none where there was no row."""
    return sorted((lines or "").splitlines())
