"""Who sees which folders, documents and their versions."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final, Self

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, Length

from core.built_once import Keys, built_once
from core.days import programme_today
from core.lines import Lines
from core.policy.querysets import AccessQuerySet
from core.policy.roles import READ_ONLY_STAGES, Action, Area, audiences_of
from documents.access import audience_open, audience_open_in, audiences_in, folder_granted, grants_to, reads_in
from documents.found import documents_found, holds, said_in
from mentoring.models import Membership
from tools.subjects import fills_in_about_oneself

ORDERS: Final[dict[str, list[Any]]] = {
    "oldest": ["changed_at", "pk"],
    # Sessions are numbered: the longer the key, the later the session.
    "type": [
        "tool_version__tool__number", Length("session_key").desc(), "-session_key", "subject__full_name", "-changed_at",
        "pk",
    ],
}  # fmt: skip
"""The orders of the folder page, besides the newest first."""

OpenTo = tuple[tuple[Collection[str], Keys], ...]
"""Audiences, and the folders in which the reader belongs to them (`access.audiences_in`)."""


def _open(reader: int, open_to: OpenTo, folders: Keys) -> Any:
    from documents.models import Document  # noqa: PLC0415 -- models import this module

    found = Document.objects.filter(reads_in(reader, open_to), folder__in=folders, removed_at__isnull=True)
    return found.with_bytes()


@built_once
def _first_rows(reader: int, open_to: OpenTo, folders: Keys, day: date, *, order: str, limit: int) -> Any:
    return _open(reader, open_to, folders).sorted_by(order).for_rows(day)[:limit]


@built_once
def _own_rows(reader: int, open_to: OpenTo, folders: Keys, day: date, versions: Keys, *, limit: int) -> Any:
    theirs = Q(subject=reader) | Q(author=reader) | Q(subject__isnull=True)
    return _open(reader, open_to, folders).filter(theirs).for_rows(day).first_of(versions)[:limit]


@built_once
def _by_folder(reader: int, open_to: OpenTo, folders: Keys) -> Any:
    return _open(reader, open_to, folders).order_by().values_list("folder").annotate(n=Count("pk"))


@built_once
def _folder_for_page(key: int, auth_groups: Keys, person: int) -> Any:
    from documents.models import Folder  # noqa: PLC0415 -- models import this module

    granted = grants_to(auth_groups, person, Action.VIEW).values("content_object")
    return Folder.objects.filter(pk__in=granted, pk=key).for_page()


class FolderQuerySet(AccessQuerySet):
    """Folders."""

    area = Area.FOLDER

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the folders on which the person holds the grant, through a membership of today."""
        return self.filter(folder_granted(standing, action, "pk"))

    def one_for_page(self, standing: Any, action: Action, key: int, *, area: Area | None = None) -> Any:
        """Return the folder with this key and its group, if the person may do `action` with it; else None."""
        if action != Action.VIEW:
            return super().one_for_page(standing, action, key, area=area)
        return next(iter(_folder_for_page(key, standing.auth_groups(), standing.user_id)), None)

    def of_group(self, group: Any) -> Self:
        """Return the folders of a group."""
        return self.filter(group=group)

    def for_page(self) -> Self:
        """Return folders with their group, and `has_removed`: whether something was taken out of them."""
        from documents.models import Document  # noqa: PLC0415 -- models import this module

        taken_out = Document.objects.filter(folder=OuterRef("pk"), removed_at__isnull=False).order_by()
        return self.select_related("group__programme").annotate(has_removed=Exists(taken_out))

    def with_narrowing(self) -> Self:
        """Return folders with `is_narrowed`: whether something is withheld there."""
        from documents.models import FolderRestriction  # noqa: PLC0415 -- models import this module

        marked: Self = FolderRestriction.objects.mark_narrowed(self, "pk")
        return marked

    def held(self, keys: list[int]) -> Self:
        """Return these folders, locked until the end of the transaction; others may still refer to them."""
        return self.filter(pk__in=keys).select_for_update(of=("self",), no_key=True).order_by("pk")

    def of_kind(self, kind: str) -> Any:
        """Return the first folder of a kind, or None."""
        return self.filter(kind=kind).first()


