"""What a person can add to a group's folders: types, people, sessions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.policy.roles import AUDIENCE_ROLES, Action, Role
from core.texts import text
from documents import readers
from documents.models import Document, Folder
from mentoring.models import MentoringGroup
from mentoring.roles import people_in
from mentoring.standing import Standing
from tools import related_sessions
from tools.models import Tool, ToolVersion
from tools.related_sessions import Attending
from tools.subjects import about
from uploads.models import UploadBatch

if TYPE_CHECKING:
    from accounts.models import User


def tools(group: MentoringGroup, standing: Standing) -> list[ToolVersion]:
    """Return the types that the person may add: their folder takes the person's files, and the person may read them."""
    role = standing.role_in(group.pk)
    kinds = set(Folder.objects.of_group(group).allowing(standing, Action.UPLOAD).values_list("kind", flat=True))
    if role is None or not kinds:
        return []
    found = (tool.current for tool in Tool.objects.of_pack(group.programme.pack_id))
    return [
        version
        for version in found
        if version is not None and version.folder_kind in kinds and role in AUDIENCE_ROLES[version.audience]
    ]


def subjects(group: MentoringGroup, version: ToolVersion) -> list["User"]:
    """Return the people whom the document can be about."""
    roles = about(version).roles
    return people_in(group, *roles) if roles else []


def signers(group: MentoringGroup, version: ToolVersion) -> list["User"]:
    """Return the people who sign this type."""
    roles = [Role(role) for role in version.signed_by]
    return people_in(group, *roles) if roles else []


def signing_at(group: MentoringGroup, version: ToolVersion, session_key: str) -> Attending:
    """Return who signs a paper of this type about a session; without one, or an unknown one, the people of today."""
    if not version.signed_by:
        return Attending()
    found = related_sessions.attending(group, [session_key] if session_key else []).get(session_key)
    if found is None:
        return Attending([(person, "") for person in signers(group, version)])
    expected = [(person, role) for person, role in found.expected if not role or role in version.signed_by]
    return Attending(expected, found.absent, found.guests)


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """A session to choose: its key, its words, its title by language."""

    key: str
    words: str
    title: dict[str, Any]


def session_choices(group: MentoringGroup, version: ToolVersion, user: "User") -> list[SessionChoice]:
    """Return the sessions the document can be about: those of forms and documents there are, and those of the plan."""
    if not about(version).needs_session:
        return []
    tool = version.tool
    found: dict[str, SessionChoice] = {}
    for key, words in related_sessions.choices(group, tool, user):
        known = related_sessions.find(group, key)
        found[key] = SessionChoice(key, words, dict(known.title) if known else {})
    for key, title in [*related_sessions.used(group, tool), *Document.objects.sessions_of(group, tool)]:
        known = None if key in found else related_sessions.find(group, key)
        words = (known.line if known else "") or text(title)
        found.setdefault(key, SessionChoice(key, words, dict(known.title) if known else title))
    return list(found.values())


def earlier_document(batch: UploadBatch) -> Document | None:
    """Return the document in the folder of which the batch would be a new version, whoever may read it."""
    if batch.tool_version is None:
        return None
    found = Document.objects.about_the_same(
        batch.group, batch.tool_version.tool_id, batch.subject_id, batch.session_key
    )
    return found.with_bytes().first()


def is_kept_from(batch: UploadBatch, standing: Standing) -> bool:
    """Return whether the person would not read what is filed: what was handed in about the same is for fewer people."""
    if batch.tool_version is None or batch.subject_id == standing.user_id:
        return False
    return standing.role_in(batch.group_id) not in AUDIENCE_ROLES[audience_of(batch)]


def audience_of(batch: UploadBatch) -> str:
    """Return who will read the filed document: never more people than read what was there about the same before."""
    if batch.tool_version is None:
        return ""
    return readers.at_most(batch.group, batch.tool_version, batch.subject, batch.session_key)
