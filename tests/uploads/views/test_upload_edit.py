"""The step page of a document: its pages, their acts, its description; seen by whoever began it alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from documents.models import Download
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun, filed, pages
from tests.pack_tools import version_of
from tests.routes import HIDDEN
from uploads.models import BatchState, UploadBatch
from uploads.services import uploads

SignIn = Callable[..., Client]
BATCH_ROUTES = ("edit", "page-add", "describe", "file", "cancel", "reopen", "detail")
PAGE_ROUTES = ("page-move", "page-rotate", "page-remove", "page-restore", "page-preview")


@pytest.fixture
def batch(world: World) -> UploadBatch:
    """Return two photos of a contract."""
    return begun(world.group, world.cast.rasa, "contract", sent_files.photo(6), sent_files.photo(3))


def test_pages_stand_with_their_acts_and_signers(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    text = as_user(world.cast.rasa).get(reverse("uploads:upload-edit", args=[batch.pk])).content.decode()
    for words in ("2 photos become one PDF", "Page 1", "Page 2", "Turned upright", "Who has signed?", "Eglė, Manager"):
        assert words in text
    assert text.count(" disabled>") == 2


def test_all_acts_work_without_scripts(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    client = as_user(world.cast.rasa)
    first, second = pages(batch)

    def post(name: str, pk: int, **data: Any) -> None:
        response = client.post(reverse(f"uploads:upload-{name}", args=[pk]), data)
        assert (response.status_code, response.url) == (
            302,
            reverse("uploads:upload-edit", args=[batch.pk]) + "#pages",
        )

    post("page-move", second.pk, direction="earlier")
    assert pages(batch) == [second, first]
    post("page-rotate", first.pk)
    post("page-remove", second.pk)
    assert [(page.pk, page.rotation) for page in pages(batch)] == [(first.pk, 90)]
    text = client.get(reverse("uploads:upload-edit", args=[batch.pk])).content.decode()
    assert "“page-2.jpg” was removed." in text
    post("page-restore", second.pk)
    post("page-add", batch.pk, files=sent_files.sent("3.png", sent_files.saved(sent_files.sheet(), "PNG")))
    assert len(pages(batch)) == 3


def test_a_script_gets_the_part_it_asks_for(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    client = as_user(world.cast.rasa)
    url = reverse("uploads:upload-page-add", args=[batch.pk])
    good = client.post(url, {"files": sent_files.sent("3.jpg", sent_files.photo(8))}, HTTP_HX_REQUEST="true")
    assert good.status_code == 200
    assert good.content.decode().strip().startswith('<section id="pages"')
    bad = client.post(
        url, {"files": sent_files.sent("4.pdf", sent_files.active_pdfs()["launch"][0])}, HTTP_HX_REQUEST="true"
    )
    assert bad.status_code == 422
    assert bad["HX-Retarget"] == "#refusals"
    assert "<section" not in bad.content.decode()
    assert "“4.pdf” was not added" in bad.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("none", None, 422),
        ("a.docx", sent_files.office(), 415),
        ("a.pdf", sent_files.pdf(41), 413),
        ("a.pdf", b"", 422),
    ],
)
def test_refusals_have_their_status_and_keep_the_rest(
    world: World, as_user: SignIn, batch: UploadBatch, name: str, content: bytes | None, status: int
) -> None:
    data = {} if content is None else {"files": sent_files.sent(name, content)}
    response = as_user(world.cast.rasa).post(reverse("uploads:upload-page-add", args=[batch.pk]), data)
    assert response.status_code == status
    assert "Choose another file" in response.content.decode()
    assert len(pages(batch)) == 2


def test_a_silent_scanner_says_when_to_come_back(
    world: World, as_user: SignIn, batch: UploadBatch, settings: Any
) -> None:
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"
    url = reverse("uploads:upload-page-add", args=[batch.pk])
    response = as_user(world.cast.rasa).post(url, {"files": sent_files.sent("3.jpg", sent_files.photo(8))})
    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_another_type_asks_for_what_it_needs(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    goals = version_of(world.group, "personal_goals")
    url = reverse("uploads:upload-describe", args=[batch.pk])
    response = as_user(world.cast.rasa).post(url, {"tool_version": goals.pk}, HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert response.status_code == 200
    assert "Whom is it about?" in text
    assert "Who has signed?" not in text
    batch.refresh_from_db()
    assert (batch.tool_version, batch.signed_by.count()) == (goals, 0)


def test_finish_later_keeps_what_was_said_and_leads_back(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    rasa, folder = as_user(world.cast.rasa), reverse("home:draft-list")
    page = rasa.get(reverse("uploads:upload-edit", args=[batch.pk])).text
    assert "Finish later" in page
    assert "Discard" in page
    goals = version_of(world.group, "personal_goals")
    data = {"tool_version": goals.pk, "subject": world.cast.milda.pk, "then": "leave", "back": folder}
    answer = rasa.post(reverse("uploads:upload-describe", args=[batch.pk]), data)
    assert answer.headers["Location"] == folder
    batch.refresh_from_db()
    assert (batch.tool_version, batch.subject, batch.state) == (goals, world.cast.milda, "open")
    assert reverse("uploads:upload-edit", args=[batch.pk]) in rasa.get(folder).text


def test_filing_says_beside_the_field_what_is_missing(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    url = reverse("uploads:upload-file", args=[batch.pk])
    response = as_user(world.cast.rasa).post(url, {"tool_version": version_of(world.group, "personal_goals").pk})
    assert response.status_code == 422
    assert "Say whom the document is about." in response.content.decode()
    assert len(pages(batch)) == 2


def test_filing_leads_to_the_result(world: World, as_user: SignIn, batch: UploadBatch, commit: Any) -> None:
    client = as_user(world.cast.rasa)
    signers = [world.cast.egle.pk, world.cast.rasa.pk, world.cast.milda.pk, world.cast.tomas.pk, world.cast.elena.pk]
    data = {"tool_version": version_of(world.group, "contract").pk, "signed_by": signers}
    with commit():
        response = client.post(reverse("uploads:upload-file", args=[batch.pk]), data)
    result = reverse("uploads:upload-detail", args=[batch.pk])
    assert response.url == result
    text = client.get(result).content.decode()
    assert "“Mentoring contract” is filed: Managing folder" in text
    assert "Signed by all 5" in text
    assert client.post(reverse("uploads:upload-file", args=[batch.pk]), data).url == result
    assert client.get(reverse("uploads:upload-edit", args=[batch.pk])).url == result


def test_a_pdf_on_its_way_shows_its_state(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    uploads.file_batch(batch=batch, user=world.cast.rasa)
    text = as_user(world.cast.rasa).get(reverse("uploads:upload-detail", args=[batch.pk])).content.decode()
    assert "rendering-state" in text
    assert "You can leave this page" in text


def test_cancel_and_take_it_back(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    client = as_user(world.cast.rasa)
    assert client.post(reverse("uploads:upload-cancel", args=[batch.pk])).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED
    assert client.get(reverse("uploads:upload-edit", args=[batch.pk])).status_code == 302
    assert client.post(reverse("uploads:upload-reopen", args=[batch.pk])).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.OPEN


def test_acts_on_a_filed_document_lead_to_its_result(world: World, as_user: SignIn, commit: Any) -> None:
    batch = filed(world.group, world.cast.rasa, commit)
    page = pages(batch)[0]
    client, result = as_user(world.cast.rasa), reverse("uploads:upload-detail", args=[batch.pk])
    for name in ("page-move", "page-rotate", "page-remove", "page-restore"):
        url = reverse(f"uploads:upload-{name}", args=[page.pk])
        assert client.post(url).url == result
        assert client.post(url, HTTP_HX_REQUEST="true")["HX-Redirect"] == result
    for name in ("describe", "cancel"):
        assert client.post(reverse(f"uploads:upload-{name}", args=[batch.pk])).url == result
    add = client.post(
        reverse("uploads:upload-page-add", args=[batch.pk]), {"files": sent_files.sent("a", sent_files.pdf())}
    )
    assert add.status_code == 409


def test_the_preview_is_turned_as_asked(world: World, as_user: SignIn, batch: UploadBatch, tmp_path: Any) -> None:
    page = pages(batch)[0]
    client, url = as_user(world.cast.rasa), reverse("uploads:upload-page-preview", args=[page.pk])
    colours = list(sent_files.CORNERS)
    for turn in range(4):
        response = client.get(url)
        assert response["Content-Type"] == "image/jpeg"
        path = tmp_path / "preview.jpg"
        path.write_bytes(response.content)
        assert sent_files.corners(path) == colours[-turn:] + colours[:-turn] if turn else colours
        uploads.rotate_page(page=page)


@pytest.mark.parametrize("name", ["egle", "milda", "aino", "petar", "boris", "jonas", "dana", "olga", "sofia"])
def test_a_batch_is_its_makers_alone(world: World, as_user: SignIn, batch: UploadBatch, name: str) -> None:
    client = as_user(getattr(world.cast, name))
    page = pages(batch)[0]
    for route, pk in [(each, batch.pk) for each in BATCH_ROUTES] + [(each, page.pk) for each in PAGE_ROUTES]:
        url = reverse(f"uploads:upload-{route}", args=[pk])
        assert client.get(url).status_code in HIDDEN, route
        assert client.post(url, {"files": sent_files.sent("a.pdf", sent_files.pdf())}).status_code in HIDDEN, route
    assert len(pages(batch)) == 2


def test_a_mentor_who_left_has_no_batch_any_more(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    from mentoring.models import Membership  # noqa: PLC0415 -- next to its only use
    from mentoring.services.memberships import end_membership  # noqa: PLC0415

    client = as_user(world.cast.rasa)
    membership = Membership.objects.live().get(group=world.group, user=world.cast.rasa)
    end_membership(membership=membership, by=world.cast.egle, reason="moved away")
    for route in BATCH_ROUTES:
        url = reverse(f"uploads:upload-{route}", args=[batch.pk])
        assert client.get(url).status_code in HIDDEN, route
        assert client.post(url).status_code in HIDDEN, route


def test_wrong_methods(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    client, page = as_user(world.cast.rasa), pages(batch)[0]
    for route in ("edit", "detail"):
        assert client.post(reverse(f"uploads:upload-{route}", args=[batch.pk])).status_code == 405
    for route in ("page-add", "describe", "file", "cancel", "reopen"):
        assert client.get(reverse(f"uploads:upload-{route}", args=[batch.pk])).status_code == 405
    for route in ("page-move", "page-rotate", "page-remove", "page-restore"):
        assert client.get(reverse(f"uploads:upload-{route}", args=[page.pk])).status_code == 405


def test_queries_do_not_grow(world: World, as_user: SignIn, django_assert_num_queries: Any) -> None:
    client = as_user(world.cast.rasa)
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.photo())
    url = reverse("uploads:upload-edit", args=[batch.pk])
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)
    for number in (3, 6):
        uploads.add_file(batch=batch, file=sent_files.sent("a.jpg", sent_files.photo(number)))
    with django_assert_num_queries(12):
        client.get(url)


def test_the_picture_of_a_page_can_be_enlarged(world: World, as_user: SignIn, batch: UploadBatch) -> None:
    page = pages(batch)[0]
    text = as_user(world.cast.rasa).get(reverse("uploads:upload-edit", args=[batch.pk])).content.decode()
    preview = reverse("uploads:upload-page-preview", args=[page.pk])
    assert f'<a class="page-enlarge" href="{preview}?turn=0"' in text
    assert "Enlarge, in a new tab" in text


def test_what_must_be_said_is_not_called_optional(world: World, as_user: SignIn) -> None:
    batch = begun(world.group, world.cast.rasa, "diary", sent_files.photo(1), signed_by=[])
    page = as_user(world.cast.rasa).get(reverse("uploads:upload-edit", args=[batch.pk])).text
    for label in ("Whom is it about?", "Which session is it about?"):
        assert label in page
        shown = page[page.index(label) : page.index(label) + 200]
        assert "optional" not in shown


@pytest.mark.usefixtures("local_files")
def test_who_looks_at_the_pages_of_a_filed_paper_is_written_down_once_a_day(
    world: World, as_user: SignIn, batch: UploadBatch, commit: Any
) -> None:
    with commit():
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    batch.refresh_from_db()
    first, egle = pages(batch)[0], as_user(world.cast.egle)
    url = reverse("uploads:upload-page-preview", args=[first.pk])
    Download.objects.all().delete()
    assert egle.head(url).status_code == 200
    assert not Download.objects.exists()
    assert {egle.get(url).status_code for _each in range(2)} == {200}
    assert list(Download.objects.values_list("user", "original")) == [(world.cast.egle.pk, 1)]
    original = egle.get(reverse("uploads:original-download", args=[first.pk]))
    assert "original-1." in original["Content-Disposition"]


def test_everything_that_is_missing_is_said_at_once(world: World, as_user: SignIn) -> None:
    rasa = as_user(world.cast.rasa)
    contract = begun(world.group, world.cast.rasa, "contract", signed_by=[])
    sent = {"tool_version": contract.tool_version_id}
    page = rasa.post(reverse("uploads:upload-file", args=[contract.pk]), sent)
    assert page.status_code == 422
    for sentence in ("There is no page yet", "Say who has signed"):
        assert sentence in page.text
    diary = begun(world.group, world.cast.rasa, "diary", sent_files.photo(1), signed_by=[])
    page = rasa.post(reverse("uploads:upload-file", args=[diary.pk]), {"tool_version": diary.tool_version_id})
    for sentence in ("Say whom the document is about.", "Say which session the document is about."):
        assert sentence in page.text
