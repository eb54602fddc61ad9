"""What the programme promises its people, one sentence after the other, written without the policy table.

The promises of the predecessor (who uploads, who reads, that groups never meet) are kept word for word; those about
diaries and administrators are ours.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.request import urlopen

import openpyxl
import pytest
from django.contrib.admin.sites import site
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from conversations.models import Attachment, Board, Topic
from core.web.routes import all_routes
from documents.models import Document, Folder, FolderRestriction
from mentoring.models import Membership, MentoringGroup
from mentoring.services.memberships import end_membership
from rendering.models import Rendering
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import MeetingState, PlannedSession
from tests.access_map import ACCESS, For
from tests.cast import World
from tests.documents.sent_files import pdf, sent
from tests.furniture import House, furnish
from tests.pack_tools import folder, tool
from tests.waiting import PATIENCE
from uploads import choices as upload_choices
from uploads.models import UploadBatch
from uploads.services import uploads

SignIn = Callable[[User], Client]
KEEPERS = ("egle", "rasa")
MENTEES = ("milda", "tomas", "elena")
MEMBERS = (*KEEPERS, *MENTEES)
STRANGERS = ("boris", "petar", "aino", "kalina", "dana", "olga", "jonas", "sofia")
# 302: the file store hands the document out by a short signed address.
ANSWERED = {200, 302}
SECRET = "Zsecret words"
# Things that stay with whoever has left a group, as long as their role in the programme lasts.
OF_THE_PROGRAMME = {"pack", "template", "programme", "announcement", "board_of_mentors"}


@pytest.fixture
def client_of(world: World, as_user: SignIn) -> Callable[[str], Client]:
    """Return a function that signs a person of the cast in."""
    return lambda name: as_user(world.cast.everybody()[name])


def at(name: str, **keys: Any) -> str:
    """Return the address of a route."""
    return reverse(name, kwargs=keys)


def body(response: Any) -> str:
    """Return the text of an answer, of a file too."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))


def lines(response: Any) -> str:
    """Return the words of a page, without its markup and tokens."""
    return " ".join(re.sub(r"<[^>]*>", " ", body(response)).split())


def file_by_pages(client: Client, group: MentoringGroup, tool: str, **about: str) -> Document | None:
    """Add a signed document through the pages, as a Mentor does; return what was filed."""
    files = [sent("document.pdf", pdf(), "application/pdf")]
    begun = client.post(at("uploads:upload-create", pk=group.pk), {"tool": tool, "files": files, **about})
    batch = UploadBatch.objects.filter(group=group).order_by("-pk").first()
    if begun.status_code != 302 or batch is None:
        return None
    assert batch.tool_version
    signers = upload_choices.signers(group, batch.tool_version)
    said = {"tool_version": str(batch.tool_version_id), "signed_by": [each.pk for each in signers]}
    client.post(at("uploads:upload-file", pk=batch.pk), said | about)
    return Document.objects.filter(versions__batch=batch).first()


# --- the template library -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["egle", "rasa", "milda"])
def test_templates_can_be_downloaded_and_not_changed(
    world: World, client_of: Callable[[str], Client], name: str
) -> None:
    client = client_of(name)
    template = tool("contract")
    library = at("rendering:library-detail", pk=world.group.pk)
    blank, guide = at("rendering:blank-download", pk=template.pk), at("rendering:guide-download", pk=template.pack_id)
    assert client.get(library).status_code == 200
    assert client.get(blank).status_code in {200, 202, 302, 503}
    page = body(client.get(library))
    assert 'type="file"' not in page
    assert 'method="post"' not in re.sub(r"(?s)<form[^>]*(languages|data-sign-out).*?</form>", "", page)
    for path in (library, blank, guide):
        for send in (client.post, client.put, client.patch, client.delete):
            assert send(path).status_code == 405, path
    assert not Folder.objects.filter(group=world.group, kind="library").exists()


def test_no_route_writes_into_the_library() -> None:
    library = [route for route in all_routes() if re.search(r"library|blank|guide", route.name)]
    assert {route.name for route in library} == {
        "rendering:library-detail", "rendering:blank-download", "rendering:guide-download",
    }  # fmt: skip
    assert all("POST" not in route.methods for route in library)


