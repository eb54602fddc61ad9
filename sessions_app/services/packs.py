"""The session catalogue of a pack, into the database."""

from typing import Any

from core.packs import canonical_digest
from mentoring.models import Pack
from sessions_app.models import CatalogueSession, Section


def load_sections(*, pack: Pack, sections: list[dict[str, Any]]) -> list[str]:
    """Bring the sections and sessions of a validated pack into the database.

    A changed session that a plan uses stays as it is for that plan; the new text becomes the next version.

    Returns:
        One line per change; empty when nothing changed.
    """
    told: list[str] = []
    offered: list[int] = []
    for section in sections:
        content = {key: value for key, value in section.items() if key != "sessions"}
        Section.objects.update_or_create(pack=pack, kind=section["kind"], defaults={"content": content})
        for session in section["sessions"]:
            offered.append(_load_session(pack, section["kind"], session, told))
    CatalogueSession.objects.offered(pack.pk).exclude(pk__in=offered).update(is_current=False)
    return told


def _load_session(pack: Pack, kind: str, session: dict[str, Any], told: list[str]) -> int:
    """Bring one session; return the key of the row that is offered now."""
    digest = canonical_digest(session)
    known = CatalogueSession.objects.filter(pack=pack, kind=kind, key=session["key"])
    newest: CatalogueSession | None = known.order_by("-version").first()
    if newest is not None and newest.digest == digest:
        if not newest.is_current:
            CatalogueSession.objects.filter(pk=newest.pk).update(is_current=True)
        return newest.pk
    columns = {"number": session["number"], "content": session, "digest": digest, "is_current": True}
    if newest is not None and not newest.planned.exists():
        CatalogueSession.objects.filter(pk=newest.pk).update(**columns)
        told.append(f"session {session['key']}: changed")
        return newest.pk
    version = newest.version + 1 if newest else 1
    told.append(f"session {session['key']}: version {version} added")
    added: CatalogueSession = CatalogueSession.objects.create(
        pack=pack, kind=kind, key=session["key"], version=version, **columns
    )
    return added.pk