def _reachable(standing: Any, action: Action, prefix: str = "") -> tuple[Q, ...]:
    """Return the conditions that a document's folder grants `action` and that its audience includes the person.

    Args:
        prefix: path to the document, with trailing underscores.
    """
    if action == Action.REMOVE:
        state = ~Q(**{f"{prefix}folder__group__stage__in": READ_ONLY_STAGES})
    else:
        state = Q(**{f"{prefix}removed_at__isnull": True})
    is_there = Q(**{f"{prefix}current__isnull": False})  # not only its number, while the first PDF is made
    folder = folder_granted(standing, action, f"{prefix}folder") & is_there
    return folder, audience_open(standing, f"{prefix}folder__group", prefix=prefix, form=prefix), state


class DocumentQuerySet(AccessQuerySet):
    """Documents."""

    area = Area.FOLDER

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return documents whose folder grants `action` and whose audience includes the person."""
        return self.filter(*_reachable(standing, action))

    def shown_or_removed(self, standing: Any, action: Action) -> Self:
        """Return what `allowing` does, and what was removed and the person could read before: its address says so."""
        folder, audience, _is_there = _reachable(standing, action)
        return self.filter(folder, audience)

    def open_in(self, folders: Collection[Any], standing: Any) -> Self:
        """Return the documents of these folders that the person may read, where it is known that they read the folders.

        The same as `allowing(standing, Action.VIEW)` in them, without asking for the grants once more.
        """
        keys = [folder.pk for folder in folders]
        return self.filter(audience_open_in(standing, folders), folder__in=keys, removed_at__isnull=True)

    def removed_from(self, folder: Any, standing: Any) -> Self:
        """Return what was taken out of a folder and the person may bring back, the last first.

        For who may remove from this folder; the same as `allowing(standing, Action.REMOVE)` there.
        """
        if folder.group.is_read_only:
            return self.none()
        return self.filter(audience_open_in(standing, [folder]), folder=folder.pk).removed()

    def removed_about(self, folder: Any, standing: Any) -> Self:
        """Return what was taken out of a folder, is about or by this person, and could be read by them.

        So that they learn why; of notes about them that others keep for themselves they learn nothing.
        """
        theirs = Q(subject=standing.user_id) | Q(author=standing.user_id)
        return self.filter(theirs, audience_open_in(standing, [folder]), folder=folder.pk).removed()

    def once_open_to(self, standing: Any) -> Self:
        """Return what was taken out of folders and the person could read before: they may learn that it was."""
        granted = folder_granted(standing, Action.VIEW, "folder")
        return self.filter(granted, audience_open(standing, "folder__group")).removed()

    def also_allowing(self, standing: Any, action: Action) -> Self:
        """Return those of these documents on which this person may do `action` too."""
        return self.filter(pk__in=self.model.objects.allowing(standing, action).order_by().values("pk"))

    def not_allowing(self, standing: Any, action: Action) -> Self:
        """Return those of these documents on which this person may not do `action`: to count, never to show."""
        return self.exclude(pk__in=self.model.objects.allowing(standing, action).order_by().values("pk"))

    def count_by_audience(self) -> dict[str, int]:
        """Return how many there are, by audience."""
        return dict(self.order_by().values_list("audience").annotate(n=Count("pk")))

    def in_folder(self, folder: Any) -> Self:
        """Return the documents of a folder."""
        return self.filter(folder=folder)

    def in_folders_of(self, group: Any) -> Self:
        """Return the documents of all folders of a group."""
        return self.filter(folder__group=group)

    def with_key(self, key: int) -> Any:
        """Return the one with this key, or None."""
        return self.filter(pk=key).first()

    def count_open_in(self, folders: Collection[Any], standing: Any) -> dict[int, int]:
        """Return how many filed documents the person may read (`open_in`), by folder."""
        return dict(_by_folder(standing.user_id, audiences_in(standing, folders), [each.pk for each in folders]))

    def first_open_in(self, folder: Any, standing: Any, order: str, limit: int) -> list[Any]:
        """Return the first filed documents of a folder that the person may read (`open_in`), as `for_rows()`."""
        open_to, order = audiences_in(standing, [folder]), order if order in ORDERS else ""
        return _first_rows(standing.user_id, open_to, [folder.pk], programme_today(), order=order, limit=limit)

    def own_open_in(self, folders: Collection[Any], standing: Any, first: Keys, limit: int) -> list[Any]:
        """Return filed documents about the person or the whole group and those they wrote, as far as `open_in`.

        Args:
            first: the versions of tools that come first.
        """
        open_to, keys = audiences_in(standing, folders), [each.pk for each in folders]
        return _own_rows(standing.user_id, open_to, keys, programme_today(), first, limit=limit)

    def with_bytes(self) -> Self:
        """Return documents that have a version."""
        return self.filter(current__isnull=False)

    def of_cell(self, group: Any, tool: Any) -> Self:
        """Return the documents of one tool in one group that have a version."""
        return self.with_bytes().filter(folder__group=group, tool_version__tool=tool)

    def removed(self) -> Self:
        """Return documents that were taken out of their folder and can be brought back, the last first."""
        return self.filter(removed_at__isnull=False).order_by("-removed_at", "-pk")

    def for_removed(self) -> Self:
        """Return removed documents with who took them out."""
        people = ("subject__full_name", "removed_by__call_name", "removed_by__full_name", "removed_by__email")
        own = ("folder_id", "tool_version_id", "session_title", "number", "removed_at", "removed_reason")
        return self.select_related("subject", "removed_by").only(*own, *people)

    def with_hindrances(self, folder: Any, standing: Any, others: Mapping[str, Any]) -> Self:
        """Annotate removed documents of a folder with `taken_by`: the number of what is there now about the same.

        None where nothing is; empty where the person may not read it.

        Args:
            others: what else keeps them from being restored: expressions by name.
        """
        is_open = Q(folder=folder.pk) & audience_open_in(standing, [folder])
        there = self.model.objects.with_bytes().alias(person=Coalesce("subject_id", 0)).filter(
            folder__group=folder.group_id, removed_at__isnull=True, tool_version__tool=OuterRef("tool_version__tool"),
            session_key=OuterRef("session_key"), person=Coalesce(OuterRef("subject_id"), 0),
        )  # fmt: skip
        number = there.order_by().values_list(Case(When(is_open, then="number"), default=Value("")))
        return self.annotate(taken_by=Subquery(number[:1]), **others)

    def about_the_same(self, group: Any, tool_id: int, subject_id: int | None, session_key: str) -> Self:
        """Return the document of one tool, person and session in a group: one at most."""
        return self.filter(
            folder__group=group,
            tool_version__tool=tool_id,
            subject=subject_id,
            session_key=session_key,
            removed_at__isnull=True,
        ).select_related("current", "tool_version")

    def audiences_about(self, group: Any, tool: Any, subject: Any, session_key: str) -> Any:
        """Return the audiences of all documents of one tool, person and session, removed and unfinished ones too."""
        found = self.filter(folder__group=group, tool_version__tool=tool, subject=subject, session_key=session_key)
        return found.order_by().values_list("audience", flat=True)

    def sessions_of(self, group: Any, tool: Any) -> list[tuple[str, dict[str, Any]]]:
        """Return the sessions that documents of a tool are about, with their words."""
        found = self.filter(folder__group=group, tool_version__tool=tool).exclude(session_key="")
        return list(found.order_by("session_key").values_list("session_key", "session_title").distinct())

    def of_tool(self, key: str) -> Self:
        """Return the documents of one tool; all when the key is empty."""
        return self.filter(tool_version__tool__key=key) if key else self

    def sorted_by(self, order: str) -> Self:
        """Return documents in one of the orders of the folder page: newest, oldest, type."""
        return self.order_by(*ORDERS.get(order, ["-changed_at", "-pk"]))

    def matching(self, words: str) -> Self:
        """Return documents whose tool, session, number or person contains `words`, in any language."""
        return self.filter(holds(said_in(words)))

    def with_signature_count(self, day: date | None = None) -> Self:
        """Return documents with `signature_count`: how many of the people of today have signed the current version."""
        from documents.models import Signature  # noqa: PLC0415 -- models import this module

        here = Membership.objects.live(day).filter(
            user=OuterRef("person"), group=OuterRef("version__document__folder__group")
        )
        signed = Signature.objects.filter(Exists(here), version=OuterRef("current")).order_by().values("version")
        return self.annotate(signature_count=Coalesce(Subquery(signed.annotate(n=Count("pk")).values("n")), 0))

    def for_rows(self, day: date | None = None) -> Self:
        """Return documents with their current version; people and tools are known to the page (`rows.complete`)."""
        own = (
            "folder_id", "tool_version_id", "subject_id", "author_id", "session_key", "session_title", "changed_at",
        )  # fmt: skip
        current = [f"current__{name}" for name in ("number", "source", "pages", "created_by_id", "created_at")]
        return self.select_related("current").only(*own, *current).with_signature_count(day)

    def first_of(self, versions: Collection[int]) -> Self:
        """Return documents of these versions of tools first, then the newest, with `total`: how many there are."""
        first = Case(When(tool_version__in=versions, then=0), default=1)
        return self.annotate(total=Window(Count("pk"))).order_by(first, "-changed_at", "-pk")

    def for_list(self) -> Self:
        """Return documents with everything that is shown of them."""
        shown = ("tool_version__tool", "subject", "author", "current__created_by", "folder__group")
        return self.select_related(*shown).with_signature_count()

    def search(self, standing: Any, words: str, *, part: slice, group: Any = None) -> list[Any]:
        """Return those `matching` the words that the person may read, in one group or in all, the last filed first."""
        return documents_found(standing, words, part=part, group=group)

    def for_page(self) -> Self:
        """Return documents with folder and group, and what was corrected of them.

        `has_moved`, `is_signed_anew` and `was_brought_back` say whether there is such a correction.

        The page reads the versions, and knows people and tools already.
        """
        from documents.models import (  # noqa: PLC0415 -- models import this module
            AboutCorrection,
            BroughtBack,
            SignatureCorrection,
        )

        brought_back = BroughtBack.objects.filter(document=OuterRef("pk")).order_by()
        moves = AboutCorrection.objects.filter(document=OuterRef("pk")).order_by()
        signed_anew = SignatureCorrection.objects.filter(version__document=OuterRef("pk")).order_by()
        found = self.select_related("folder__group__programme")
        return found.annotate(
            has_moved=Exists(moves), is_signed_anew=Exists(signed_anew), was_brought_back=Exists(brought_back)
        )

    def for_check(self, code: str) -> Self:
        """Return the filed document that carries this verification code, with its versions."""
        related = self.select_related("tool_version", "folder__group__programme__organisation")
        return related.prefetch_related("versions").filter(
            check_code=code, removed_at__isnull=True, current__isnull=False
        )


class DocumentVersionQuerySet(AccessQuerySet):
    """Versions."""

    area = Area.FOLDER

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return versions of documents that the person may read; a version handed in for fewer stays with them."""
        narrower = audience_open(standing, "document__folder__group", author="written_by", form="document__")
        valid = Q(taken_back_at__isnull=True)
        return self.filter(*_reachable(standing, action, "document__"), Q(audience="") | narrower, valid)

    def open_of(self, document: Any, standing: Any) -> Self:
        """Return the versions of a document that the person may read, where it is known that they read the document.

        The same as `allowing(standing, Action.VIEW)` there, and those taken back too: a keeper learns that there were
        some, and opens none.
        """
        role = standing.role_in(document.folder.group_id)
        open_to = Q(audience="") | Q(written_by=standing.user_id)
        open_to |= Q(audience__in=audiences_of(role))
        is_theirs = document.subject_id == standing.user_id and fills_in_about_oneself(document.tool_version)
        return self.filter(document=document) if is_theirs else self.filter(open_to, document=document)

    def of_document(self, document: Any) -> Self:
        """Return the versions of a document, the newest first."""
        return self.filter(document=document).order_by("-number")

    def made_by(self, rendering_id: int | None) -> Any:
        """Return the version that a rendering was filed as, with its document; None when it was not."""
        return self.select_related("document").filter(rendering=rendering_id).first() if rendering_id else None

    def added(self) -> Self:
        """Return versions that people added, the newest first: only these can be signed, not those made from forms."""
        from documents.models import Source  # noqa: PLC0415 -- models import this module

        return self.valid().exclude(source=Source.RENDERED).order_by("-number")

    def valid(self) -> Self:
        """Return versions that were not taken back."""
        return self.filter(taken_back_at__isnull=True)

    def has_earlier(self, version: Any) -> bool:
        """Return whether there is a valid one that would be current without `version`."""
        return self.valid().filter(document=version.document_id, number__lt=version.number).exists()

    def for_download(self) -> Self:
        """Return versions with what their file name says."""
        return self.select_related("document__tool_version")


