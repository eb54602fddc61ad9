"""What the page of a document shows."""

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from core.lines import in_lines
from core.policy.roles import Action, Audience, Role
from core.texts import language_name
from core.web.http import SignedInRequest
from documents import contributions
from documents.folder_rights import rights_in, without
from documents.models import (
    AboutCorrection,
    BroughtBack,
    Document,
    DocumentVersion,
    Download,
    Signature,
    SignatureCorrection,
    Source,
)
from documents.pages import folders as folder_page
from documents.pages import rows as document_rows
from documents.signing import can_have_signed
from mentoring.navigation import rail_for
from mentoring.roles import people_by_key, people_in
from mentoring.services.stages import unfounded
from mentoring.standing import Standing
from tools import wording
from tools.memory import give_versions
from tools.subjects import about

if TYPE_CHECKING:
    from accounts.models import User

MOST_SHOWN: Final = 50


def audience_words(document: Document, user: "User") -> str:
    """Return who can read a document, by name where it is not everybody."""
    group = document.folder.group
    if document.audience == Audience.GROUP:
        return _("%(everyone)s can read it.") % {"everyone": folder_page.everyone(document.folder)}
    people = [*people_in(group, *_roles(document.audience)), document.author]
    people += [document.subject] if document.subject else []
    names = [_("you")] if user in people else []
    seen = {user.pk} | without(document.folder, Action.VIEW)
    for person in people:
        if person.pk not in seen:
            seen.add(person.pk)
            names.append(person.get_short_name())
    return _("Only %(names)s can read it.") % {"names": wording.listed(names)}


def _roles(audience: str) -> list[Role]:
    by_audience = {
        Audience.STAFF: [Role.MENTOR, Role.MANAGER],
        Audience.MENTOR: [Role.MENTOR],
        Audience.MANAGER: [Role.MANAGER],
    }
    return by_audience.get(Audience(audience), [])


def _copy_languages(document: Document, version: DocumentVersion | None) -> list[tuple[str, str]]:
    """Return the other languages in which a version can be read, as code and name; of a scan none."""
    if version is None or version.source != Source.RENDERED:
        return []
    languages = document.folder.group.programme.pack.languages
    return [(code, language_name(code)) for code in languages if code != version.language]


def _versions(document: Document, standing: Standing) -> list[DocumentVersion]:
    """Return the versions that the person may read, the newest first, with who made and who signed them."""
    found = list(DocumentVersion.objects.open_of(document, standing).of_document(document))
    added = [version for version in found if version.source != Source.RENDERED]  # only these can be signed
    signers = Signature.objects.signers_of(added) if added else {}
    people = people_by_key(document.folder.group, [version.created_by_id for version in found])
    for version in found:
        version.created_by = people[version.created_by_id]
        version.signers = signers.get(version.pk, [])
        if version.pk == document.current_id:
            document.current = version
    return found


def may_take_back(document: Document) -> bool:
    """Return whether the current version was added by hand over an earlier one, so that it can be taken back."""
    version = document.current
    added = version is not None and version.source != Source.RENDERED
    return added and DocumentVersion.objects.has_earlier(version)


def is_signed_on_paper(document: Document) -> bool:
    """Return whether the current version is a scan or photos of a paper that people sign."""
    is_sent = document.current is not None and document.current.source != Source.RENDERED
    return is_sent and bool(document.tool_version.signed_by)


def signers_to_choose(document: Document) -> tuple[list["User"], list["User"], int]:
    """Return who can have signed the current version, who is said to have, and which version it is.

    Nobody where nobody signs on paper.
    Whoever came after it was written is not named in it, and signs the next version.
    """
    version = next(iter(DocumentVersion.objects.valid().of_document(document)), None)
    if version is None or version.source == Source.RENDERED or not document.tool_version.signed_by:
        return [], [], 0
    signed = Signature.objects.signers_of([version]).get(version.pk, [])
    document_rows.count_signed_at_sessions(document.folder.group, [document])
    needed = document_rows.needed_signers(document.folder.group, document)
    named = can_have_signed(document, [person for person in needed if person not in signed])
    found = [person for person in needed if person in named or person in signed]
    return [*found, *(person for person in signed if person not in needed)], signed, version.pk