# --- the two folders ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KEEPERS)
def test_manager_and_mentor_upload_to_both_folders(world: World, client_of: Callable[[str], Client], name: str) -> None:
    for key, kind in (("contract", "managing"), ("final_discussion", "monitoring")):
        document = file_by_pages(client_of(name), world.group, key)
        assert document is not None
        assert document.folder == folder(world.group, kind)


@pytest.mark.parametrize("name", MENTEES)
def test_a_mentee_uploads_to_neither(world: World, client_of: Callable[[str], Client], name: str) -> None:
    mentee = world.cast.everybody()[name]
    client = client_of(name)
    upload = at("uploads:upload-create", pk=world.group.pk)
    for kind in ("managing", "monitoring"):
        page = body(client.get(at("documents:folder-detail", pk=folder(world.group, kind).pk)))
        assert 'type="file"' not in page
        assert "/upload/" not in page
    for key in ("contract", "final_discussion", "diary", "personal_goals"):
        assert client.get(f"{upload}?tool={key}").status_code == 404
        assert file_by_pages(client, world.group, key) is None
        batch = uploads.start_batch(group=world.group, user=mentee, tool_version=tool(key).current)
        uploads.add_file(batch=batch, file=sent("document.pdf", pdf(), "application/pdf"))
        with pytest.raises(ValidationError):
            uploads.file_batch(batch=batch, user=mentee)
    for route in ("edit", "file", "page-add", "describe", "cancel", "reopen", "detail"):
        path = at(f"uploads:upload-{route}", pk=batch.pk)
        assert client.get(path).status_code in {404, 405}
        assert client.post(path, {"files": [sent("x.pdf", pdf())]}).status_code in {404, 405}
    assert not Document.objects.exists()


def downloaded(client: Client, document: Document) -> bytes:
    """Return the bytes a person gets: from here, or by the short signed address of the file store."""
    assert document.current
    answer = client.get(at("documents:version-download", pk=document.current.pk))
    if answer.status_code == 302:
        with urlopen(answer["Location"], timeout=PATIENCE) as stored:  # noqa: S310 -- the tests' own file store
            return bytes(stored.read())
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_all_members_read_both_folders(world: World, client_of: Callable[[str], Client]) -> None:
    keeper = client_of("rasa")
    filed = [file_by_pages(keeper, world.group, tool) for tool in ("contract", "final_discussion")]
    for name in MEMBERS:
        client = client_of(name)
        for document in filed:
            assert document is not None
            assert document.current
            assert document.number in body(client.get(at("documents:document-detail", pk=document.pk))), name
            page = body(client.get(at("documents:folder-detail", pk=document.folder_id)))
            assert at("documents:document-detail", pk=document.pk) in page, name
            assert downloaded(client, document).startswith(b"%PDF"), name


@pytest.mark.parametrize("kind", ["managing", "monitoring"])
def test_only_the_manager_withholds_and_gives_back(world: World, client_of: Callable[[str], Client], kind: str) -> None:
    asked = folder(world.group, kind)
    rights = at("documents:folder-rights", pk=asked.pk)
    member = Membership.objects.live().get(group=world.group, user=world.cast.milda)
    sent_away = {"who": f"person:{world.cast.milda.pk}", "actions": ["view"], "reason": "x"}
    others = [name for name in (*MEMBERS, *STRANGERS) if name != "egle"]
    for name in others:
        assert client_of(name).post(rights, sent_away).status_code == 404, name
    assert not FolderRestriction.objects.exists()
    assert client_of("egle").post(rights, sent_away).status_code == 302
    withheld = FolderRestriction.objects.get()
    for name in others:
        client = client_of(name)
        for path in (rights, at("documents:restriction-lift", pk=withheld.pk)):
            assert (client.get(path).status_code, client.post(path).status_code) == (404, 404), (name, path)
        assert client.get(at("documents:folder-seen-as", pk=asked.pk, member=member.pk)).status_code == 404, name
    assert client_of("milda").get(at("documents:folder-detail", pk=asked.pk)).status_code == 404
    assert client_of("tomas").get(at("documents:folder-detail", pk=asked.pk)).status_code == 200
    withheld.refresh_from_db()
    assert withheld.lifted_at is None


