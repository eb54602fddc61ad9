"""Says in a header how many SQL statements an answer took."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Queries"


class Counter:
    """Counts what goes to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count one statement, and let it pass."""
        self.count += 1
        return execute(sql, params, many, context)


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count the statements of each request, those of its sessions and sign-in included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        counter = Counter()
        with connection.execute_wrapper(counter):
            response = get_response(request)
        response.headers[HEADER] = str(counter.count)
        return response

    return middleware
