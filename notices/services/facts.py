"""Setting right what notices say where the thing they tell of is called otherwise by now."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from notices.models import Notice

if TYPE_CHECKING:
    from accounts.models import User


class _With(Func):
    """A JSON object with another value under one name."""

    function = "JSON_SET"
    output_field = Notice._meta.get_field("facts")

    def __init__(self, name: str, value: str) -> None:
        super().__init__(F("facts"), Value(f"$.{name}"), Value(value))
        self.name, self.value = name, value

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """Return the same for PostgreSQL, whose function takes a path and a JSON value."""
        value = Func(Cast(Value(self.value), TextField()), function="TO_JSONB")
        path = Func(Value(self.name), template="ARRAY[%(expressions)s]", output_field=TextField())
        found = Func(F("facts"), path, value, function="JSONB_SET", output_field=self.output_field)
        return compiler.compile(found.resolve_expression(compiler.query))


def call_otherwise(*, kinds: Collection[str], targets: "QuerySet[Any]", since: datetime, name: str, value: str) -> int:
    """Let notices that were made, seen or not, say another title from now on; return how many.

    Args:
        kinds: their codes.
        targets: keys of what they are about.
        since: when the first of them can have been made.
        name: of the fact, without dots or quotes.
        value: what it says now.
    """
    about = Notice.objects.filter(kind__in=kinds, target_id__in=targets, created_at__gte=since)
    return about.update(facts=_With(name, value))


def take_out(*, person: "User", kinds: Collection[str], targets: "QuerySet[Any]", name: str) -> None:
    """Let what one person was told say a fact no longer: what it asked of them is done.

    Args:
        kinds: the codes of the notices.
        targets: keys of what they are about.
        name: of the fact.
    """
    for notice in Notice.objects.filter(person=person, kind__in=kinds, target_id__in=targets):
        if notice.facts.pop(name, None):
            notice.save(update_fields=["facts"])
