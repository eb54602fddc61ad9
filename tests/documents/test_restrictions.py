"""A folder narrowed for a role or a person: it holds everywhere and at once, survives the night, and widens nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.models import DomainEvent
from core.policy.roles import Action, Role
from documents.folder_rights import rights_in
from documents.grants import sync_all
from documents.models import Document, DocumentVersion, Folder, FolderGroupObjectPermission, FolderRestriction
from documents.pages import folders as folder_page
from documents.services.restrictions import lift_restriction, restrict_folder
from mentoring import standing as standings
from mentoring.services.memberships import add_member
from mentoring.standing import Standing
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun, filed
from tests.pack_tools import folder
from uploads import choices as upload_choices
from uploads.models import UploadBatch, UploadPage
from uploads.services import uploads

ALL = {Action.VIEW, Action.UPLOAD, Action.REPLACE, Action.REMOVE}


@pytest.fixture(params=["few groups", "very many groups"])
def narrow_or_wide(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask each question both ways: by listed groups, and by a query."""
    if request.param == "very many groups":
        monkeypatch.setattr(standings, "MANY_GROUPS", 0)


@pytest.fixture
def narrow(world: World) -> Callable[..., FolderRestriction]:
    """Return a function that withholds actions in a folder of «Žingsnis»."""

    def restrict(*actions: Action, kind: str = "managing", **target: Any) -> FolderRestriction:
        return restrict_folder(
            folder=folder(world.group, kind), by=world.cast.egle, actions=actions, reason="Until the audit", **target
        )

    return restrict


def rights(world: World, name: str, kind: str = "managing") -> set[Action]:
    """Return what a person may do in a folder, as the querysets say; the page's answer must be the same."""
    standing, asked = Standing.of(world.cast.everybody()[name]), folder(world.group, kind)
    found = {action for action in ALL if Folder.objects.allowing(standing, action).filter(pk=asked.pk).exists()}
    assert rights_in(standing, asked) & ALL == found
    return found


def test_a_role_loses_what_is_withheld_in_this_folder_alone(world: World, narrow: Any, narrow_or_wide: None) -> None:
    narrow(Action.REMOVE, role=Role.MENTOR)
    assert rights(world, "rasa") == ALL - {Action.REMOVE}
    assert rights(world, "egle") == ALL
    assert rights(world, "milda") == {Action.VIEW}
    assert rights(world, "rasa", "monitoring") == ALL
    petar = Standing.of(world.cast.petar)
    assert Folder.objects.allowing(petar, Action.REMOVE).count() == 2


def test_a_person_loses_what_is_withheld_and_nobody_else(world: World, narrow: Any, narrow_or_wide: None) -> None:
    narrow(Action.VIEW, person=world.cast.tomas)
    assert rights(world, "tomas") == set()
    assert rights(world, "milda") == {Action.VIEW}
    assert rights(world, "tomas", "monitoring") == {Action.VIEW}


def test_who_may_not_read_may_do_nothing_and_who_may_not_add_adds_no_version(world: World, narrow: Any) -> None:
    narrow(Action.UPLOAD, role=Role.MENTOR)
    assert rights(world, "rasa") == {Action.VIEW, Action.REMOVE}
    narrow(Action.VIEW, person=world.cast.rasa)
    assert rights(world, "rasa") == set()


def test_it_holds_wherever_the_folder_decides(world: World, narrow: Any, commit: Any, narrow_or_wide: None) -> None:
    rasa = world.cast.rasa
    filed(world.group, rasa, commit)
    begun(world.group, rasa, "contract", sent_files.photo())

    def seen() -> dict[str, int]:
        standing = Standing.of(rasa)
        models = (Folder, Document, DocumentVersion, UploadBatch, UploadPage)
        counts = {model.__name__: model.objects.allowing(standing, Action.VIEW).count() for model in models}
        counts["types"] = len(upload_choices.tools(world.group, standing))
        return counts

    before = seen()
    there = [each for each in upload_choices.tools(world.group, Standing.of(rasa)) if each.folder_kind == "managing"]
    restriction = narrow(Action.VIEW, person=rasa)
    assert seen() == {
        "Folder": before["Folder"] - 1, "Document": 0, "DocumentVersion": 0, "UploadBatch": 0, "UploadPage": 0,
        "types": before["types"] - len(there),
    }  # fmt: skip
    lift_restriction(restriction=restriction, by=world.cast.egle)
    assert seen() == before


