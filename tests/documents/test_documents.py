"""Taking a document out of its folder and bringing it back."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from checklist.models import ChecklistItem
from core.models import DomainEvent
from core.policy.roles import Action, Stage
from documents.models import Document
from documents.services import removal as services
from mentoring.standing import Standing
from tests.cast import World
from tests.documents.batches import filed


@pytest.fixture
def document(world: World, commit: Any) -> Document:
    """A signed contract."""
    return filed(world.group, world.cast.rasa, commit).version.document


def state(world: World) -> str:
    """Return what the checklist says of the contract."""
    return ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract").state


def test_a_removed_document_is_gone_for_all_and_comes_back(world: World, document: Document) -> None:
    assert state(world) == "done"
    services.remove_document(document=document, user=world.cast.egle, reason="The wrong scan")
    for person in (world.cast.egle, world.cast.rasa, world.cast.milda):
        assert not Document.objects.allowing(Standing.of(person), Action.VIEW).exists()
    assert Document.objects.allowing(Standing.of(world.cast.rasa), Action.REMOVE).exists()
    assert not Document.objects.allowing(Standing.of(world.cast.milda), Action.REMOVE).exists()
    assert state(world) == "todo"
    services.restore_document(document=document, user=world.cast.rasa)
    assert Document.objects.allowing(Standing.of(world.cast.milda), Action.VIEW).exists()
    assert state(world) == "done"
    kinds = DomainEvent.objects.filter(kind__startswith="document.").values_list("kind", flat=True)
    assert set(kinds) == {"document.filed", "document.removed", "document.restored"}


def test_a_reason_is_needed(world: World, document: Document) -> None:
    with pytest.raises(ValidationError):
        services.remove_document(document=document, user=world.cast.egle, reason="  ")


def test_a_closed_group_keeps_its_documents(world: World, document: Document) -> None:
    world.group.stage = Stage.CLOSED
    world.group.save()
    with pytest.raises(ValidationError):
        services.remove_document(document=document, user=world.cast.egle, reason="Why not")
    assert not Document.objects.allowing(Standing.of(world.cast.egle), Action.REMOVE).exists()


def test_a_document_whose_place_is_taken_stays_out(world: World, document: Document, commit: Any) -> None:
    services.remove_document(document=document, user=world.cast.egle, reason="The wrong scan")
    filed(world.group, world.cast.rasa, commit)
    with pytest.raises(ValidationError):
        services.restore_document(document=document, user=world.cast.egle)


def test_removing_twice_keeps_the_first_reason(world: World, document: Document) -> None:
    services.remove_document(document=document, user=world.cast.egle, reason="First")
    services.remove_document(document=document, user=world.cast.rasa, reason="Second")
    document.refresh_from_db()
    assert (document.removed_reason, document.removed_by) == ("First", world.cast.egle)
