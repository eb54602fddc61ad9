"""Says in headers how many SQL statements an answer took and, when asked, how long PostgreSQL plans each of them."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Queries"
ASK_FOR_PLANS = "X-Explain"
PLANS = "X-Plans"
EXPLAINED_TIMES = 7
"""The shortest counts: the first time PostgreSQL reads its catalogues as well, and other work may come between."""


class Counter:
    """Counts what goes to the database, and keeps it when the plans are asked for."""

    def __init__(self, *, keeps: bool) -> None:
        self.count, self.keeps = 0, keeps
        self.kept: list[tuple[str, Any]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count one statement, and let it pass."""
        self.count += 1
        if self.keeps and not many:
            self.kept.append((sql, params))
        return execute(sql, params, many, context)


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count the statements of each request, those of its sessions and sign-in included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        counter = Counter(keeps=ASK_FOR_PLANS in request.headers)
        with connection.execute_wrapper(counter):
            response = get_response(request)
        response.headers[HEADER] = str(counter.count)
        if counter.keeps:
            response.headers[PLANS] = json.dumps(planning_times(counter.kept))
        return response

    return middleware


def planning_times(statements: list[tuple[str, Any]]) -> list[tuple[float, str]]:
    """Return how long PostgreSQL plans each statement, in milliseconds, and how the statement begins.

    A connection of its own with the same settings is asked: nothing of the request's is prepared or spoilt by it.
    """
    found = []
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as asked:
        for sql, params in statements:
            text = psycopg.ClientCursor(asked).mogrify(sql, params)
            taken = []
            for _ in range(EXPLAINED_TIMES):
                lines = asked.execute(f"EXPLAIN (SUMMARY) {text}".encode()).fetchall()
                taken.append(next(float(line.split()[2]) for (line,) in lines if line.startswith("Planning Time")))
            found.append((min(taken), _gist(sql)))
    return found


def _gist(sql: str) -> str:
    """Return what a statement is about: its verb and its first table."""
    verb, _space, rest = sql.partition(" ")
    table = rest.partition({"SELECT": " FROM ", "DELETE": "FROM "}.get(verb, ""))[2] if verb == "SELECT" else rest
    return f"{verb} {table.split()[0] if table else ''}".encode("ascii", "replace").decode()[:80]