@pytest.mark.parametrize(
    ("key", "kind"),
    [("contract", "managing"), ("group_goals", "managing"), ("final_questionnaire", "monitoring"),
     ("initial_questionnaire", "monitoring"), ("midterm_plan", "monitoring"), ("final_discussion", "monitoring")],
)  # fmt: skip
def test_the_type_of_a_document_decides_its_folder_whatever_is_asked(
    world: World, client_of: Callable[[str], Client], key: str, kind: str
) -> None:
    other = folder(world.group, {"managing": "monitoring", "monitoring": "managing"}[kind])
    about = {"folder": str(other.pk), "folder_kind": other.kind, "kind": other.kind}
    template = tool(key)
    assert template.current
    if template.current.one_per == "mentee":
        about["subject"] = str(world.cast.milda.pk)
    document = file_by_pages(client_of("egle"), world.group, key, **about)
    assert document is not None
    assert document.folder == folder(world.group, kind)


# --- groups never see each other ----------------------------------------------------------------------------------


@pytest.fixture
def house(world: World) -> House:
    """The group «Žingsnis» with something everywhere."""
    return furnish(world)


def own_pages(world: World, name: str) -> Iterator[str]:
    """Yield the addresses that someone of the other group has, searches and exports among them."""
    group = world.other_group.pk
    kinds = ("managing", "monitoring", "personal")
    yield from ("/", "/?show=late", "/groups/", "/?q=Zdiary", "/groups/?q=Zdiary", "/forum/")
    yield at("conversations:group-board", pk=group)
    for route in ("mentoring:group-detail", "mentoring:member-list", "sessions:plan-detail", "sessions:diary-list"):
        yield at(route, pk=group)
    for each in kinds:
        yield at("documents:folder-detail", pk=folder(world.other_group, each).pk)
        yield at("documents:folder-detail", pk=folder(world.other_group, each).pk) + "?q=Z"
    if name == "boris":
        yield from (f"/matrix/export/?format={kind}" for kind in ("csv", "xlsx"))


def seen(client: Client, world: World, name: str) -> dict[str, str]:
    """Return what is on the pages of someone, by address."""
    found = {}
    for path in own_pages(world, name):
        answer = client.get(path)
        assert answer.status_code == 200, path
        if path.endswith("xlsx"):
            sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
            found[path] = str([[each.value for each in row] for row in sheet.iter_rows()])  # type: ignore[union-attr]
        else:
            found[path] = lines(answer)
    return found


@pytest.mark.parametrize("name", ["boris", "petar", "aino"])
def test_what_happens_in_one_group_changes_nothing_in_the_eyes_of_another(
    world: World, client_of: Callable[[str], Client], name: str
) -> None:
    client = client_of(name)
    before = seen(client, world, name)
    furnish(world, announces=False)
    yesterday = timezone.localdate() - timedelta(days=1)
    ChecklistItem.objects.filter(group=world.group).update(due_on=yesterday)
    assert seen(client, world, name) == before
    assert not any("Žingsnis" in text for text in before.values())


def test_nobody_outside_finds_documents_forms_or_sessions_of_the_group(
    house: House, client_of: Callable[[str], Client]
) -> None:
    routes = {
        "group": "mentoring:group-detail",
        "folder": "documents:folder-detail",
        "monitoring_folder": "documents:folder-detail",
        "contract": "documents:document-detail",
        "contract_version": "documents:version-download",
        "diary": "responses:form-detail",
        "rendering": "rendering:rendering-status",
        "session": "sessions:session-detail",
    }
    for name in STRANGERS:
        client = client_of(name)
        for thing, route in routes.items():
            assert client.get(at(route, **house.things[thing])).status_code == 404, (name, thing)


# --- the Manager --------------------------------------------------------------------------------------------------


def test_the_manager_and_nobody_else_replaces_the_mentor(
    world: World, client_of: Callable[[str], Client], as_user: SignIn
) -> None:
    old = Membership.objects.live().get(group=world.group, role="mentor")
    path = at("mentoring:mentor-replace", pk=old.pk)
    sent_form = {"person": world.cast.olga.pk, "new": world.cast.petar.pk, "user": world.cast.petar.pk, "reason": "ill"}
    for name in ("rasa", "milda", *STRANGERS):
        assert client_of(name).post(path, sent_form).status_code == 404, name
    page = client_of("egle").get(path)
    assert page.status_code == 200
    field = re.search(r'<select[^>]*name="(\w+)"', body(page))
    assert field
    answer = client_of("egle").post(path, {field[1]: world.cast.petar.pk, "reason": "ill"})
    assert answer.status_code == 302
    mentors = Membership.objects.live().filter(group=world.group, role="mentor")
    assert [each.user for each in mentors] == [world.cast.petar]
    assert as_user(world.cast.rasa).get(at("mentoring:group-detail", pk=world.group.pk)).status_code == 404
    assert as_user(world.cast.petar).get(at("mentoring:group-detail", pk=world.group.pk)).status_code == 200