def test_a_document_that_is_being_put_together_waits_until_its_folder_is_open_again(world: World, narrow: Any) -> None:
    rasa = world.cast.rasa
    batch = begun(world.group, rasa, "contract", sent_files.photo())
    restriction = narrow(Action.UPLOAD, role=Role.MENTOR)
    assert not UploadBatch.objects.allowing(Standing.of(rasa), Action.UPLOAD).exists()
    with pytest.raises(ValidationError, match="Say what document it is"):
        uploads.file_batch(batch=batch, user=rasa)
    lift_restriction(restriction=restriction, by=world.cast.egle)
    assert UploadBatch.objects.allowing(Standing.of(rasa), Action.UPLOAD).get() == batch


def test_without_new_versions_a_document_of_the_same_type_is_refused_in_words(
    world: World, narrow: Any, commit: Any
) -> None:
    filed(world.group, world.cast.egle, commit)
    narrow(Action.REPLACE, person=world.cast.rasa)
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.pdf())
    with pytest.raises(ValidationError, match="you cannot add new versions there"):
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    assert DocumentVersion.objects.count() == 1


def test_the_nightly_sync_keeps_it_and_repairs_what_drifted(world: World, narrow: Any) -> None:
    narrow(Action.UPLOAD, role=Role.MENTOR)
    narrow(Action.VIEW, person=world.cast.tomas)
    assert sync_all() == 0
    asked = folder(world.group)
    mentors = FolderGroupObjectPermission.objects.filter(content_object=asked, group__role_group__role="mentor")
    held = mentors.get(permission__codename="view_folder")
    upload = FolderGroupObjectPermission.objects.filter(permission__codename="upload_folder").first()
    assert upload is not None
    FolderGroupObjectPermission.objects.create(content_object=asked, group=held.group, permission=upload.permission)
    assert Action.UPLOAD in rights(world, "rasa")
    held.delete()
    assert sync_all() == 2
    assert rights(world, "rasa") == {Action.VIEW, Action.REMOVE}
    assert rights(world, "tomas") == set()


def test_a_new_member_of_the_role_has_the_narrowed_rights(world: World, narrow: Any) -> None:
    narrow(Action.VIEW, role=Role.MENTEE)
    add_member(group=world.group, user=world.cast.olga, role=Role.MENTEE, by=world.cast.egle)
    assert rights(world, "olga") == set()
    assert rights(world, "olga", "monitoring") == {Action.VIEW}


def test_lifting_gives_back_at_once_and_leaves_a_trace(world: World, narrow: Any) -> None:
    restriction = narrow(Action.UPLOAD, Action.REMOVE, role=Role.MENTOR)
    lift_restriction(restriction=restriction, by=world.cast.egle, reason="The audit is over")
    assert rights(world, "rasa") == ALL
    stored = FolderRestriction.objects.get()
    assert (stored.lifted_by, stored.lift_reason, stored.reason) == (
        world.cast.egle, "The audit is over", "Until the audit",
    )  # fmt: skip
    lift_restriction(restriction=restriction, by=world.cast.egle, reason="again")
    assert FolderRestriction.objects.get().lift_reason == "The audit is over"
    kinds = list(DomainEvent.objects.filter(kind__startswith="folder.").order_by("pk").values_list("kind", "data"))
    assert [kind for kind, _data in kinds] == ["folder.narrowed", "folder.restriction_lifted"]
    assert kinds[0][1] == {
        "folder_id": restriction.folder_id, "role": "mentor", "user_id": None, "actions": "upload,replace,remove",
    }  # fmt: skip


