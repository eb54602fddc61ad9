"""PDFs in the making: asked once, claimed once, filed once; what fails is tried again, then given up with a reason."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.models import DomainEvent
from documents.models import Document, DocumentVersion
from documents.services import filing
from mentoring.standing import Standing
from rendering.models import Rendering, RenderingState
from rendering.pages.state import words_of
from rendering.pdf import engine
from rendering.pdf.engine import RenderedPdf
from rendering.pdf.errors import BrokenError, OutOfMemoryError, TooLargeError, TooSlowError
from rendering.querysets import RENDERING_LEASE
from rendering.services import library as library_kind
from rendering.services import renderings
from responses_app import rendering as form_kind
from responses_app.models import FormResponse, FormState
from tests.cast import World
from tests.documents.making import DIARY, hand_in
from tests.pack_tools import version_of

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

PDF = RenderedPdf(b"%PDF-1.7 a diary", 1)


@pytest.fixture
def quick() -> Any:
    """Let the layout take no time."""
    with patch.object(engine, "render_form", return_value=PDF) as render:
        yield render


@pytest.fixture
def not_sent() -> Any:
    """Let the broker take nothing."""
    with patch.object(renderings, "send", return_value=False) as send:
        yield send


def ask(world: World, person: User | None = None, session_key: str = "session-1", **more: Any) -> Rendering:
    """Hand in a diary and ask for its PDF."""
    person = person or world.cast.milda
    submission = hand_in(world.group, "diary", person, DIARY, subject=person, session_key=session_key, **more)
    return form_kind.request_form(submission=submission, requested_by=person)


def state_of(rendering: Rendering) -> str:
    rendering.refresh_from_db()
    return rendering.state


# --- the way of a form --------------------------------------------------------------------------------------------


def test_a_form_becomes_a_document_in_its_folder(world: World) -> None:
    rendering = ask(world, session_title={"en": "CV and Europass"})
    renderings.run(rendering.pk)
    assert state_of(rendering) == RenderingState.READY
    version = DocumentVersion.objects.get(rendering=rendering)
    document = version.document
    assert document.folder.kind == "managing"
    assert document.number == f"STW-{timezone.localdate().year}-0001"
    assert document.current == version
    assert version.pages == rendering.pages == 1
    assert version.file.read().startswith(b"%PDF-1.7")
    assert FormResponse.objects.get().state == FormState.FILED
    assert list(
        DomainEvent.objects.filter(kind__in=["document.filed", "rendering.ready"]).values_list("kind", flat=True)
    ) == ["rendering.ready", "document.filed"]


def test_asking_twice_makes_one_rendering(world: World) -> None:
    first = ask(world)
    assert first.submission
    again = form_kind.request_form(submission=first.submission, requested_by=world.cast.rasa)
    assert again.pk == first.pk


def test_sent_after_the_commit_and_not_before(world: World, commit: Any, quick: Any) -> None:
    with commit():
        rendering = ask(world)
        assert rendering.sent_at is None
    assert state_of(rendering) == RenderingState.READY
    assert rendering.sent_at


def test_redelivery_files_nothing_twice(world: World, quick: Any) -> None:
    rendering = ask(world)
    renderings.run(rendering.pk)
    renderings.run(rendering.pk)
    renderings.run(rendering.pk, is_redelivered=True)
    assert DocumentVersion.objects.count() == 1
    assert quick.call_count == 1


def test_two_workers_at_once_file_one_version(world: World) -> None:
    """A second worker takes the task over while the first is still at it; both come to file."""
    rendering = ask(world)

    def render_while_another_does(made: Any) -> RenderedPdf:
        with patch.object(engine, "render_form", return_value=PDF):
            renderings.run(rendering.pk, is_redelivered=True)
        return RenderedPdf(b"%PDF-1.7 the slower one", 1)

    with patch.object(engine, "render_form", side_effect=render_while_another_does):
        renderings.run(rendering.pk)
    assert state_of(rendering) == RenderingState.READY
    version = DocumentVersion.objects.get()
    assert version.file.read() == PDF.content


def test_a_running_one_is_left_alone_until_its_lease_ends(world: World, quick: Any) -> None:
    rendering = ask(world)
    Rendering.objects.filter(pk=rendering.pk).update(
        state=RenderingState.RUNNING, started_at=timezone.now(), attempts=1
    )
    renderings.run(rendering.pk)
    assert quick.call_count == 0
    Rendering.objects.filter(pk=rendering.pk).update(started_at=timezone.now() - RENDERING_LEASE - timedelta(seconds=1))
    renderings.run(rendering.pk)
    assert state_of(rendering) == RenderingState.READY


def test_crash_after_filing_is_finished_without_a_second_file(world: World, quick: Any) -> None:
    rendering = ask(world)
    with patch.object(renderings, "_ready", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        renderings.run(rendering.pk)
    assert state_of(rendering) == RenderingState.RUNNING
    renderings.run(rendering.pk, is_redelivered=True)
    assert state_of(rendering) == RenderingState.READY
    assert DocumentVersion.objects.count() == 1
    assert quick.call_count == 1


def test_second_submission_is_the_second_version_of_the_same_document(world: World, quick: Any) -> None:
    renderings.run(ask(world).pk)
    renderings.run(ask(world).pk)
    document = Document.objects.get()
    assert list(document.versions.values_list("number", flat=True)) == [2, 1]
    assert document.current
    assert document.current.number == 2


def test_number_in_the_document_is_the_number_it_gets(world: World) -> None:
    """Someone files a version while this one is being made: it is made again with its real number."""
    rendering = ask(world)
    group, cast = world.group, world.cast
    printed = []

    def render(made: Any) -> RenderedPdf:
        printed.append(made.document.footer)
        if len(printed) == 1:
            filing.file_version(
                group=group, tool_version=version_of(group, "diary"), subject=cast.milda, session_key="session-1",
                session_title={}, author=cast.milda, audience="group", content=b"%PDF other", pages=1, language="en",
                source="uploaded", created_by=cast.rasa,
            )  # fmt: skip
        return RenderedPdf(f"%PDF {made.document.footer}".encode(), 1)

    with patch.object(engine, "render_form", side_effect=render):
        renderings.run(rendering.pk)
    version = DocumentVersion.objects.get(rendering=rendering)
    assert version.number == 2
    assert [each.split(", ")[1] for each in printed] == ["version 1", "version 2"]
    assert version.file.read().decode().endswith("version 2")


def test_the_past_can_be_filed(world: World, quick: Any) -> None:
    submission = hand_in(world.group, "diary", world.cast.milda, DIARY, subject=world.cast.milda)
    then = timezone.now() - timedelta(days=100)
    rendering = form_kind.request_form(submission=submission, requested_by=world.cast.milda, at=then)
    renderings.run(rendering.pk)
    version = DocumentVersion.objects.get()
    assert version.created_at == then
    assert version.document.number.startswith(f"STW-{timezone.localdate(then).year}-")


# --- what fails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TooSlowError("60 s"), renderings.TOO_SLOW),
        (OutOfMemoryError("700 MB"), renderings.OUT_OF_MEMORY),
        (BrokenError("status -11"), renderings.ENGINE),
        (OSError("store"), renderings.STORAGE),
        (MemoryError(), renderings.OUT_OF_MEMORY),
        (ZeroDivisionError(), renderings.OTHER),
        (DatabaseError("locked"), renderings.OTHER),
    ],
)
def test_three_tries_then_failed_with_a_reason(world: World, error: Exception, reason: str) -> None:
    rendering = ask(world)
    waits = []
    with patch.object(engine, "render_form", side_effect=error):
        for attempt in range(1, 4):
            before = timezone.now()
            renderings.run(rendering.pk)
            assert state_of(rendering) == (RenderingState.RETRYING if attempt < 3 else RenderingState.FAILED)
            assert rendering.attempts == attempt
            waits.append(rendering.next_try_at - before)
            renderings.run(rendering.pk)
            assert rendering.attempts == attempt, "not before its time"
            Rendering.objects.filter(pk=rendering.pk).update(next_try_at=timezone.now() - timedelta(seconds=1))
    # What the try itself takes comes on top: a moment on a quiet machine.
    for waited, wanted in zip(waits[:2], renderings.WAITS, strict=True):
        assert wanted <= waited < wanted + timedelta(seconds=9)
    assert rendering.error == reason
    assert FormResponse.objects.get().state == FormState.SUBMITTED, "what was handed in stays"
    words = words_of(rendering, Standing.of(world.cast.rasa))
    assert words.reason
    assert words.retry_url
    assert words_of(rendering, Standing.of(world.cast.milda)).reason == ""
    assert DomainEvent.objects.filter(kind="rendering.failed", group_id=world.group.pk).count() == 1


def test_too_large_is_failed_at_once_and_says_what_is_too_large(world: World) -> None:
    rendering = ask(world)
    with patch.object(engine, "render_form", side_effect=TooLargeError("The answers have 9 lines too many.")):
        renderings.run(rendering.pk)
    assert state_of(rendering) == RenderingState.FAILED
    assert words_of(rendering, Standing.of(world.cast.egle)).reason == "The answers have 9 lines too many."


def test_a_form_that_kills_its_worker_three_times_is_failed(world: World, quick: Any) -> None:
    rendering = ask(world)
    Rendering.objects.filter(pk=rendering.pk).update(
        state=RenderingState.RUNNING, started_at=timezone.now(), attempts=3
    )
    renderings.run(rendering.pk, is_redelivered=True)
    assert state_of(rendering) == RenderingState.FAILED
    assert rendering.error == renderings.LOST
    assert quick.call_count == 0


def test_file_is_gone_when_the_row_cannot_be_written(world: World, quick: Any) -> None:
    from django.core.files.storage import default_storage  # noqa: PLC0415

    rendering = ask(world)
    kept = []
    with (
        patch.object(filing, "_mark", side_effect=filing.IntegrityError),
        patch.object(
            filing,
            "store_bytes",
            side_effect=lambda content: (
                kept.append(default_storage.save("papers/test.pdf", filing.ContentFile(content))) or kept[-1]
            ),
        ),
    ):
        renderings.run(rendering.pk)
    assert state_of(rendering) == RenderingState.RETRYING
    assert kept
    assert not default_storage.exists(kept[0])
    assert not DocumentVersion.objects.exists()


def test_retry_gives_three_new_tries(world: World, commit: Any, quick: Any) -> None:
    rendering = ask(world)
    Rendering.objects.filter(pk=rendering.pk).update(state=RenderingState.FAILED, attempts=3, error=renderings.ENGINE)
    with commit():
        assert renderings.retry(rendering=rendering, user=world.cast.rasa)
    assert state_of(rendering) == RenderingState.READY
    assert rendering.error == ""
    assert not renderings.retry(rendering=rendering, user=world.cast.rasa), "nothing to try again"


# --- broker, sweeper, shares --------------------------------------------------------------------------------------


def test_broker_down_costs_nothing_and_the_sweeper_sends_later(world: World, commit: Any, not_sent: Any) -> None:
    with commit():
        rendering = ask(world)
    assert state_of(rendering) == RenderingState.QUEUED
    assert rendering.sent_at is None
    with patch.object(renderings, "send", return_value=True) as send:
        assert renderings.sweep() == 1
    send.assert_called_once_with("rendering.render", rendering_id=rendering.pk)
    assert renderings.sweep() == 0, "it is on its way"


def test_sweeper_stops_at_once_when_the_broker_is_down(world: World, not_sent: Any) -> None:
    for number in range(4):
        ask(world, session_key=f"session-{number}")
    assert renderings.sweep() == 0
    assert not_sent.call_count == 1


@pytest.mark.parametrize(
    ("state", "ago", "is_stuck"),
    [
        ({"state": "queued"}, None, True),
        ({"state": "queued"}, 60, False),
        ({"state": "queued"}, 300, True),
        ({"state": "running"}, 60, False),
        ({"state": "running"}, 200, True),
        ({"state": "retrying"}, 60, True),
        ({"state": "ready"}, 900, False),
        ({"state": "failed"}, 900, False),
    ],
)
def test_what_is_stuck(world: World, state: dict[str, Any], ago: int | None, is_stuck: bool) -> None:
    rendering = ask(world)
    then = timezone.now() - timedelta(seconds=ago or 0)
    Rendering.objects.filter(pk=rendering.pk).update(
        **state, sent_at=then if ago else None, started_at=then, next_try_at=timezone.now() - timedelta(seconds=1)
    )
    assert Rendering.objects.stuck().exists() == is_stuck


def test_a_hundred_of_one_person_do_not_delay_another(world: World, commit: Any) -> None:
    sent: list[int] = []
    with patch.object(renderings, "send", side_effect=lambda task, rendering_id: not sent.append(rendering_id)):
        with commit():
            many = [ask(world, session_key=f"session-{number}") for number in range(12)]
        with commit():
            one = ask(world, world.cast.tomas)
        assert one.pk in sent
        assert len(sent) == renderings.AT_ONCE_PER_PERSON + 1
        renderings.sweep()
        assert len(sent) == renderings.AT_ONCE_PER_PERSON + 1
        with patch.object(engine, "render_form", return_value=PDF), commit():
            renderings.run(many[0].pk)
    assert len(sent) == renderings.AT_ONCE_PER_PERSON + 2, "one is ready, the next goes"


# --- the library --------------------------------------------------------------------------------------------------


def test_library_of_a_pack_is_asked_for_in_all_languages(world: World, commit: Any, quick: Any) -> None:
    pack = world.programme.pack
    before = Rendering.objects.count()
    with commit():
        asked = library_kind.request_library(pack=pack)
    assert asked == 2 * 15
    assert Rendering.objects.filter(kind__in=["blank", "guide"], state=RenderingState.READY).count() == 30
    assert library_kind.request_library(pack=pack) == 30
    assert Rendering.objects.count() in {before, before + 30}


# --- live state ---------------------------------------------------------------------------------------------------


def test_status_asks_again_while_under_way_and_then_stops(
    world: World, as_user: Callable[[User], Client], quick: Any
) -> None:
    rendering = ask(world)
    url = reverse("rendering:rendering-status", args=[rendering.pk])
    client = as_user(world.cast.milda)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert "Making the PDF…" in answer.text
    assert 'hx-trigger="every 2s"' in answer.text
    assert "<html" not in answer.text
    renderings.run(rendering.pk)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert "The PDF is ready." in answer.text
    assert "hx-trigger" not in answer.text
    document = Document.objects.get()
    pdf = reverse("documents:version-download", args=[document.current_id])
    assert f'<a href="{pdf}?inline=1">Open the PDF</a>' in answer.text  # one row, and it opens in the browser


def test_status_tells_the_next_try(world: World, as_user: Callable[[User], Client]) -> None:
    rendering = ask(world)
    when = timezone.now() + timedelta(minutes=3)
    Rendering.objects.filter(pk=rendering.pk).update(state="retrying", next_try_at=when, error=renderings.ENGINE)
    url = reverse("rendering:rendering-status", args=[rendering.pk])
    shown = timezone.localtime(when, timezone.get_fixed_timezone(0)).strftime(":%M")
    for person, sees_reason in ((world.cast.rasa, True), (world.cast.milda, False)):
        answer = as_user(person).get(url, headers={"HX-Request": "true"})
        assert "Not ready yet, next attempt" in answer.text
        assert shown in answer.text
        assert ("Try again" in answer.text) == sees_reason
        assert ("The page layout failed." in answer.text) == sees_reason


def test_status_is_a_page_without_javascript(world: World, as_user: Callable[[User], Client]) -> None:
    rendering = ask(world)
    answer = as_user(world.cast.egle).get(reverse("rendering:rendering-status", args=[rendering.pk]))
    assert answer.status_code == 200
    assert "Check again" in answer.text


@pytest.mark.parametrize("state", ["retrying", "failed"])
def test_pages_with_a_pdf_that_could_not_be_made_open_and_offer_new_tries_to_staff(
    world: World, as_user: Callable[[User], Client], state: str
) -> None:
    rendering = ask(world)
    soon = timezone.now() + timedelta(minutes=3)
    Rendering.objects.filter(pk=rendering.pk).update(state=state, next_try_at=soon, error=renderings.ENGINE)
    form = reverse("responses:form-detail", args=[rendering.submission.form_id])
    kept = world.group.folders.get(kind=rendering.tool_version.folder_kind)
    folder = reverse("documents:folder-detail", args=[kept.pk])
    for person, may in ((world.cast.rasa, True), (world.cast.milda, False)):
        for address in (form, folder):
            answer = as_user(person).get(address)
            assert answer.status_code == 200
            assert (reverse("rendering:rendering-retry", args=[rendering.pk]) in answer.text) == may


def test_the_page_of_the_making_says_that_it_is_ready(
    world: World, as_user: Callable[[User], Client], quick: Any
) -> None:
    rendering = ask(world)
    address = reverse("rendering:rendering-status", args=[rendering.pk])
    client = as_user(world.cast.milda)
    again = re.search(r'hx-get="([^"]+)"', client.get(address).text)
    assert again is not None
    renderings.run(rendering.pk)
    part = client.get(again[1], headers={"HX-Request": "true"}).text
    assert '<span id="making-title" hx-swap-oob="true">The PDF is ready</span>' in part
    assert "<title>The PDF is ready · " in part
    assert '<p id="making-hint" hx-swap-oob="delete">' in part
    # On a page of something else the part stays a part.
    assert "making-title" not in client.get(address, headers={"HX-Request": "true"}).text


def test_retry_is_for_staff_by_post(world: World, as_user: Callable[[User], Client], commit: Any, quick: Any) -> None:
    rendering = ask(world)
    Rendering.objects.filter(pk=rendering.pk).update(state="failed", error=renderings.ENGINE)
    url = reverse("rendering:rendering-retry", args=[rendering.pk])
    assert as_user(world.cast.milda).post(url).status_code == 404
    assert as_user(world.cast.boris).post(url).status_code == 404
    assert as_user(world.cast.rasa).get(url).status_code == 405
    with commit():
        answer = as_user(world.cast.rasa).post(url)
    assert answer.status_code == 302
    assert state_of(rendering) == RenderingState.READY
