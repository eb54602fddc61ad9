"""A row that is to be changed, held until the transaction ends, and read as it is then."""

from typing import Any

from django.db.models import QuerySet

from core.errors import NotYoursError


def read_held(found: QuerySet[Any], pk: Any) -> Any:
    """Lock the row of `pk`, then read it with what `found` joins.

    In one statement, PostgreSQL reads the locked row anew after it waited for somebody else, but not the rows that are
    joined to it: a foreign key that was set meanwhile would lead nowhere.

    Raises:
        NotYoursError: it was deleted meanwhile, or is not among `found`: it answers as what is not there.
    """
    row = found.model._default_manager.select_for_update(of=("self",)).only("pk").filter(pk=pk).first()
    held = found.filter(pk=pk).first() if row is not None else None
    if held is None:
        raise NotYoursError
    return held