def _is_contract_unsigned(document: Document, needed: list["User"], signed: list["User"]) -> bool:
    """Return whether somebody has not signed the contract."""
    return document.tool_version.is_contract and not set(needed) <= set(signed)


def _corrections(document: Document, versions: list[DocumentVersion]) -> list[dict[str, Any]]:
    """Return the corrections of the versions that the person may read; of others not even that there were some."""
    readable = {version.pk for version in versions}
    found = [each for each in SignatureCorrection.objects.of_document(document) if each.version_id in readable]
    return [
        {"correction": each, "added": in_lines(each.added_names), "removed": in_lines(each.removed_names)}
        for each in found
    ]


def _brought_back(document: Document, versions: list[DocumentVersion]) -> list[BroughtBack]:
    """Return when it was removed and restored, and the same of versions that the person may read."""
    readable = {None, *(version.pk for version in versions)}
    return [each for each in BroughtBack.objects.of_document(document) if each.version_id in readable]


def document_context(request: SignedInRequest, document: Document) -> dict[str, Any]:
    """Return the context of a document's page: for its keepers also who opened it, and the originals."""
    standing, user, folder = request.standing, request.user, document.folder
    granted = rights_in(standing, folder)
    acts = document_rows.folder_rights(folder, granted)
    is_keeper = Action.REPLACE in granted
    give_versions(standing, [document])
    every = _versions(document, standing)
    versions = [version for version in every if version.taken_back_at is None]
    document_rows.complete([document], folder, standing)
    known = contributions.states_of([document], standing).get(document.pk)
    signed: list[User] = getattr(document.current, "signers", [])
    needed = document_rows.needed_signers(folder.group, document)
    document.signature_count = len(set(signed) & set(needed))
    state, words = document_rows.state_of(document, known)
    on_paper = is_signed_on_paper(document)
    return {
        "document": document,
        "folder": folder,
        "group": folder.group,
        "rail": rail_for(request, folder.group, current=folder.kind),
        "audience": audience_words(document, user),
        "state": state,
        "state_words": words,
        "versions": [
            {
                "version": version,
                "who": document_rows.by_whom(version.created_by, user),
                "signers": version.signers,
                "is_current": version.pk == document.current_id,
                "copy_languages": _copy_languages(document, version),
            }
            for version in versions
        ],
        "taken_back": [version for version in every if version.taken_back_at is not None] if is_keeper else [],
        "takes_back": Action.REMOVE in acts
        and document.current is not None
        and document.current.source != Source.RENDERED
        and len(versions) > 1,
        "missing_signers": [person for person in needed if person not in signed] if on_paper else [],
        "signers": [person for person in signed if person in needed] if needed else signed,
        "also_signed": [person for person in signed if person not in needed] if needed else [],
        "unfounded": unfounded(folder.group) if _is_contract_unsigned(document, needed, signed) else None,
        "is_manager": standing.role_in(folder.group_id) == Role.MANAGER,
        "is_keeper": is_keeper,
        "may_replace": Action.REPLACE in acts,
        "may_remove": Action.REMOVE in acts,
        "replace_url": document_rows.replace_url(document),
        "folder_url": reverse("documents:folder-detail", args=[folder.pk]),
        "copy_languages": _copy_languages(document, document.current),
        "made_from_url": known.url if known else "",
        "corrects_signatures": Action.REPLACE in acts and bool(signed or needed) and on_paper,
        "corrections": _corrections(document, versions) if document.is_signed_anew else [],
        "corrects_about": Action.REPLACE in acts and about(document.tool_version).is_of_one,
        "moves": list(AboutCorrection.objects.of_document(document)) if document.has_moved else [],
        "brought_back": _brought_back(document, every) if is_keeper and document.was_brought_back else [],
        "downloads": list(Download.objects.of_document(document)[:MOST_SHOWN]) if is_keeper else [],
    } | (contributions.sections_of(document, versions) if is_keeper else {})
