"""Statements that are kept (`core.built_once`) beside the same ones built anew."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet


def compare(anew: QuerySet[Any], sql: str, params: tuple[Any, ...]) -> None:
    """Fail unless the statement that is kept says, word for word and value for value, what Django would say now."""
    built_sql, built_params = anew.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    assert (sql, _plain(params)) == (built_sql, _plain(built_params))


def _plain(params: Any) -> list[Any]:
    """Return parameters in a form that can be compared: two JSON values of the driver never are the same."""
    return [getattr(each, "obj", each) for each in params]
