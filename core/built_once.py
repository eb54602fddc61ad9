"""Reads whose SQL is built once: Django takes longer to build and compile a statement than PostgreSQL to answer it.

    @built_once
    def _owed(groups: Keys, user: int) -> Any:
        return ChecklistItem.objects.filter(group__in=groups, subject=user, state="todo")

    _owed(frozenset({7, 9}), 3)  # a list of rows

What is kept is the text of the statement, by how many values each argument has; every value in it (whose rows, in
which groups, on which day) is that of the call. So nothing that decides rights outlives a request (decision 0036). The
function sees stand-ins in place of the values the first time, and only puts them into a queryset: it decides nothing by
them, and asks neither a clock nor the language. What changes the text of the statement is a keyword argument. The tests
build every statement anew beside the kept one, at every call, and compare them.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache, update_wrapper
from typing import Any, ClassVar, Final

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Keys = Collection[int]
SHAPES_KEPT: Final = 64
"""How many texts of one statement are kept: somebody in three groups needs another one than somebody in two."""

_FIRST_KEY: Final = 2_000_000_000
"""Keys from here on stand for those of the call; they fit into the columns of every key."""

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class _Built:
    """A statement as it was compiled: `places` names the parameters that are filled in, and by which value."""

    queryset: Any  # of any kind; what its iterable reads of it is not in the stubs
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]


class _Filled:
    """A queryset as far as its iterable asks for it: the statement is there already."""

    def __init__(self, built: _Built, compiler: Any) -> None:
        self.db = compiler.using
        self.query = self
        self._fields = built.queryset._fields
        self._known_related_objects: dict[Any, Any] = {}
        self._compiler = compiler

    def get_compiler(self, using: str) -> Any:  # noqa: ARG002 -- Django's signature
        """Return the compiler that has the statement."""
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiler.query, name)


class BuiltOnce:
    """A read that takes plain values and returns a list of rows."""

    checks: ClassVar[Any] = None
    """Asked with every statement that goes out; the tests compare it with one that was built anew."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self._built = lru_cache(maxsize=SHAPES_KEPT)(self._build)
        update_wrapper(self, build)

    def __call__(self, *args: Any, **words: Any) -> list[Any]:
        """Return the rows.

        Args:
            args: keys, texts and days, or collections of them; a query in place of keys is built anew.
            words: what changes the text of the statement.
        """
        values: list[Any] = []
        shape = tuple(_shape(each, values) for each in args)
        if None in shape:
            return list(self.build(*args, **words))
        built = self._built(connections[DEFAULT_DB_ALIAS].vendor, shape, tuple(sorted(words.items())))
        if built is None:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        params = list(built.params)
        for place, number in built.places:
            params[place] = _adapted(values[number], connection)
        compiler = copy.copy(built.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_words: (built.sql, tuple(params))
        if self.checks is not None:
            self.checks(self.build(*args, **words), built.sql, tuple(params))
        return list(built.queryset._iterable_class(_Filled(built, compiler)))

    def _build(
        self,
        vendor: str,  # noqa: ARG002 -- another database is another text
        shape: tuple[Any, ...],
        words: tuple[tuple[str, Any], ...],
    ) -> _Built | None:
        """Build the statement with stand-ins; None when it can have no rows.

        Raises:
            TypeError: a moment is part of its text, or an argument is not.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        stand_ins: list[Any] = []
        queryset = self.build(*(_stood_for(each, stand_ins) for each in shape), **dict(words))
        if queryset._prefetch_related_lookups:
            raise TypeError(f"{self.build.__name__}: what is prefetched is read by a statement of its own.")
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        numbers = {_adapted(each, connection): number for number, each in enumerate(stand_ins)}
        places = tuple((place, numbers[each]) for place, each in enumerate(params) if _is_known(each, numbers))
        fixed = [each for each in params if not _is_known(each, numbers)]
        if any(isinstance(each, dt.date) or (isinstance(each, str) and _DAY.match(each)) for each in fixed):
            raise TypeError(f"{self.build.__name__}: a day or a moment must be an argument.")
        unused = set(range(len(stand_ins))) - {number for _place, number in places}
        if unused and not _has_nothing(shape):  # what is among no keys falls away with everything beside it
            raise TypeError(f"{self.build.__name__}: the values {sorted(unused)} are nowhere in the statement.")
        return _Built(queryset, compiler, sql, tuple(params), places)


def built_once(build: Callable[..., Any]) -> BuiltOnce:
    """Let a function that puts its arguments into a queryset build it once; see above."""
    return BuiltOnce(build)


def keys_of(rows: Any) -> Any:
    """Return the keys of these rows; a query of them stays one."""
    return rows if isinstance(rows, QuerySet) else [row.pk for row in rows]


def _shape(value: Any, values: list[Any]) -> Any:
    """Return what kind of value it is, how many for a collection, and note them; None for what is no plain value."""
    if isinstance(value, str):
        values.append(str(value))
        return "text"
    if type(value) in (int, dt.date, dt.datetime):
        values.append(value)
        return type(value).__name__
    if isinstance(value, list | tuple | set | frozenset):
        inner = tuple(_shape(each, values) for each in dict.fromkeys(value))
        return None if None in inner else inner
    return None


def _has_nothing(shape: Any) -> bool:
    """Return whether a collection of the arguments is empty."""
    return isinstance(shape, tuple) and (not shape or any(_has_nothing(each) for each in shape))


def _stood_for(shape: Any, stand_ins: list[Any]) -> Any:
    """Return a value of this shape that stands for the one of a call."""
    if isinstance(shape, tuple):
        return tuple(_stood_for(each, stand_ins) for each in shape)
    number = len(stand_ins)
    kinds: dict[str, Callable[[], Any]] = {
        "text": lambda: f"<{number}>",
        "int": lambda: _FIRST_KEY + number,
        "date": lambda: dt.date(1, 1, 1) + dt.timedelta(days=number),
        "datetime": lambda: dt.datetime(1, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number),
    }
    stand_ins.append(kinds[shape]())
    return stand_ins[-1]


def _adapted(value: Any, connection: Any) -> Any:
    """Return a value as the statement's parameter has it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _is_known(param: Any, numbers: dict[Any, int]) -> bool:
    return isinstance(param, int | str | dt.date) and not isinstance(param, bool) and param in numbers