# --- diaries ------------------------------------------------------------------------------------------------------


@pytest.fixture
def narrowed(world: World, commit: Any) -> FormResponse:
    """Milda's diary, which she shows to her Mentor alone, with its PDF."""
    session = PlannedSession.objects.get(plan__group=world.group)
    PlannedSession.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(days=1), state=MeetingState.HELD
    )
    session.refresh_from_db()
    template = tool("diary")
    form = forms.start_form(
        group=world.group, tool=template, user=world.cast.milda, session_key=session.session_key,
        session_title=session.session_title,
    )  # fmt: skip
    form = forms.choose_audience(form=form, user=world.cast.milda, audience="mentor")
    answers = {"mood": "1", "done": SECRET, "learned": SECRET, "next_steps": SECRET}
    with commit():
        forms.submit_form(form=form, user=world.cast.milda, lock=form.lock, answers=answers)
    form.refresh_from_db()
    forms.add_comment(form=form, user=world.cast.rasa, text=f"{SECRET}, answered")
    return form


def addresses(form: FormResponse) -> list[str]:
    """Return where a form and its document are read."""
    rendering = Rendering.objects.get(submission__form=form)
    document = Document.objects.get(versions__rendering__submission__form=form)
    assert document.current
    return [
        at("responses:form-detail", pk=form.pk),
        at("rendering:rendering-status", pk=rendering.pk),
        at("documents:document-detail", pk=document.pk),
        at("documents:version-download", pk=document.current.pk),
    ]


def test_a_diary_for_the_mentor_is_read_by_mentor_and_writer_and_nobody_else(
    narrowed: FormResponse, client_of: Callable[[str], Client]
) -> None:
    for name in ("rasa", "milda"):
        client = client_of(name)
        assert all(client.get(path).status_code in ANSWERED for path in addresses(narrowed)), name
        assert SECRET in body(client.get(addresses(narrowed)[0]))
    for name in ("egle", "tomas", "elena", *STRANGERS):
        client = client_of(name)
        assert [client.get(path).status_code for path in addresses(narrowed)] == [404] * 4, name
        assert client.post(at("responses:form-comment", pk=narrowed.pk), {"text": "x"}).status_code == 404
        assert client.post(at("responses:form-accept", pk=narrowed.pk), {"number": 1}).status_code == 404


@pytest.mark.parametrize("name", ["egle", "tomas", "elena"])
def test_no_page_of_the_group_shows_more_of_it_than_that_it_was_handed_in(
    world: World, narrowed: FormResponse, client_of: Callable[[str], Client], name: str
) -> None:
    client = client_of(name)
    document = Document.objects.get(versions__rendering__submission__form=narrowed)
    managing = at("documents:folder-detail", pk=document.folder_id)
    session = PlannedSession.objects.get(plan__group=world.group)
    group = {"pk": world.group.pk}
    places = [
        "/", "/groups/", managing, f"{managing}?q=Milda", f"{managing}?q={document.number}", f"{managing}?type=diary",
        at("mentoring:group-detail", **group), at("sessions:diary-list", **group), at("sessions:plan-detail", **group),
        at("sessions:session-detail", pk=session.pk), at("sessions:section-detail", **group, kind="initial"),
        *(["/matrix/export/", at("checklist:checklist-cell", **group, key="diary")] if name == "egle" else []),
    ]  # fmt: skip
    leaks = (SECRET, document.number, document.check_code, at("responses:form-detail", pk=narrowed.pk),
             at("documents:document-detail", pk=document.pk))  # fmt: skip
    for path in places:
        answer = client.get(path)
        assert answer.status_code == 200, path
        told = [leak for leak in leaks if leak in body(answer) and leak not in path]  # a search repeats its words
        assert told == [], path


