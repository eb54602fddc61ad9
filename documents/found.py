"""Documents that are searched for: by number, kind, session and person."""

import re
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from core.built_once import Keys, built_once
from core.policy.roles import Action, audiences_of
from core.search import matches, patterns_of
from documents.access import grants_to
from mentoring.standing import Standing
from tools.subjects import subject_fills_in

Said = Collection[tuple[str, Collection[str]]]
"""Words, each as a regular expression and with those of its spellings as a name."""


def said_in(words: str) -> Said:
    """Return the words as a database looks for them."""
    return tuple({re.escape(word): patterns_of(word) for word in words.split()}.items())


def holds(said: Said) -> Q:
    """Return the condition that tool, session, number or person of a document contains each of the words."""
    condition = Q()
    for word, spellings in said:
        there = Q(number__iregex=word)
        for title in ("tool_version__content__title", "session_title"):
            there |= Q(**{f"{title}__en__iregex": word}) | Q(**{f"{title}__bg__iregex": word})
        if spellings:
            there |= matches(spellings, "subject__search_text", "author__search_text")
        condition &= there
    return condition


@built_once
def _found(
    reader: int, auth_groups: Keys, open_to: Collection[tuple[Collection[str], Keys]], said: Said, place: Keys,
    *, is_placed: bool, start: int, stop: int,
) -> Any:  # fmt: skip
    from documents.models import Document  # noqa: PLC0415 -- models import the querysets, which ask here

    theirs = Q(author=reader) | Q(subject=reader) & subject_fills_in("tool_version__")
    for audiences, groups in open_to:
        theirs |= Q(audience__in=audiences, folder__group__in=groups)
    granted = grants_to(auth_groups, reader, Action.VIEW).values("content_object")
    found = Document.objects.filter(theirs, folder__in=granted, removed_at__isnull=True).with_bytes()
    found = found.filter(holds(said), **({"folder__group__in": place} if is_placed else {}))
    shown = ("folder__group__name", "subject__full_name", "tool_version_id", "session_title", "number")
    return found.select_related("folder__group", "subject").only(*shown).order_by("-changed_at", "-pk")[start:stop]


def documents_found(standing: Standing, words: str, *, part: slice, group: Any = None) -> list[Any]:
    """Return the documents that the person may read and that hold all the words, the last filed first.

    The same as `Document.objects.allowing(standing, Action.VIEW).matching(words)`, as a result of a search shows them.

    Args:
        part: which of them.
        group: only those in its folders.
    """
    open_to = tuple((tuple(audiences_of(role)), groups) for role, groups in standing.groups_by_role())
    place = (group.pk,) if group is not None else ()
    return _found(
        standing.user_id, standing.auth_groups(), open_to, said_in(words), place,
        is_placed=group is not None, start=part.start, stop=part.stop,
    )  # fmt: skip