class SignatureCorrectionQuerySet(models.QuerySet[Any]):
    """Corrections of signatures."""

    def of_document(self, document: Any) -> Self:
        """Return those of all versions of a document, newest first, with everybody they name: a name in a line."""
        found = self.filter(version__document=document).select_related("corrected_by", "version")
        named = {"added_names": self._names_of("added"), "removed_names": self._names_of("removed")}
        return found.annotate(**named).order_by("-corrected_at", "-pk")

    def _names_of(self, field: str) -> Subquery:
        lines = getattr(self.model, field).through.objects.filter(signaturecorrection=OuterRef("pk")).order_by()
        named = lines.values("signaturecorrection").annotate(names=Lines("user__full_name"))
        return Subquery(named.values("names"))


class AboutCorrectionQuerySet(models.QuerySet[Any]):
    """Corrections of what documents are about."""

    def of_document(self, document: Any) -> Self:
        """Return those of a document, newest first, with everybody they name."""
        return self.filter(document=document).select_related("corrected_by", "was_subject", "is_subject")


class BroughtBackQuerySet(models.QuerySet[Any]):
    """What was taken out or taken back and is there again."""

    def of_document(self, document: Any) -> Self:
        """Return those of a document, newest first, with the version and everybody they name."""
        return self.filter(document=document).select_related("version", "taken_by", "brought_by")


