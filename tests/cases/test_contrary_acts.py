"""Two people do contrary things at the same moment: one comes first, and what is left agrees with itself."""

import contextlib
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from core.errors import NotPossibleError
from documents.models import Document
from documents.services import removal
from responses_app import services as forms
from responses_app.models import FormState
from responses_app.services.discarding import discard_changes
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("local_files")]
TRIES = 6


def at_once(*acts: Callable[[], object]) -> None:
    """Do all acts at the same moment; one that is refused since another came first is fine."""
    ready = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        ready.wait()
        try:
            with contextlib.suppress(NotPossibleError):
                act()
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_diary_removed_while_its_writer_discards_changes_is_not_filed(world: World) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    document = Document.objects.get()
    for _each in range(TRIES):
        forms.reopen_form(form=stored(diary), user=milda)
        at_once(
            lambda: removal.remove_document(document=document, user=rasa, reason="Zwrong"),
            lambda: discard_changes(form=stored(diary), user=milda),
        )
        form = stored(diary)
        assert form.latest is not None
        assert form.latest.taken_out_at is not None
        assert form.state in {FormState.DRAFT, FormState.RETURNED}
        removal.restore_document(document=document, user=rasa)
        if stored(diary).state == FormState.DRAFT:
            discard_changes(form=stored(diary), user=milda)
        assert stored(diary).state == FormState.FILED