# --- who administers does not read --------------------------------------------------------------------------------


def admin_pages(client: Client) -> Iterator[tuple[str, str]]:
    """Yield address and text of every list and every thing of the administration, searched too."""
    yield "/admin/", body(client.get("/admin/"))
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for path in (reverse(f"{name}_changelist"), reverse(f"{name}_changelist") + "?q=Zsecret"):
            yield path, body(client.get(path))
        for pk in model._default_manager.values_list("pk", flat=True)[:30]:
            for kind in ("change", "history"):
                path = reverse(f"{name}_{kind}", args=[pk])
                yield path, body(client.get(path))


@pytest.mark.parametrize("name", ["dana", "sofia"])
def test_administrators_read_no_diaries_and_no_folders(
    world: World, house: House, as_user: SignIn, name: str, commit: Any
) -> None:
    client = as_user(world.cast.everybody()[name])
    mine = FormResponse.objects.get(pk=house.things["diary"]["pk"])
    assert client.get("/admin/").status_code == 200
    words = ("Zdiary", "Zcomment", "Zgoals")
    leaks = [(path, word) for path, text in admin_pages(client) for word in words if word in text]
    assert leaks == []
    for kind in ("managing", "monitoring", "personal"):
        assert client.get(at("documents:folder-detail", pk=folder(world.group, kind).pk)).status_code == 404
    assert client.get(at("responses:form-detail", pk=mine.pk)).status_code == 404
    assert client.get(at("sessions:diary-list", pk=world.group.pk)).status_code == 404
    registered = {model.__name__ for model in site._registry}
    assert not registered & {"FormResponse", "FormSubmission", "FormComment", "Document", "DocumentVersion", "Folder"}


