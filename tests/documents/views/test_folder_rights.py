"""Who can do what in a folder, and the folder as a member sees it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import DomainEvent
from core.policy.roles import Action, Role
from documents.models import Document, FolderRestriction
from documents.services.restrictions import lift_restriction, restrict_folder
from mentoring.models import Membership
from tests.cast import World
from tests.documents.batches import filed
from tests.pack_tools import folder
from tests.routes import asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]


def rights_url(world: World, kind: str = "managing") -> str:
    """Return the address of the page."""
    return reverse("documents:folder-rights", args=[folder(world.group, kind).pk])


def seen_as_url(world: World, name: str, kind: str = "managing") -> str:
    """Return where a folder is seen as someone."""
    member = Membership.objects.live().get(group=world.group, user=world.cast.everybody()[name])
    return reverse("documents:folder-seen-as", args=[folder(world.group, kind).pk, member.pk])


def restricted(world: World, *actions: Action, reason: str = "Until the audit", **target: Any) -> FolderRestriction:
    """Return a restriction of the managing folder."""
    asked = folder(world.group)
    return restrict_folder(folder=asked, by=world.cast.egle, actions=actions, reason=reason, **target)


def lift_url(restriction: FolderRestriction) -> str:
    """Return where a restriction is lifted."""
    return reverse("documents:restriction-lift", args=[restriction.pk])


def text_of(client: Client, url: str) -> str:
    """Return the text of a page."""
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- the page ------------------------------------------------------------------------------------------------------


def test_only_the_manager_of_the_group_finds_the_three_pages(world: World, as_user: SignIn) -> None:
    lift = lift_url(restricted(world, Action.REMOVE, role=Role.MENTOR))
    for url in (rights_url(world), seen_as_url(world, "milda"), lift):
        assert open_to(as_user, world.cast, url) == {"egle"}
        assert asks_to_sign_in(url)
        assert refuses(as_user(world.cast.egle), url, ["put", "delete"])
    assert refuses(as_user(world.cast.egle), seen_as_url(world, "milda"), ["post"])


def test_ones_own_documents_are_managed_by_nobody(world: World, as_user: SignIn) -> None:
    for url in (rights_url(world, "personal"), seen_as_url(world, "milda", "personal")):
        assert open_to(as_user, world.cast, url) == set()


def test_the_folder_page_leads_the_manager_here_and_nobody_else(world: World, as_user: SignIn) -> None:
    page = reverse("documents:folder-detail", args=[folder(world.group).pk])
    assert rights_url(world) in text_of(as_user(world.cast.egle), page)
    for person in (world.cast.rasa, world.cast.milda):
        assert "/rights/" not in text_of(as_user(person), page)


def test_every_member_is_a_row_that_says_where_its_rights_come_from(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.egle)
    text = text_of(client, rights_url(world))
    for name in ("Eglė Petrauskaitė", "Rasa Žukauskienė", "Елена Георгиева"):
        assert name in text
    assert "Jonas Vaitkus" not in text
    assert "As every Mentor" in text
    assert "No restrictions." in text
    assert "Restricted</span>" not in text
    assert seen_as_url(world, "rasa") in text
    assert seen_as_url(world, "egle") not in text
    restricted(world, Action.REMOVE, role=Role.MENTOR)
    text = text_of(client, rights_url(world))
    assert text.count("Restricted</span>") == 1
    assert "Restricted by Eglė on" in text
    assert "(remove and bring back): “Until the audit”" in text
    assert "Every Mentor, restricted: remove and bring back" in text


def test_the_manager_withholds_from_a_role_and_takes_it_back_with_undo(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.egle)
    sent = {"who": "role:mentor", "actions": ["upload", "remove"], "reason": "Only I file now", "once": uuid.uuid4()}
    response = client.post(rights_url(world), sent, follow=True)
    restriction = FolderRestriction.objects.get()
    assert restriction.actions == {Action.UPLOAD, Action.REPLACE, Action.REMOVE}
    text = response.content.decode()
    assert "The restriction is saved." in text
    assert f'action="{lift_url(restriction)}"' in text
    page = reverse("documents:folder-detail", args=[folder(world.group).pk])
    assert "/upload/" not in text_of(as_user(world.cast.rasa), page)
    client.post(rights_url(world), sent)  # a double click
    assert FolderRestriction.objects.count() == 1
    undone = client.post(lift_url(restriction), follow=True).content.decode()
    assert "The restriction is lifted." in undone
    assert "Past restrictions" in undone
    assert "/upload/" in text_of(as_user(world.cast.rasa), page)


def test_a_person_whose_reading_is_withheld_finds_no_folder(world: World, as_user: SignIn, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    document = Document.objects.get()
    sent = {"who": f"person:{world.cast.tomas.pk}", "actions": ["view"], "reason": "Asked for it"}
    assert as_user(world.cast.egle).post(rights_url(world), sent).status_code == 302
    client = as_user(world.cast.tomas)
    page = reverse("documents:folder-detail", args=[folder(world.group).pk])
    for url in (
        page,
        reverse("documents:document-detail", args=[document.pk]),
        reverse("documents:version-download", args=[document.current_id]),
    ):
        assert client.get(url).status_code == 404
        assert as_user(world.cast.milda).get(url).status_code in {200, 302}
    assert page not in text_of(client, reverse("mentoring:group-detail", args=[world.group.pk]))
    assert "4 of the 5 people" in text_of(as_user(world.cast.milda), page)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"who": "role:mentee", "actions": ["upload"], "reason": "Zkept"}, "cannot be restricted: add files"),
        ({"who": "role:manager", "actions": ["view"], "reason": "Zkept"}, "someone must be able to lift this again"),
        ({"who": "", "actions": ["view"], "reason": "Zkept"}, "Say for whom"),
        ({"who": "person:999999", "actions": ["view"], "reason": "Zkept"}, "Select a valid choice"),
        ({"who": "role:mentee", "actions": [], "reason": "Zkept"}, "Choose at least one right"),
        ({"who": "role:mentee", "actions": ["manage"], "reason": "Zkept"}, "Select a valid choice"),
        ({"who": "role:mentee", "actions": ["view"], "reason": "Zkept" + "x" * 300}, "At most 300 characters"),
        ({"who": "role:mentee", "actions": ["view"], "reason": ""}, "Give a reason."),
    ],
)
def test_what_is_refused_is_said_beside_the_field_and_keeps_what_was_typed(
    world: World, as_user: SignIn, sent: dict[str, Any], sentence: str
) -> None:
    response = as_user(world.cast.egle).post(rights_url(world), sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert sent["reason"] in text
    for action in set(sent["actions"]) - {"manage"}:
        assert f'value="{action}" aria-describedby' in text or f'value="{action}"' in text
        assert text.count("checked") == 1
    assert not FolderRestriction.objects.exists()


def test_lifting_asks_first_takes_a_reason_and_happens_once(world: World, as_user: SignIn) -> None:
    client, restriction = as_user(world.cast.egle), restricted(world, Action.VIEW, person=world.cast.milda)
    text = text_of(client, lift_url(restriction))
    assert "Lift the restriction? Milda Kazlauskaitė, restricted: read" in text
    assert client.post(lift_url(restriction), {"reason": "x" * 301}).status_code == 422
    assert client.post(lift_url(restriction), {"reason": "All is well"}).status_code == 302
    assert client.get(lift_url(restriction)).status_code == 302
    assert FolderRestriction.objects.get().lift_reason == "All is well"
    assert "Lifted by Eglė" in text_of(client, rights_url(world))


def test_reasons_are_read_by_managers_alone(world: World, as_user: SignIn, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    restricted(world, Action.REMOVE, role=Role.MENTOR, reason="Zreason")
    page = reverse("documents:folder-detail", args=[folder(world.group).pk])
    document = reverse("documents:document-detail", args=[Document.objects.get().pk])
    for person in (world.cast.rasa, world.cast.milda):
        assert "Zreason" not in text_of(as_user(person), page) + text_of(as_user(person), document)
    assert "Zreason" in text_of(as_user(world.cast.egle), rights_url(world))


def test_a_closed_group_is_still_narrowed(world: World, as_user: SignIn) -> None:
    world.group.stage = "closed"
    world.group.save()
    client = as_user(world.cast.egle)
    assert "The group is closed" in text_of(client, rights_url(world))
    sent = {"who": "role:mentee", "actions": ["view"], "reason": "The archive is for us"}
    assert client.post(rights_url(world), sent).status_code == 302
    page = reverse("documents:folder-detail", args=[folder(world.group).pk])
    assert as_user(world.cast.milda).get(page).status_code == 404


# --- seen as a member ----------------------------------------------------------------------------------------------


def documents_of(world: World, commit: Any, *audiences: str) -> list[Document]:
    """Return documents in the managing folder, each with one of the audiences."""
    named = set(Document.objects.values_list("subject", flat=True))
    people = [each for each in (world.cast.milda, world.cast.tomas, world.cast.elena) if each.pk not in named]
    found = []
    for person, audience in zip(people, audiences, strict=False):
        document = filed(world.group, world.cast.rasa, commit, "personal_goals", subject=person).version.document
        document.audience, document.author = audience, person
        document.save(update_fields=["audience", "author"])
        found.append(document)
    return found


def test_the_manager_sees_what_a_member_sees_and_only_counts_the_rest(
    world: World, as_user: SignIn, commit: Any
) -> None:
    documents_of(world, commit, "group", "mentor", "author")
    client = as_user(world.cast.egle)
    text = text_of(client, seen_as_url(world, "rasa"))
    assert "Milda Kazlauskaitė</a>" in text
    assert "Tomas" not in text
    assert "And 1 document that only the writer and the Mentor read." in text
    assert "Елена" not in text
    text = text_of(client, seen_as_url(world, "elena"))
    assert "Milda Kazlauskaitė</a>" in text
    assert "And 1 document that only the writer reads." in text
    assert "Tomas" not in text
    text = text_of(client, seen_as_url(world, "milda"))
    assert "And " not in text


def test_what_the_manager_alone_reads_is_not_in_a_members_view(world: World, as_user: SignIn, commit: Any) -> None:
    documents_of(world, commit, "manager")
    text = text_of(as_user(world.cast.egle), seen_as_url(world, "tomas"))
    assert "There is no document here that Tomas can read." in text
    assert "Milda" not in text


def test_who_may_not_read_is_seen_to_find_nothing(world: World, as_user: SignIn, commit: Any) -> None:
    documents_of(world, commit, "group")
    restricted(world, Action.VIEW, person=world.cast.tomas)
    text = text_of(as_user(world.cast.egle), seen_as_url(world, "tomas"))
    assert "Tomas Jankauskas does not find this folder" in text
    assert "Milda" not in text


def test_looking_is_written_down_with_who_as_whom(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.egle)
    assert client.head(seen_as_url(world, "rasa")).status_code == 200
    assert not DomainEvent.objects.filter(kind="folder.seen_as").exists()
    client.get(seen_as_url(world, "rasa"))
    event = DomainEvent.objects.get(kind="folder.seen_as")
    assert (event.actor, event.group_id) == (world.cast.egle, world.group.pk)
    assert event.data == {"user_id": world.cast.rasa.pk, "role": "mentor"}


def test_only_members_of_today_of_this_group_can_be_looked_as(world: World, as_user: SignIn) -> None:
    client, asked = as_user(world.cast.egle), folder(world.group).pk
    gone = Membership.objects.get(group=world.group, user=world.cast.jonas)
    stranger = Membership.objects.get(group=world.other_group, user=world.cast.aino)
    for member in (gone.pk, stranger.pk, 999_999):
        assert client.get(reverse("documents:folder-seen-as", args=[asked, member])).status_code == 404
    assert not DomainEvent.objects.filter(kind="folder.seen_as").exists()


# --- languages and costs -------------------------------------------------------------------------------------------


def test_the_pages_speak_bulgarian(world: World, as_user: SignIn, commit: Any) -> None:
    documents_of(world, commit, "group", "mentor")
    restriction = restricted(world, Action.UPLOAD, role=Role.MENTOR)
    world.cast.egle.language = "bg"
    world.cast.egle.save()
    client = as_user(world.cast.egle)
    client.cookies["django_language"] = "bg"
    text = text_of(client, rights_url(world))
    assert ">Права<" in text
    assert "Всички ментори, ограничено: " in text
    assert "Да отменим ли ограничението?" in text_of(client, lift_url(restriction))
    text = text_of(client, seen_as_url(world, "rasa"))
    assert "И 1 документ, който четат само авторът и менторът." in text


def test_statements_of_the_rights_page_do_not_grow(
    world: World, as_user: SignIn, django_assert_num_queries: Any
) -> None:
    client, url = as_user(world.cast.egle), rights_url(world)
    client.get(url)
    restricted(world, Action.UPLOAD, role=Role.MENTOR)
    with django_assert_num_queries(8):
        client.get(url)
    restricted(world, Action.VIEW, person=world.cast.tomas)
    restricted(world, Action.VIEW, person=world.cast.milda)
    lift_restriction(restriction=restricted(world, Action.REMOVE, role=Role.MENTOR), by=world.cast.egle)
    with django_assert_num_queries(8):
        client.get(url)


def test_statements_of_the_lift_page(world: World, as_user: SignIn, django_assert_num_queries: Any) -> None:
    client, restriction = as_user(world.cast.egle), restricted(world, Action.UPLOAD, role=Role.MENTOR)
    client.get(lift_url(restriction))
    with django_assert_num_queries(3):
        client.get(lift_url(restriction))


def test_statements_of_a_members_view_do_not_grow(
    world: World, as_user: SignIn, commit: Any, django_assert_num_queries: Any
) -> None:
    client, url = as_user(world.cast.egle), seen_as_url(world, "rasa")
    documents_of(world, commit, "group")
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)
    documents_of(world, commit, "group", "mentor")
    with django_assert_num_queries(9):
        client.get(url)
