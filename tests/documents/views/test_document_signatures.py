"""Who has signed a document is put right without sending it again; the checklist follows, and a trace stays."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from checklist.models import ChecklistItem
from checklist.services.reminders import missing_signers
from core.policy.roles import Stage
from documents.models import Document
from documents.services import signatures
from mentoring.models import MentoringGroup
from tests.cases.test_same_place import at_once
from tests.cast import World
from tests.documents.batches import filed
from tests.routes import KEEPERS, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]


@pytest.fixture
def document(world: World, commit: Any) -> Document:
    """A contract of which it is said that all five have signed."""
    filed(world.group, world.cast.rasa, commit)
    return Document.objects.get()


def url(document: Document) -> str:
    return reverse("documents:document-signatures", args=[document.pk])


def state(world: World) -> str:
    return ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract").state


def test_only_mentor_and_manager_correct_it(world: World, as_user: SignIn, document: Document) -> None:
    assert open_to(as_user, world.cast, url(document)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(document), ("put", "delete"))
    assert asks_to_sign_in(url(document))


def test_who_had_not_signed_is_taken_off_and_the_checklist_asks_again(
    world: World, as_user: SignIn, document: Document
) -> None:
    cast = world.cast
    assert state(world) == "done"
    rasa = as_user(cast.rasa)
    signed = [cast.egle.pk, cast.rasa.pk, cast.milda.pk, cast.elena.pk]
    answer = rasa.post(url(document), {"signed_by": signed, "reason": "Tomas was ill"}, follow=True)
    page = answer.content.decode()
    assert "Signed by 4 of 5" in page or "Still to sign" in page
    for words in ("Corrections", "Tomas was ill", "Who has signed version 1", cast.tomas.full_name):
        assert words in page
    assert state(world) == "waiting"
    rasa.post(url(document), {"signed_by": [*signed, cast.tomas.pk], "reason": "He has signed today"})
    assert state(world) == "done"
    assert document.current is not None
    assert [each.reason for each in document.current.signature_corrections.all()] == [
        "He has signed today", "Tomas was ill",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"signed_by": "all", "reason": ""}, "Give a reason. It is kept with the document."),
        ({"signed_by": "999999", "reason": "x"}, "999999"),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    world: World, as_user: SignIn, document: Document, sent: dict[str, Any], words: str
) -> None:
    if sent.get("signed_by") == "all":
        sent = {**sent, "signed_by": [world.cast.rasa.pk]}
    answer = as_user(world.cast.rasa).post(url(document), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert state(world) == "done"


def test_a_paper_that_was_added_before_anybody_signed_it_can_say_so(
    world: World, as_user: SignIn, document: Document
) -> None:
    rasa = as_user(world.cast.rasa)
    page = rasa.post(url(document), {"reason": "It was the empty form"}, follow=True).content.decode()
    for words in ("Nobody yet", "To be signed", "It was the empty form"):
        assert words in page
    assert state(world) == "waiting"
    item = ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract")
    members = list(world.group.memberships.live())
    assert len(missing_signers(item=item, members=members)) == len(members)


def test_a_version_nobody_signed_is_not_saved_by_an_older_one(
    world: World, as_user: SignIn, document: Document, commit: Any
) -> None:
    filed(world.group, world.cast.rasa, commit, note="Page 2 was missing")
    page = as_user(world.cast.rasa).post(url(document), {"reason": "Not signed yet"}, follow=True).content.decode()
    assert "Nobody yet" in page
    assert state(world) == "waiting"


def test_mentees_read_the_correction_and_cannot_make_one(world: World, as_user: SignIn, document: Document) -> None:
    as_user(world.cast.egle).post(url(document), {"signed_by": [world.cast.rasa.pk], "reason": "Only Rasa so far"})
    page = as_user(world.cast.milda).get(reverse("documents:document-detail", args=[document.pk])).content.decode()
    assert "Only Rasa so far" in page
    assert url(document) not in page


def test_the_stage_that_was_reached_by_it_stays_until_the_manager_decides(
    world: World, as_user: SignIn, document: Document
) -> None:
    """Nothing moves back by itself, and whoever looks at it is told."""
    cast, group = world.cast, MentoringGroup.objects.get(pk=world.group.pk)
    MentoringGroup.objects.filter(pk=group.pk).update(stage=Stage.CONTRACTED)
    page, stage = (
        reverse("documents:document-detail", args=[document.pk]),
        reverse("mentoring:stage-change", args=[group.pk]),
    )
    cell = reverse("checklist:checklist-cell", args=[group.pk, "contract"])
    egle, rasa = as_user(cast.egle), as_user(cast.rasa)
    assert "though not everyone has signed" not in egle.get(page).text
    rasa.post(url(document), {"signed_by": [cast.rasa.pk], "reason": "Only I have signed"})
    for address in (page, cell):
        assert stage in egle.get(address).text
        said = rasa.get(address).text
        assert "The group’s stage is “Contract signed”, though not everyone has signed." in said
        assert "It stays until a Manager moves it back." in said
        assert stage not in said
    MentoringGroup.objects.filter(pk=group.pk).update(stage=Stage.RUNNING)
    said = egle.get(stage).text
    assert "“Contract signed” was reached, and something it needs is missing now" in said
    assert "Back to: Matched" in said
    back = reverse("mentoring:group-exit", args=[group.pk, "back"])
    assert "back to “Matched”?" in egle.get(back).text
    egle.post(back, {"reason": "It is not signed", "stage": "running"})
    group.refresh_from_db()
    assert group.stage == Stage.MATCHED
    assert "was reached, and something" not in egle.get(stage).text


def test_what_a_manager_went_on_without_is_not_asked_again(world: World, as_user: SignIn, document: Document) -> None:
    group, egle = MentoringGroup.objects.get(pk=world.group.pk), as_user(world.cast.egle)
    MentoringGroup.objects.filter(pk=group.pk).update(stage=Stage.MATCHED)
    as_user(world.cast.rasa).post(url(document), {"signed_by": [world.cast.rasa.pk], "reason": "Only I have signed"})
    stage = reverse("mentoring:stage-change", args=[group.pk])
    egle.post(stage, {"stage": "matched", "reason": "They sign next week"})
    assert "was reached, and something" not in egle.get(stage).text


def form_people(form: Any) -> list[User]:
    return list(form.people.values())


def test_of_two_corrections_at_the_same_moment_the_second_is_asked(
    world: World, as_user: SignIn, document: Document
) -> None:
    """Both were compared with the same ticks; the first one is saved before the second holds the row."""
    cast, everybody = world.cast, list(form_people(as_user(world.cast.rasa).get(url(document)).context["form"]))
    correct = signatures.correct_signatures

    def after_another(**sent: Any) -> Any:
        first = {**sent, "signed_by": [each for each in everybody if each != cast.tomas], "by": cast.egle}
        correct(**first)
        return correct(**sent)

    sent = {"signed_by": [each.pk for each in everybody if each != cast.milda], "reason": "Milda did not"}
    with patch.object(signatures, "correct_signatures", after_another):
        refused = as_user(cast.rasa).post(url(document), sent)
    assert refused.status_code == 409
    for words in ("This was changed meanwhile. It says now: ", "You had ticked: ", "Milda did not"):
        assert words in refused.text
    assert document.current is not None
    assert document.current.signature_corrections.count() == 1
    assert document.current.signatures.count() == 4


def test_ticks_of_an_older_version_are_not_taken_for_the_newer_one(
    world: World, as_user: SignIn, document: Document, commit: Any
) -> None:
    rasa = as_user(world.cast.rasa)
    older = rasa.get(url(document)).context["form"]
    filed(world.group, world.cast.rasa, commit, note="Page 2 was missing")
    sent = {"made_from": older.made_from, "version": older.version, "signed_by": [world.cast.rasa.pk], "reason": "So"}
    assert rasa.post(url(document), sent).status_code == 409
    assert state(world) == "done"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("local_files")
def test_two_people_correct_it_at_once(world: World, as_user: SignIn, document: Document) -> None:
    cast = world.cast
    clients = (as_user(cast.rasa), as_user(cast.egle))
    forms = [client.get(url(document)).context["form"] for client in clients]
    sent = [
        {
            "made_from": form.made_from, "version": form.version, "reason": "One did not",
            "signed_by": [each.pk for each in form_people(form) if each != absent],
        }
        for form, absent in zip(forms, (cast.milda, cast.tomas), strict=True)
    ]  # fmt: skip
    answers = at_once(*((client, url(document), values) for client, values in zip(clients, sent, strict=True)))
    assert answers in ([302, 409], [409, 409])  # of SQLite the second may be told to come again
    assert document.current is not None
    assert document.current.signature_corrections.count() == answers.count(302)


def test_an_older_tab_takes_no_other_correction_back(world: World, as_user: SignIn, document: Document) -> None:
    cast, rasa, egle = world.cast, as_user(world.cast.rasa), as_user(world.cast.egle)
    older = rasa.get(url(document)).context["form"]
    newer = {"made_from": egle.get(url(document)).context["form"].made_from, "reason": "Tomas did not"}
    everybody = {int(key) for key in older.people}
    assert egle.post(url(document), {**newer, "signed_by": list(everybody - {cast.tomas.pk})}).status_code == 302
    sent = {"made_from": older.made_from, "reason": "Milda did not", "signed_by": list(everybody - {cast.milda.pk})}
    refused = rasa.post(url(document), sent)
    assert refused.status_code == 409
    assert "This was changed meanwhile. It says now: " in refused.text
    assert "Make your change again, then save." in refused.text
    own = [each.full_name for each in form_people(older) if each != cast.milda]
    assert f"You had ticked: {', '.join(own)}." in refused.text
    form = refused.context["form"]
    assert {int(key) for key in form["signed_by"].value()} == everybody - {cast.tomas.pk}
    assert form["reason"].value() == "Milda did not"
    assert document.current is not None
    assert document.current.signatures.count() == 4
    again = {**sent, "made_from": form.made_from, "signed_by": list(everybody - {cast.milda.pk, cast.tomas.pk})}
    assert rasa.post(url(document), again).status_code == 302
    assert document.current.signatures.count() == 3
