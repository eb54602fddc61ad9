"""Make rows once, then put them back: making the world takes a hundred times as long as putting it back.

A test's transaction takes the rows of the world out again. After a test with real transactions all tables are emptied,
and the rows that every test finds are put back.
"""

import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import User
from mentoring.models import MentoringGroup, Pack, Programme
from tests.cast import Cast, World, make_world

Rows = dict[type[models.Model], dict[Any, models.Model]]
Tables = list[tuple[type[models.Model], list[models.Model]]]


def _rows() -> Rows:
    """Return every row of every table."""
    return {
        model: {row.pk: row for row in model._base_manager.all()}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


class _Kept:
    """Rows that are put into the database again and again.

    Django writes the statements the first time; then they are sent as they are. Writing them was nine tenths of it.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._statements: list[tuple[str, Any]] = []

    def put(self) -> None:
        """Put the rows into the database, where they must not be."""
        with transaction.atomic():
            if self._statements:
                with connection.cursor() as cursor:
                    for sql, params in self._statements:
                        cursor.execute(sql, params)
            else:
                with connection.execute_wrapper(self._remember):
                    for model, rows in self._tables:
                        model._base_manager.bulk_create(rows)

    def _remember(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self._statements.append((sql, params))
        return execute(sql, params, many, context)


class Beginning:
    """The rows that are there when this is made: what the migrations and the standard pack brought."""

    def __init__(self) -> None:
        self._kept = _Kept([(model, list(rows.values())) for model, rows in _rows().items() if rows])

    def put_back(self) -> None:
        """Take everything else out of the database: what a test with real transactions has left there."""
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
        self._kept.put()


class Snapshot:
    """The rows of the world, and the objects that stand for them; another day or pack needs others."""

    def __init__(self) -> None:
        self._stand: tuple[date, int] | None = None
        self._kept = _Kept([])
        self._world = b""

    def world(self, pack: Pack) -> World:
        """Return the world, its rows in the database; the objects are new ones for every test."""
        stand = (timezone.localdate(), pack.pk)
        if self._stand != stand:
            self._take(pack)
            self._stand = stand
        self._kept.put()
        world: World = pickle.loads(self._world)  # noqa: S301 -- written here
        return world

    def _take(self, pack: Pack) -> None:
        """Make the world, keep it, take it out again."""
        before = _rows()
        with transaction.atomic():
            world = make_world(pack)
            after = _rows()
            self._world = pickle.dumps(_as_read(world))
            transaction.set_rollback(True)
        for model, rows in before.items():
            for pk, row in rows.items():
                for field in model._meta.concrete_fields:
                    assert getattr(row, field.attname) == getattr(after[model][pk], field.attname), (
                        f"The world changes {row!r}, which was there before; a snapshot knows new rows only."
                    )
        new = [(model, [row for pk, row in rows.items() if pk not in before[model]]) for model, rows in after.items()]
        self._kept = _Kept([(model, rows) for model, rows in new if rows])


def _as_read(world: World) -> World:
    """Return the world as it is read from the database, without what its making has left at the objects."""
    names = {user.pk: name for name, user in world.cast.everybody().items()}
    people = {names[pk]: user for pk, user in User.objects.in_bulk(names).items()}
    group, other = (MentoringGroup.objects.get(pk=made.pk) for made in (world.group, world.other_group))
    related = Programme.objects.select_related("organisation", "pack")
    group.programme = other.programme = related.get(pk=world.programme.pk)
    return World(Cast(**people), group.programme, group, other)