# --- who has left -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_date_alone", [False, True], ids=["ended now", "last day passed"])
@pytest.mark.parametrize("name", ["tomas", "rasa"])
def test_who_has_left_finds_nothing_from_the_next_request_on(
    world: World, house: House, as_user: SignIn, name: str, by_date_alone: bool
) -> None:
    person = world.cast.everybody()[name]
    client = as_user(person)  # and stays signed in
    entries = [(route, entry) for route, entry in ACCESS.items() if isinstance(entry, For)]
    theirs = [
        (route, at(route, **house.things[entry.thing], **entry.more))
        for route, entry in entries
        if name in entry.may and entry.thing not in OF_THE_PROGRAMME
    ]
    assert client.get(at("mentoring:group-detail", pk=world.group.pk)).status_code == 200
    membership = Membership.objects.live().get(group=world.group, user=person)
    if by_date_alone:
        Membership.objects.filter(pk=membership.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    else:
        end_membership(membership=membership, by=world.cast.egle, reason="moved away")
    for route, path in theirs:
        for send in (client.get, client.post):
            assert send(path, {"reason": "x", "text": "x"}).status_code in {404, 405}, (route, path)
        assert 404 in {client.get(path).status_code, client.post(path).status_code}, route
    home = client.get("/")
    assert home.status_code == 200
    assert "Žingsnis" not in body(home)


# --- the forum ---------------------------------------------------------------------------------------------------


def begin(client: Client, board: Board, title: str, body: str) -> int:
    """Begin a topic through the page; return the status of the answer."""
    return client.post(at("conversations:topic-create", pk=board.pk), {"title": title, "body": body}).status_code


def test_posting_on_the_board_of_a_group_is_open_to_all_its_members_and_to_nobody_else(
    world: World, client_of: Callable[[str], Client]
) -> None:
    board = Board.objects.get(group=world.group)
    for name in MEMBERS:
        assert begin(client_of(name), board, f"Ztitle of {name}", "Zwords") == 302, name
    topic = Topic.objects.filter(board=board).first()
    assert topic
    for name in STRANGERS:
        client = client_of(name)
        assert begin(client, board, "x", "x") == 404, name
        assert client.post(at("conversations:post-create", pk=topic.pk), {"body": "x"}).status_code == 404, name
        for path in ("/", "/forum/", "/groups/"):
            assert "Ztitle" not in body(client.get(path)), (name, path)
    assert Topic.objects.filter(board=board).count() == len(MEMBERS)


def test_nothing_that_a_mentee_puts_on_a_board_comes_into_a_folder(
    world: World, client_of: Callable[[str], Client]
) -> None:
    board, client = Board.objects.get(group=world.group), client_of("milda")

    pages = iter(range(1, 20))

    def file() -> dict[str, list[Any]]:
        return {"attachments": [sent("letter.pdf", pdf(next(pages)), "application/pdf")]}

    client.post(at("conversations:topic-create", pk=board.pk), {"title": "Here", "body": "My letter", **file()})
    topic = Topic.objects.get()
    for route in ("post-create", "topic-draft", "answer-preview", "topic-attach"):
        client.post(at(f"conversations:{route}", pk=topic.pk), {"body": f"{route} again", **file()})
    for route in ("board-draft", "post-preview", "board-attach"):
        client.post(at(f"conversations:{route}", pk=board.pk), {"body": f"{route} again", **file()})
    post = topic.posts.order_by("number")[0]
    for each in Attachment.objects.all():
        assert client.post(at("conversations:post-file", pk=post.pk), {"file": [each.pk]}).status_code == 404
    assert Attachment.objects.count() == 8
    assert Attachment.objects.filter(post__isnull=False).count() == 2
    assert Document.objects.count() == UploadBatch.objects.count() == 0
    assert topic.posts.count() == 2


def test_a_mentor_of_another_group_answers_in_the_community_and_sees_nothing_else(
    world: World, client_of: Callable[[str], Client]
) -> None:
    furnish(world, announces=False)
    community = Board.objects.get(programme=world.programme, role="mentor")
    assert begin(client_of("rasa"), community, "How do you end a first meeting?", "Ours are too long.") == 302
    topic, petar = Topic.objects.get(board=community), client_of("petar")
    assert petar.post(at("conversations:post-create", pk=topic.pk), {"body": "With a question."}).status_code == 302
    assert "With a question." in body(client_of("rasa").get(at("conversations:topic-detail", pk=topic.pk)))
    assert petar.get(at("mentoring:group-detail", pk=world.group.pk)).status_code == 404
    assert petar.get(at("conversations:group-board", pk=world.group.pk)).status_code == 404
    assert "Žingsnis" not in body(petar.get("/forum/"))
    for name in ("milda", "aino", "dana", "olga", "sofia"):
        assert client_of(name).get(at("conversations:topic-detail", pk=topic.pk)).status_code == 404, name
        assert begin(client_of(name), community, "x", "x") == 404, name


def test_announcements_are_written_by_managers_and_admins_and_read_by_everybody_of_the_programme(
    world: World, client_of: Callable[[str], Client]
) -> None:
    board = Board.objects.get(programme=world.programme, kind="announcements")
    for name in ("egle", "boris", "dana"):
        assert begin(client_of(name), board, f"News of {name}", "Words") == 302, name
    topic = Topic.objects.get(title="News of dana")
    path = at("conversations:topic-detail", pk=topic.pk)
    for name in ("rasa", "petar", "milda", "aino", "jonas"):
        client = client_of(name)
        assert begin(client, board, "x", "x") == 404, name
        assert client.post(at("conversations:post-create", pk=topic.pk), {"body": "x"}).status_code == 404, name
        assert client.get(path).status_code == 200, name
    assert [client_of(name).get(path).status_code for name in ("olga", "sofia")] == [404, 404]


def test_a_deleted_post_is_nowhere_for_nobody(world: World, client_of: Callable[[str], Client]) -> None:
    house = furnish(world)
    first = house.things["post"]["pk"]
    delete = at("conversations:post-delete", pk=first)
    assert client_of("egle").post(delete, {"reason": "Not for here"}).status_code == 302
    for name in MEMBERS:
        client = client_of(name)
        page = body(client.get(at("conversations:topic-detail", **house.things["topic"])))
        assert "Deleted by Eglė Petrauskaitė: Not for here" in page, name
        for path in (
            at("conversations:group-board", pk=world.group.pk), "/", "/forum/",
            at("conversations:topic-detail", **house.things["topic"]),
        ):  # fmt: skip
            text = body(client.get(path))
            assert not {each for each in ("Zquoted", "Zearlier", "Ztopic") if each in text}, (name, path)
        assert client.get(at("conversations:post-history", pk=first)).status_code == 404, name
