"""The seeded world: known people, groups, documents and confidential words."""

import io
import json
from typing import Any

import pikepdf
import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import User
from checklist.models import ChecklistItem
from checklist.services import items as checklist
from checklist.services.summary import differences
from conversations.models import Post, Topic
from conversations.services import counts
from core.full_text import Asked
from core.policy.roles import Action
from documents.grants import sync_all
from documents.models import Document, DocumentVersion
from mentoring.models import MentoringGroup, Pack
from mentoring.standing import Standing
from notices.models import Notice
from responses_app.models import FormResponse


@pytest.fixture
def seeded(pack: Pack, settings: Any, capsys: Any) -> dict[str, Any]:  # noqa: ARG001 -- loads the tools
    """A world of two groups, as the command prints it."""
    settings.DEMO_ALLOWED = True
    call_command("seed", groups=2, people=12, json=True)
    return dict(json.loads(capsys.readouterr().out))


def test_refused_where_no_demo_is_allowed(db: None, settings: Any) -> None:
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="DEMO_ALLOWED"):
        call_command("seed")


def test_everybody_can_sign_in(seeded: dict[str, Any]) -> None:
    assert len(seeded["people"]) == 12
    for person in seeded["people"]:
        user = User.objects.get(pk=person["id"])
        assert (user.email, user.check_password(seeded["password"])) == (person["email"], True)
    newest = seeded["people"][-1]
    assert authenticate(None, email=newest["email"], password=seeded["password"]) is not None


def test_rows_are_those_of_the_services(seeded: dict[str, Any]) -> None:
    assert sync_all() == 0
    assert list(differences()) == []
    for item in ChecklistItem.objects.select_related("group", "tool_version__tool", "subject"):
        before = item.state
        after = checklist.refresh(
            group_id=item.group_id,
            tool_id=item.tool_version.tool_id,
            subject_id=item.subject_id,
            session_key=item.session_key,
        )
        assert after is not None
        assert after.state == before, item
    assert (
        FormResponse.objects.filter(session_response__isnull=False).count()
        == FormResponse.objects.of_tool("diary").count()
    )
    assert MentoringGroup.objects.get(pk=seeded["groups"][0]["id"]).plan.form is not None


def test_documents_are_real_and_hold_their_words(seeded: dict[str, Any]) -> None:
    told = seeded["groups"][0]["documents"]
    assert {each["tool"] for each in told} >= {"mentee_profile", "contract", "session_plan", "diary", "personal_goals"}
    for version in DocumentVersion.objects.filter(pk__in=[each["version"] for each in told]):
        with version.file.open("rb") as file, pikepdf.open(io.BytesIO(file.read())) as pdf:
            assert len(pdf.pages) == version.pages
            assert version.size == version.file.size


def test_words_stay_where_they_were_said(seeded: dict[str, Any]) -> None:
    group = seeded["groups"][0]
    words = group["markers"]["mentor"]
    private = FormResponse.objects.of_tool("diary").filter(answers__done__icontains=words)
    assert private.exists()

    def readers(email: str) -> int:
        user = User.objects.get(email=email)
        return private.filter(pk__in=FormResponse.objects.allowing(Standing.of(user), Action.VIEW)).count()

    assert [readers(group[role]) for role in ("mentor", "manager")] == [1, 0]
    assert [readers(email) for email in group["mentees"]] == [1, *[0] * (len(group["mentees"]) - 1)]
    other = seeded["groups"][1]
    stranger = User.objects.get(email=other["mentor"])
    assert (
        not Document.objects.allowing(Standing.of(stranger), Action.VIEW)
        .filter(pk__in=[d["id"] for d in group["documents"]])
        .exists()
    )


def test_two_worlds_stand_beside_each_other(seeded: dict[str, Any], capsys: Any) -> None:
    call_command("seed", groups=1, people=6)
    assert "Seeded programme 2: 1 groups, 6 people." in capsys.readouterr().out
    assert MentoringGroup.objects.count() == len(seeded["groups"]) + 1


def test_groups_talk_are_told_of_it_and_find_it(seeded: dict[str, Any]) -> None:
    assert list(counts.wrong_topics()) == list(counts.wrong_index()) == []
    group, other = seeded["groups"]
    mentor, mentee, stranger = (
        Standing.of(User.objects.get(email=email)) for email in (group["mentor"], group["mentees"][0], other["mentor"])
    )
    for standing, found in ((mentor, 1), (mentee, 1), (stranger, 0)):
        asked = Asked.read(f'"{group["markers"]["group"]}"')
        assert len(Post.objects.search(standing, asked, part=slice(0, 9))) == found
    assert Topic.objects.get(pk=group["topic"]).last_number == 50
    assert Topic.objects.filter(board=group["board"]).count() == 25
    told = Notice.objects.allowing(mentee, Action.VIEW)
    assert told.count() == Topic.objects.filter(board=group["board"]).exclude(author=mentee.user_id).count()
