"""Pages that know already that a person reads a folder or document ask less; what they find must be the same."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from core.policy.roles import Action, Audience, FolderKind
from documents.models import Document, DocumentVersion, Folder, Source
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormSubmission
from tests.cast import World
from tests.documents.making import hand_in
from tests.pack_tools import folder
from tools.models import OnePer, Tool


@pytest.fixture
def documents(world: World) -> list[Document]:
    """Return documents of both folders about everyone, for every audience, some taken out; versions for fewer too."""
    cast, numbers = world.cast, itertools.count(1)

    def made() -> Iterator[Document]:
        for tool in Tool.objects.of_pack(world.programme.pack_id):
            version = tool.current
            assert version is not None
            if version.folder_kind not in {FolderKind.MANAGING, FolderKind.MONITORING}:
                continue
            for number, audience in enumerate(Audience):
                for subject in (None, cast.milda, cast.tomas, cast.rasa):
                    document = Document.objects.create(
                        folder=folder(world.group, version.folder_kind), tool_version=version, subject=subject,
                        author=cast.egle if number % 2 else cast.milda, audience=audience, session_key=f"x-{audience}",
                        number=f"T-{next(numbers)}",
                        check_code=f"C{next(numbers):05d}",
                        removed_at=timezone.now() - timedelta(days=1) if number % 3 == 0 else None,
                    )  # fmt: skip
                    for n, narrower in enumerate(["", audience, Audience.MENTOR], start=1):
                        document.current = DocumentVersion.objects.create(
                            document=document, number=n, file="x.pdf", sha256="0" * 64, size=1, pages=1,
                            source=Source.RENDERED, created_by=cast.egle, written_by=cast.tomas, audience=narrower,
                        )  # fmt: skip
                    document.save()
                    yield document

    return list(made())


def test_documents_of_a_folder_and_their_versions(world: World, documents: list[Document]) -> None:
    found: dict[str, int] = {}
    for name, person in world.cast.everybody().items():
        standing = Standing.of(person)
        for each in Folder.objects.allowing(standing, Action.VIEW).select_related("group"):
            plain = Document.objects.allowing(standing, Action.VIEW).in_folder(each)
            assert set(Document.objects.open_in([each], standing)) == set(plain), name
            found[name] = found.get(name, 0) + plain.count()
            for document in plain.select_related("tool_version", "folder"):
                versions = DocumentVersion.objects.allowing(standing, Action.VIEW).filter(document=document)
                assert set(DocumentVersion.objects.open_of(document, standing)) == set(versions), name
        for each in Folder.objects.allowing(standing, Action.REMOVE).select_related("group"):
            plain = Document.objects.allowing(standing, Action.REMOVE).in_folder(each).removed()
            assert set(Document.objects.removed_from(each, standing)) == set(plain), name
        both = Folder.objects.allowing(standing, Action.VIEW).select_related("group")
        together = Document.objects.allowing(standing, Action.VIEW).filter(folder__in=both)
        assert set(Document.objects.open_in(list(both), standing)) == set(together), name
    assert found["egle"] != found["milda"] > 0
    assert len(documents) > found["egle"]


def test_diaries_that_were_not_read(world: World) -> None:
    cast = world.cast
    for audience in Audience:
        for author in (cast.milda, cast.tomas):
            hand_in(
                world.group, "diary", author, {}, subject=author, session_key=f"session-{audience}", audience=audience
            )
    diaries = [
        tool.current_id
        for tool in Tool.objects.of_pack(world.programme.pack_id).filter(current__one_per=OnePer.MENTEE_SESSION)
    ]
    counts = {}
    for name in ("egle", "rasa"):
        standing = Standing.of(cast.everybody()[name])
        handed_in = FormResponse.objects.allowing(standing, Action.VIEW).filter(
            group=world.group, tool_version__in=diaries, latest__isnull=False
        )
        unread = FormResponse.objects.of_versions(world.group, diaries).unread_in(world.group, standing)
        assert set(unread) == set(handed_in.exclude(author=standing.user)), name
        counts[name] = unread.count()
        opened = FormSubmission.objects.filter(form=unread.first()).get()
        opened.reads.create(user=standing.user)
        assert unread.all().count() == counts[name] - 1
    assert counts == {"egle": 6, "rasa": 6}
