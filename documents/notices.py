"""What people are told of documents: filed, waiting for a signature, taken out, brought back."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import DomainEvent
from core.policy.roles import Action, FolderKind
from documents.models import Document, DocumentVersion, Signature, Source
from mentoring.models import Membership
from mentoring.standing import Standing
from notices.kinds import NoticeKind, Said, Told, by_role, register
from notices.models import Notice, Topic, Way

AT_ONCE, IN_PAGE = Way.AT_ONCE, Way.IN_PAGE
EXAMPLE = {
    "tool": {"en": "Mentoring contract", "bg": "Договор за менторство"}, "session": {}, "subject_id": 1,
}  # fmt: skip


def reads_the_document(standing: Standing) -> Q:
    """Return the condition for documents that the person reads now: in the folder, and open to them."""
    return Q(Exists(Document.objects.allowing(standing, Action.VIEW).filter(pk=OuterRef("target_id"))))


def _lacks_the_signature(standing: Standing) -> Q:
    """Return the condition for documents that the person reads and has not signed in their current version."""
    signed = Signature.objects.filter(version=OuterRef("current"), person=standing.user_id)
    waiting = Document.objects.allowing(standing, Action.VIEW).filter(~Exists(signed))
    return Q(Exists(waiting.filter(pk=OuterRef("target_id"))))


def _read_it_before(standing: Standing) -> Q:
    """Return the condition for documents that were taken out and that the person could read."""
    return Q(Exists(Document.objects.once_open_to(standing).filter(pk=OuterRef("target_id"))))


def document_url(notice: Notice) -> str:
    """Return the page of the document."""
    return reverse("documents:document-detail", args=[notice.target_id])


def _members(group_id: int | None, *roles: str) -> list[int]:
    live = Membership.objects.live().of_group(group_id)
    return list((live.in_role(*roles) if roles else live).order_by("pk").values_list("user_id", flat=True))


def facts_of(document: Document) -> dict[str, Any]:
    """Return what `what` makes the name of a document of."""
    return {
        "tool": document.tool_version.content.get("title"),
        "session": document.session_title,
        "subject_id": document.subject_id,
        "folder": document.folder_id,
    }


def _told(document: Document, receivers: Iterable[int], reason: str = "role") -> Told:
    return Told(dict.fromkeys(receivers, reason), document.pk, facts_of(document))


Otherwise = Callable[[DocumentVersion], set[int]]

_otherwise: list[Otherwise] = []


def tell_otherwise(provider: Otherwise) -> None:
    """Let `provider` name whom an app above tells in its own words that a version was filed; nobody is told twice."""
    if provider not in _otherwise:
        _otherwise.append(provider)


def what(said: Said) -> str:
    """Return what a document is called: its type, the session, the person it is about."""
    named = ", ".join(filter(None, [said.text("tool"), said.text("session")]))
    return f"{named}: {said.person('subject_id')}" if said.person("subject_id") else named


def _version(event: DomainEvent) -> DocumentVersion | None:
    related = DocumentVersion.objects.select_related("document__tool_version", "document__folder")
    return related.filter(pk=int(event.target.rpartition(":")[2]), taken_back_at=None).first()


def _added(event: DomainEvent) -> Told | None:
    """Tell everybody of a file that was added; a form's own PDF tells nothing new, nor does a paper to be signed."""
    version = _version(event)
    if version is None or version.source == Source.RENDERED:
        return None
    missing = set(_signers_missing(version)).union(*(provider(version) for provider in _otherwise))
    return _told(version.document, [key for key in _members(event.group_id) if key not in missing])


def _signers_missing(version: DocumentVersion) -> list[int]:
    """Return the members whose signature a document needs and the version lacks."""
    signed_by = version.document.tool_version.signed_by
    if not signed_by:
        return []
    signed = set(Signature.objects.filter(version=version).values_list("person_id", flat=True))
    return [key for key in _members(version.document.folder.group_id, *signed_by) if key not in signed]


def _to_sign(event: DomainEvent) -> Told | None:
    """Tell those whose signature is missing, and nobody else."""
    version = _version(event)
    if version is None or version.document.current_id != version.pk:
        return None
    return _told(version.document, _signers_missing(version), "signer")


def _document(event: DomainEvent) -> Document | None:
    related = Document.objects.select_related("tool_version", "folder")
    return related.filter(pk=int(event.target.rpartition(":")[2])).first()


def _removed(event: DomainEvent) -> Told | None:
    """Tell who wrote it and whom it is about: for them something is missing now."""
    document = _document(event)
    if document is None or document.removed_at is None or document.folder.kind == FolderKind.PERSONAL:
        return None
    told = _told(document, [document.author_id], "writer")
    about = {document.subject_id: "about_you"} if document.subject_id is not None else {}
    return Told({**about, **told.receivers}, told.target, told.facts)


def _restored(event: DomainEvent) -> Told | None:
    document = _document(event)
    if document is None or document.removed_at is not None:
        return None
    people = {document.author_id: "writer"} | ({document.subject_id: "about_you"} if document.subject_id else {})
    return Told(people, document.pk, _told(document, []).facts)


def _folder_url(notice: Notice) -> str:
    return reverse("documents:folder-detail", args=[notice.facts["folder"]])


def _new(said: Said) -> str:
    if not said.who:
        return _("New in the folder: %(what)s") % {"what": what(said)}
    return _("%(who)s filed: %(what)s") % {"who": said.who, "what": what(said)}


def _sign(said: Said) -> str:
    return _("Waits for your signature: %(what)s") % {"what": what(said)}


def _is_signed(said: Said) -> str:
    return _("To sign: %(what)s") % {"what": what(said)}


def _how(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("Print it, sign it, and see that the signed paper is added to the folder.")


def _gone(said: Said) -> str:
    return _("%(who)s removed from the folder: %(what)s") % {"who": said.who, "what": what(said)}


def _why(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("You can read the reason in the folder.")


def _back(said: Said) -> str:
    return _("%(who)s restored: %(what)s") % {"who": said.who, "what": what(said)}


register(
    NoticeKind(
        code="document_filed", topic=Topic.DOCUMENTS, label=gettext_lazy("A document is filed"),
        events=("document.filed",), gather=_added, title=_new, url=document_url, reached_by=reads_the_document,
        ways={}, example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="document_to_sign", topic=Topic.ASKED, label=gettext_lazy("A document waits for your signature"),
        events=("document.filed",), gather=_to_sign, title=_sign, logged=_is_signed, line=_how, url=document_url,
        reached_by=_lacks_the_signature, logged_for=reads_the_document, ways=by_role(AT_ONCE), example=EXAMPLE,
        replaces=True,
    ),
    NoticeKind(
        code="document_removed", topic=Topic.DOCUMENTS, label=gettext_lazy("A document of yours is removed"),
        events=("document.removed",), gather=_removed, title=_gone, line=_why, url=_folder_url,
        reached_by=_read_it_before, ways=by_role(AT_ONCE), example=EXAMPLE,
    ),
    NoticeKind(
        code="document_restored", topic=Topic.DOCUMENTS, label=gettext_lazy("A document of yours is restored"),
        events=("document.restored",), gather=_restored, title=_back, url=document_url,
        reached_by=reads_the_document, ways={}, example=EXAMPLE,
    ),
)  # fmt: skip
