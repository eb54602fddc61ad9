"""The last contact in the Mentor's table is what a Mentee did last, whatever others do with it later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.templatetags.ui import day_month_short
from documents.models import DocumentVersion, Source
from documents.services import filing
from home.pages.mentor import mentor_context
from mentoring.models import Message
from mentoring.services import messages
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormSubmission
from tests.cast import World
from tests.documents.sent_files import pdf
from tests.home.conftest import leave_waiting
from tests.pack_tools import tool

DAYS_AGO = timezone.now() - timedelta(days=5)


def contact(world: World) -> str:
    (table,) = mentor_context(Standing.of(world.cast.rasa))["tables"]
    return next(row.contact for row in table["rows"] if row.person == world.cast.milda)


def test_who_did_nothing_has_no_activity(world: World) -> None:
    assert contact(world) == "No activity yet"


def test_what_was_handed_in_counts_when_somebody_else_saves_it_later(world: World) -> None:
    form = leave_waiting(world.group, "mentee_profile", world.cast.milda)
    FormSubmission.objects.update(submitted_at=DAYS_AGO)
    FormResponse.objects.filter(pk=form.pk).update(saved_by=world.cast.egle, saved_at=timezone.now())
    assert contact(world) == day_month_short(DAYS_AGO)


def test_a_message_counts(world: World) -> None:
    place = world.group.memberships.live().get(user=world.cast.rasa)
    messages.send_message(to=place, by=world.cast.milda, text="Until Friday")
    Message.objects.update(sent_at=DAYS_AGO)
    assert contact(world) == day_month_short(DAYS_AGO)


@pytest.mark.usefixtures("local_files")
def test_a_document_that_was_added_counts(world: World) -> None:
    milda = world.cast.milda
    filing.file_version(
        group=world.group, tool_version=tool("mentee_profile").current, subject=milda, session_key="",
        session_title={}, author=milda, audience="group", content=pdf(), pages=1, language="en",
        source=Source.UPLOADED, created_by=milda,
    )  # fmt: skip
    DocumentVersion.objects.update(created_at=DAYS_AGO)
    assert contact(world) == day_month_short(DAYS_AGO)
