"""Make rows once, then put them back: making the world takes forty times as long as putting it back.

A test's transaction takes the rows of the world out again. After a test with real transactions all tables are emptied,
and the rows that every test finds are put back.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import models, transaction
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


def _put(tables: Tables) -> None:
    for model, rows in tables:
        model._base_manager.bulk_create(rows)


class Beginning:
    """The rows that are there when this is made: what the migrations and the standard pack brought."""

    def __init__(self) -> None:
        self._tables: Tables = [(model, list(rows.values())) for model, rows in _rows().items() if rows]

    def put_back(self) -> None:
        """Take everything else out of the database: what a test with real transactions has left there."""
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
        with transaction.atomic():
            _put(self._tables)


@dataclass(frozen=True)
class _Stand:
    """What the rows of a snapshot refer to; another stand needs another snapshot."""

    day: date
    pack: int
    permission: int


class Snapshot:
    """The rows of the world."""

    def __init__(self) -> None:
        self._stand: _Stand | None = None
        self._tables: Tables = []
        self._people: dict[str, int] = {}
        self._groups: tuple[int, int] = (0, 0)

    def world(self, pack: Pack) -> World:
        """Return the world, its rows in the database."""
        stand = _Stand(timezone.localdate(), pack.pk, Permission.objects.order_by("pk")[0].pk)
        if self._stand != stand:
            self._take(pack)
            self._stand = stand
        with transaction.atomic():
            _put(self._tables)
        return self._read()

    def _take(self, pack: Pack) -> None:
        """Make the world, keep its rows, take them out again."""
        before = _rows()
        with transaction.atomic():
            world = make_world(pack)
            after = _rows()
            transaction.set_rollback(True)
        for model, rows in before.items():
            for pk, row in rows.items():
                for field in model._meta.concrete_fields:
                    assert getattr(row, field.attname) == getattr(after[model][pk], field.attname), (
                        f"The world changes {row!r}, which was there before; a snapshot knows new rows only."
                    )
        new = [(model, [row for pk, row in rows.items() if pk not in before[model]]) for model, rows in after.items()]
        self._tables = [(model, rows) for model, rows in new if rows]
        self._people = {name: user.pk for name, user in world.cast.everybody().items()}
        self._groups = (world.group.pk, world.other_group.pk)

    def _read(self) -> World:
        """Return the world as objects of its own: what a test does to them reaches no other test."""
        people = User.objects.in_bulk(self._people.values())
        groups = MentoringGroup.objects.in_bulk(self._groups)
        group, other = (groups[pk] for pk in self._groups)
        related = Programme.objects.select_related("organisation", "pack")
        group.programme = other.programme = related.get(pk=group.programme_id)
        return World(Cast(**{name: people[pk] for name, pk in self._people.items()}), group.programme, group, other)
