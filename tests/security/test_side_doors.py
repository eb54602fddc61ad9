"""Ways around the front door: keys of another kind, pages taken out, drafts, invitations, roles."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.models import OnceKey
from core.policy.roles import ProgrammeRole, Role
from core.web.once import new_key
from mentoring.models import Enrolment, Invitation, Membership
from mentoring.services import invitations
from mentoring.services.memberships import add_member
from responses_app import services as forms
from responses_app.models import FormResponse
from tests.cast import World
from tests.documents.filled import begun, stored
from tests.documents.sent_files import photo, sent
from tests.furniture import furnish
from tests.pack_tools import tool
from uploads.models import UploadBatch, UploadPage
from uploads.services import uploads

# The file store of production answers with an address instead of bytes; tests/test_promises.py follows it.
pytestmark = pytest.mark.usefixtures("local_files")

AsUser = Callable[[User], Client]


# --- one-time keys ----------------------------------------------------------------------------------------------------


def test_a_key_opens_no_object_of_another_kind(world: World, as_user: AsUser) -> None:
    """The key as it lies in the table, of one's own comment with the number of someone else's upload."""
    house = furnish(world)
    batch = UploadBatch.objects.get(pk=house.things["batch"]["pk"])
    key, petar = new_key(), world.cast.petar
    OnceKey.objects.create(key=key, user=petar, url=f"responses.FormComment:{batch.pk}")
    files = {"files": sent("x.jpg", photo(), "image/jpeg"), "once": key}
    answer = as_user(petar).post(reverse("uploads:upload-create", args=[world.other_group.pk]), files)
    assert answer.status_code == 302
    assert UploadBatch.objects.latest("pk").created_by == petar
    assert batch.pages.count() == 1


def test_somebody_elses_key_makes_an_own_object(world: World, as_user: AsUser) -> None:
    key, cast = new_key(), world.cast
    hers = as_user(cast.rasa).post(reverse("uploads:upload-create", args=[world.group.pk]), {"once": key})
    his = as_user(cast.petar).post(reverse("uploads:upload-create", args=[world.other_group.pk]), {"once": key})
    assert (hers.status_code, his.status_code) == (302, 302)
    assert hers.url != his.url  # type: ignore[attr-defined]
    assert [batch.created_by for batch in UploadBatch.objects.order_by("pk")] == [cast.rasa, cast.petar]


def test_a_key_is_worth_nothing_at_another_address(world: World, as_user: AsUser) -> None:
    key, petar = new_key(), world.cast.petar
    add_member(group=world.group, user=petar, role=Role.MENTOR, by=world.cast.egle)
    client = as_user(petar)
    for group in (world.group, world.other_group):
        files = {"files": sent("x.jpg", photo(), "image/jpeg"), "once": key}
        assert client.post(reverse("uploads:upload-create", args=[group.pk]), files).status_code == 302
    assert [batch.group for batch in UploadBatch.objects.order_by("pk")] == [world.group, world.other_group]


# --- pages that were taken out ----------------------------------------------------------------------------------------


def test_a_page_taken_out_before_filing_stays_with_its_sender(
    world: World, as_user: AsUser, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    """The wrong photo, sent by mistake, is in no document: whoever keeps the folder does not get it either."""
    group, rasa = world.group, world.cast.rasa
    batch = uploads.start_batch(group=group, user=rasa, tool_version=tool("contract").current)
    wrong = uploads.add_file(batch=batch, file=sent("wrong.jpg", photo(), "image/jpeg"))
    from tests.documents.sent_files import pdf  # noqa: PLC0415

    right = uploads.add_file(batch=batch, file=sent("right.pdf", pdf(), "application/pdf"))
    uploads.remove_page(page=wrong)
    uploads.file_batch(batch=batch, user=rasa)
    manager = as_user(world.cast.egle)
    for name in ("uploads:original-download", "uploads:upload-page-preview"):
        assert manager.get(reverse(name, args=[wrong.pk])).status_code == 404
        assert as_user(rasa).get(reverse(name, args=[wrong.pk])).status_code == 200
    assert manager.get(reverse("uploads:original-download", args=[right.pk])).status_code == 200
    assert UploadPage.objects.count() == 2


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_what_is_changed_after_reopening_is_nobodys_business(world: World, as_user: AsUser) -> None:
    """The Manager fills in the last part of the profile, and reads above it what was handed in: not the new draft."""
    milda = world.cast.milda
    form = begun(world, "mentee_profile", milda)
    required = {
        question["key"]: _answer(question)
        for question in form.tool_version.fields
        if question.get("required") and "mentee" in question.get("filled_by", ["mentee"])
    }
    forms.submit_form(form=form, user=milda, lock=stored(form).lock, answers={**required, "strengths": "Zbefore"})
    FormResponse.objects.filter(pk=form.pk).update(state="draft")
    forms.save_answers(form=form, user=milda, lock=stored(form).lock, answers={"strengths": "Zafter"})
    url = reverse("responses:form-edit", args=[form.pk])
    manager = as_user(world.cast.egle).get(url).content.decode()
    assert "Zafter" not in manager
    assert "Zbefore" in manager
    assert "Zafter" in as_user(milda).get(url).content.decode()


def _answer(question: dict[str, object]) -> object:
    if question.get("options"):
        key = question["options"][0]["key"]  # type: ignore[index]
        return [key] if question["type"] == "choices" else key
    known = {"date": "2000-01-01", "yes_no": True, "number": "3", "scale": "3"}
    return known.get(str(question["type"]), "milda@example.org")


# --- invitations and roles --------------------------------------------------------------------------------------------


def test_invitations_into_a_group_are_seen_by_its_own_managers(world: World, as_user: AsUser) -> None:
    invitation = Invitation.objects.get(pk=furnish(world).things["invitation"]["pk"])
    boris = as_user(world.cast.boris)
    assert world.group.name not in boris.get(reverse("mentoring:people-list")).content.decode()
    for name in ("mentoring:invitation-resend", "mentoring:invitation-revoke"):
        assert boris.post(reverse(name, args=[invitation.pk])).status_code == 404
    invitation.refresh_from_db()
    assert invitation.is_open
    for person in (world.cast.egle, world.cast.dana):
        assert invitation.email in as_user(person).get(reverse("mentoring:people-list")).content.decode()


def test_a_manager_makes_nobody_a_manager(world: World, as_user: AsUser) -> None:
    """Only a Programme Admin enrols Managers: they open groups and invite people."""
    url = reverse("mentoring:member-create", args=[world.group.pk])
    answer = as_user(world.cast.egle).post(url, {"role": Role.MANAGER, "person": world.cast.aino.pk})
    assert answer.status_code == 422
    assert not Membership.objects.filter(group=world.group, user=world.cast.aino).exists()
    assert not Enrolment.objects.filter(user=world.cast.aino, role=ProgrammeRole.MANAGER).exists()
    answer = as_user(world.cast.egle).post(url, {"role": Role.MANAGER, "person": world.cast.boris.pk})
    assert answer.status_code == 302


@pytest.mark.parametrize("role", ["admin", "manager", "superuser", ""])
def test_a_managers_invitation_raises_nobody(world: World, as_user: AsUser, role: str) -> None:
    url = reverse("mentoring:invitation-create", args=[world.programme.pk])
    sent_form = {"email": "new@example.org", "role": role, "language": "en", "is_staff": "on", "is_superuser": "on"}
    assert as_user(world.cast.egle).post(url, sent_form).status_code == 422
    other = {"email": "new@example.org", "role": "mentee", "language": "en", "group": world.other_group.pk}
    assert as_user(world.cast.egle).post(url, other).status_code == 422
    assert not Invitation.objects.filter(email="new@example.org").exists()


def test_right_links_are_not_counted_as_guesses(world: World, client: Client) -> None:
    """A class behind one address accepts on one evening; guesses alone are counted."""
    token = _token(world, client)
    url = reverse("mentoring:invitation-accept", args=[token])
    for _each in range(40):
        assert client.get(url).status_code == 200
    gone = reverse("mentoring:invitation-accept", args=["guess"])
    for number in range(30):
        assert client.get(gone, headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code == 404
    assert client.get(gone).status_code == 429


def _token(world: World, client: Client) -> str:
    from unittest.mock import patch  # noqa: PLC0415

    with patch("mentoring.services.invitations.secrets.token_urlsafe", return_value="t" * 43):
        invitations.invite(
            programme=world.programme, email="class@example.org", role=ProgrammeRole.MENTEE, invited_by=world.cast.egle
        )
    return "t" * 43
