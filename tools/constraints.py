"""One row per subject and session, also where there is no subject.

SQLite has no NULLS NOT DISTINCT, so the rule is two constraints: with a subject, and without.
"""

from django.db.models import Q, UniqueConstraint


def one_each(name: str, *fields: str, condition: Q | None = None) -> list[UniqueConstraint]:
    """Return the constraints that `fields`, `subject` and `session` together occur once.

    Args:
        name: beginning of the constraints' names.
        condition: rows for which it holds; all when None.
    """
    rest = condition or Q()
    return [
        UniqueConstraint(
            fields=[*fields, "subject", "session_key"],
            condition=Q(subject__isnull=False) & rest,
            name=f"{name}_per_subject",
        ),
        UniqueConstraint(
            fields=[*fields, "session_key"], condition=Q(subject__isnull=True) & rest, name=f"{name}_without_subject"
        ),
    ]