class SignatureQuerySet(models.QuerySet[Any]):
    """Who signed which version."""

    def signers_of(self, versions: Collection[Any]) -> dict[int, list[Any]]:
        """Return the people who signed, by the key of the version."""
        found: dict[int, list[Any]] = {}
        for signature in self.filter(version__in=versions).select_related("person").order_by("pk"):
            found.setdefault(signature.version_id, []).append(signature.person)
        return found


class DownloadQuerySet(models.QuerySet[Any]):
    """Records of who opened what."""

    def of_document(self, document: Any) -> Self:
        """Return who opened the versions of a document, the last first, with the person and the version."""
        return self.filter(version__document=document).select_related("user", "version").order_by("-opened_at", "-pk")


class FolderRestrictionQuerySet(AccessQuerySet):
    """Restrictions of folders, lifted ones included."""

    area = Area.FOLDER

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the restrictions of folders on which the person may do `action`."""
        return self.filter(folder_granted(standing, action, "folder"))

    def live(self) -> Self:
        """Return those that hold."""
        return self.filter(lifted_at__isnull=True)

    def lifted(self) -> Self:
        """Return those that hold no longer, the last lifted first."""
        return self.filter(lifted_at__isnull=False).order_by("-lifted_at", "-pk")

    def of_folders(self, folders: Any) -> Self:
        """Return those of these folders."""
        return self.filter(folder__in=folders)

    def of_group(self, group: Any) -> Self:
        """Return those of all folders of a group."""
        return self.filter(folder__group=group)

    def of_person(self, user_id: int) -> Self:
        """Return those of one person; those of a role are part of its grants."""
        return self.filter(person=user_id)

    def of_target(self, *, role: str, person: Any) -> Self:
        """Return those of a role, or of a person."""
        return self.filter(role=role, person=person)

    def mark_narrowed(self, rows: Any, folder: str) -> Any:
        """Return `rows` of another table with `is_narrowed`: whether something is withheld in their folder.

        Args:
            folder: lookup path from the row to its folder's key.
        """
        return rows.annotate(is_narrowed=Exists(self.live().order_by().filter(folder=OuterRef(folder))))

    def withholding(self, action: Action) -> Self:
        """Return those that withhold `action`."""
        return self.filter(**{f"withholds_{action.value}": True})

    def with_people(self) -> Self:
        """Return restrictions with the people named in them."""
        return self.select_related("person", "made_by", "lifted_by")

    def for_page(self) -> Self:
        """Return restrictions with their folder and group, and the people named in them."""
        return self.with_people().select_related("folder__group__programme__pack")
