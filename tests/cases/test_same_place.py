"""Two papers or forms come to the same place at the same moment: one does, the other is refused in words."""

import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import Document, Source
from documents.services import filing, removal
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormState
from responses_app.services import moving
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.documents import sent_files
from tests.documents.filled import DIARY, begun, diary_of, handed_in, held_session, stored
from tests.pack_tools import tool

SignIn = Callable[[User], Client]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("local_files"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def at_once(*sent: tuple[Client, str, dict[str, Any]]) -> list[int]:
    """Send each at the same moment; returns the status of the answers, sorted."""
    answers: list[int] = []
    ready = threading.Barrier(len(sent))

    def one(client: Client, url: str, values: dict[str, Any]) -> None:
        ready.wait()
        try:
            answers.append(client.post(url, values).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each) for each in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def added(world: World, session: PlannedSession) -> Document:
    """Return a list of participants that was added as a file."""
    version = filing.file_version(
        group=world.group, tool_version=tool("participants_list").current, subject=None,
        session_key=session.session_key, session_title={"en": "A session"}, author=world.cast.egle, audience="group",
        content=sent_files.pdf(pages=1), pages=1, language="en", source=Source.UPLOADED, created_by=world.cast.egle,
    )  # fmt: skip
    return version.document


def test_two_removed_papers_are_restored_at_once(world: World, as_user: SignIn) -> None:
    session, found = held_session(world, "e1"), []
    for _number in range(2):
        found.append(added(world, session))
        removal.remove_document(document=found[-1], user=world.cast.egle, reason="Zdouble")
    urls = [reverse("documents:document-restore", args=[document.pk]) for document in found]
    people = (as_user(world.cast.egle), as_user(world.cast.rasa))
    answers = at_once(*((client, url, {}) for client, url in zip(people, urls, strict=True)))
    assert max(answers) < 500
    assert Document.objects.filter(removed_at__isnull=True).count() == 1


def test_two_papers_are_corrected_to_the_same_session_at_once(world: World, as_user: SignIn) -> None:
    found = [added(world, held_session(world, key)) for key in ("e1", "e2")]
    there = {"session_key": held_session(world, "e3").session_key, "reason": "Zthe other session"}
    people = (as_user(world.cast.egle), as_user(world.cast.rasa))
    urls = [reverse("responses:document-about", args=[document.pk]) for document in found]
    answers = at_once(*((client, url, there) for client, url in zip(people, urls, strict=True)))
    assert max(answers) < 500
    assert Document.objects.filter(session_key=there["session_key"]).count() == 1


def test_two_forms_are_moved_to_the_same_session_at_once(world: World, as_user: SignIn) -> None:
    found = []
    for key in ("e1", "e2"):
        form = begun(world, "participants_list", world.cast.egle, session_key=held_session(world, key).session_key)
        forms.save_answers(form=form, user=world.cast.egle, lock=form.lock, answers={"place": "Zkept"})
        found.append(form)
    there = {"session_key": held_session(world, "e3").session_key, "reason": "Zthe other session"}
    people = (as_user(world.cast.egle), as_user(world.cast.rasa))
    urls = [reverse("responses:form-move", args=[form.pk]) for form in found]
    answers = at_once(*((client, url, there) for client, url in zip(people, urls, strict=True)))
    assert max(answers) < 500
    assert FormResponse.objects.filter(session_key=there["session_key"]).count() == 1
    assert FormResponse.objects.count() == 2


def test_a_form_begun_there_meanwhile_is_seen(world: World) -> None:
    """What came between the question and the move: the first look does not see it."""
    egle = world.cast.egle
    form = begun(world, "participants_list", egle, session_key=held_session(world, "e1").session_key)
    forms.save_answers(form=form, user=egle, lock=form.lock, answers={"place": "Zkept"})
    there = held_session(world, "e2").session_key
    empty = begun(world, "participants_list", egle, session_key=there)
    look, seen = moving._make_room, []

    def late(*args: Any) -> None:
        seen.append(args)
        if len(seen) > 1:
            look(*args)

    with patch.object(moving, "_make_room", late):
        forms.move_form(form=stored(form), user=egle, subject=None, session_key=there, reason="Zthe other")
    assert stored(form).session_key == there
    assert not FormResponse.objects.filter(pk=empty.pk).exists()


@pytest.mark.parametrize("number", range(3))
def test_a_diary_is_removed_while_its_writer_discards_her_changes(world: World, as_user: SignIn, number: int) -> None:
    milda = world.cast.milda
    form = diary_of(world, milda)
    handed_in(form, milda, DIARY)
    for key in renderings.Rendering.objects.filter(state="queued").values_list("pk", flat=True):
        renderings.run(key)
    forms.reopen_form(form=stored(form), user=milda)
    answers = at_once(
        (as_user(milda), reverse("responses:form-discard", args=[form.pk]), {}),
        (
            as_user(world.cast.rasa),
            reverse("documents:document-remove", args=[Document.objects.get().pk]),
            {"reason": "Zof another"},
        ),
    )
    assert max(answers) < 500
    found = stored(form)
    assert found.is_taken_out
    assert found.state != FormState.FILED