def test_what_is_withheld_twice_comes_back_with_the_second_lift(world: World, narrow: Any) -> None:
    first = narrow(Action.VIEW, person=world.cast.milda)
    second = narrow(Action.VIEW, role=Role.MENTEE)
    lift_restriction(restriction=first, by=world.cast.egle)
    assert rights(world, "milda") == set()
    lift_restriction(restriction=second, by=world.cast.egle)
    assert rights(world, "milda") == {Action.VIEW}


@pytest.mark.parametrize(
    ("role", "actions", "sentence"),
    [
        (Role.MENTEE, {Action.UPLOAD}, "As Mentee nobody has this right here, so it cannot be restricted: add files."),
        (Role.MENTOR, {Action.MANAGE}, "As Mentor nobody has this right here, so it cannot be restricted: manage."),
        (Role.MANAGER, {Action.VIEW}, "someone must be able to lift this again"),
        (Role.MANAGER, {Action.MANAGE}, "someone must be able to lift this again"),
        (Role.MENTOR, set(), "Choose at least one right"),
    ],
)
def test_what_cannot_be_withheld_is_refused_in_words(
    world: World, narrow: Any, role: Role, actions: set[Action], sentence: str
) -> None:
    person = {Role.MENTEE: world.cast.milda, Role.MENTOR: world.cast.rasa, Role.MANAGER: world.cast.egle}[role]
    for target in ({"role": role}, {"person": person}):
        with pytest.raises(ValidationError) as refused:
            narrow(*actions, **target)
        assert sentence in refused.value.message_dict["actions"][0]
    assert not FolderRestriction.objects.exists()
    assert sync_all() == 0


def test_other_refusals_say_what_is_missing(world: World, narrow: Any) -> None:
    narrow(Action.UPLOAD, role=Role.MENTOR)
    refusals: list[tuple[dict[str, Any], str, str]] = [
        ({"actions": [Action.REPLACE], "role": Role.MENTOR}, "actions", "restricted already"),
        ({"actions": [Action.VIEW], "person": world.cast.aino}, "who", "Aino Mäkinen is not in this group"),
        ({"actions": [Action.VIEW], "person": world.cast.jonas}, "who", "is not in this group"),
        ({"actions": [Action.VIEW]}, "who", "a role or one person"),
        ({"actions": [Action.VIEW], "person": world.cast.milda, "role": Role.MENTEE}, "who", "a role or one person"),
        ({"actions": [Action.VIEW], "role": Role.MENTEE, "reason": "  "}, "reason", "Give a reason"),
    ]
    for given, field, sentence in refusals:
        with pytest.raises(ValidationError) as refused:
            restrict_folder(**{"folder": folder(world.group), "by": world.cast.egle, "reason": "x", **given})
        assert sentence in refused.value.message_dict[field][0]
    with pytest.raises(ValidationError, match="stay with their owners"):
        narrow(Action.VIEW, kind="personal", role=Role.MENTEE)


def test_the_database_refuses_restrictions_of_nobody_of_nothing_and_half_of_reading(world: World) -> None:
    about = {"folder": folder(world.group), "reason": "x", "made_by": world.cast.egle}
    wrong: list[dict[str, Any]] = [
        {"withholds_upload": True},
        {"withholds_upload": True, "role": "mentor", "person": world.cast.rasa},
        {"role": "mentor"},
        {"role": "mentor", "withholds_view": True},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            FolderRestriction.objects.create(**about, **values)


def test_sentences_about_readers_and_keepers_tell_the_truth(world: World, narrow: Any) -> None:
    asked = folder(world.group)
    assert folder_page.everyone(asked) == "All 5 people of “Žingsnis”"
    assert folder_page.keepers(asked, world.cast.egle) == "you and Rasa"
    narrow(Action.VIEW, person=world.cast.tomas)
    narrow(Action.UPLOAD, role=Role.MENTOR)
    asked = folder(world.group)
    assert folder_page.everyone(asked) == "4 of the 5 people of “Žingsnis”"
    assert folder_page.keepers(asked, world.cast.egle) == "you"
    narrow(Action.UPLOAD, role=Role.MANAGER)
    words = folder_page.audience_words(folder(world.group), world.cast.egle, is_keeper=False)
    assert "Nobody can add documents now" in words
