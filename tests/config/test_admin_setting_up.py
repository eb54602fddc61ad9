"""From an empty platform to a programme with an invited Manager, through the administration alone."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Mail, User
from core.models import DomainEvent
from core.policy.roles import ProgrammeRole
from mentoring.models import Enrolment, Invitation, MembershipProposal, MentoringGroup, Organisation, Pack, Programme
from mentoring.services.proposals import decide_proposal
from rendering.models import Rendering
from tests.cast import World
from tests.config.conftest import Elsewhere

SignIn = Callable[[User], Client]


@pytest.fixture
def superuser(db: None) -> User:  # noqa: ARG001 -- opens the database
    """The only person on a fresh platform."""
    return User.objects.create_superuser("root@example.org", "x", full_name="Root Person")


def answers(client: Client, url: str) -> dict[str, Any]:
    """Return what a form would send unchanged."""
    form = client.get(url).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    return {name: "on" if value is True else value for name, value in sent.items()}


def errors(response: Any) -> dict[str, list[str]]:
    """Return the fields that were refused."""
    return dict(response.context["adminform"].form.errors)


def test_from_nothing_to_an_invited_manager_who_accepts(superuser: User, pack: Pack, as_user: SignIn) -> None:
    client = as_user(superuser)
    page = client.get(reverse("admin:index")).content.decode()
    assert "Start with your organisation" in page

    url = reverse("admin:mentoring_organisation_add")
    response = client.post(url, {"name": "Dunav School", "place": "Ruse", "country": "bg"})
    assert response["Location"] == reverse("admin:index")
    organisation = Organisation.objects.get()
    assert organisation.country == "BG"
    assert "Now set up the programme" in client.get(reverse("admin:index")).content.decode()

    url = reverse("admin:mentoring_programme_add")
    sent = answers(client, url)
    assert (sent["pack"], sent["duration_months"], sent["diary_audiences"]) == (pack.pk, 10, ["group", "mentor"])
    today = timezone.localdate()
    sent |= {"organisation": organisation.pk, "title": "Steps", "code": "stp", "starts_on": today,
             "ends_on": today + timedelta(days=300)}  # fmt: skip
    response = client.post(url, sent)
    assert response.status_code == 302, errors(response)
    programme = Programme.objects.get()
    assert (programme.code, programme.sessions_target, programme.is_open) == ("STP", 10, True)
    assert DomainEvent.objects.filter(kind="programme.created", actor=superuser).exists()
    assert "Invite a Manager of Steps" in client.get(reverse("admin:index")).content.decode()

    url = reverse("admin:mentoring_invitation_add")
    sent = answers(client, url)
    assert (sent["role"], sent["programme"]) == ("manager", programme.pk)
    response = client.post(url, sent | {"email": "Mila@Example.org", "full_name": "Mila"})
    assert response.status_code == 302, errors(response)
    mail = Mail.objects.get(kind="invitation")
    assert mail.to == "mila@example.org"
    assert "Waiting" in client.get(reverse("admin:index")).content.decode()

    link = re.search(r"http\S+", mail.body)
    assert link
    person = {"full_name": "Mila Manager", "password": "three quiet words", "language": "en"}
    person |= {"time_zone": "Europe/Sofia"}
    assert Client().post(link.group().removeprefix("http://127.0.0.1:8000"), person).status_code == 302
    assert Enrolment.objects.live().get(user__email="mila@example.org").role == ProgrammeRole.MANAGER
    page = client.get(reverse("admin:index")).content.decode()
    assert "Mila Manager" in page
    assert "The Managers open groups" in page


def test_without_a_pack_the_first_page_says_what_to_do(
    superuser: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentoring.pages.setting_up.Pack", SimpleNamespace(objects=Pack.objects.none()))
    assert "load_pack" in as_user(superuser).get(reverse("admin:index")).content.decode()


def test_codes_are_two_to_eight_latin_letters(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    url = reverse("admin:mentoring_programme_add")
    for code in ("A", "ABCDEFGHI", "ST1", "S T", "СТП", ""):
        assert "code" in errors(client.post(url, answers(client, url) | {"code": code})), code


def test_a_code_belongs_to_one_programme_and_dates_have_an_order(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    url = reverse("admin:mentoring_programme_add")
    sent = answers(client, url) | {"title": "B", "code": "stw", "starts_on": "2026-09-01", "ends_on": "2026-08-01"}
    refused = errors(client.post(url, sent | {"organisation": world.programme.organisation_id}))
    assert set(refused) == {"code", "ends_on"}


def test_programme_admin_changes_settings_and_nothing_that_documents_rest_on(
    world: World, elsewhere: Elsewhere, as_user: SignIn
) -> None:
    client = as_user(world.cast.dana)
    url = reverse("admin:mentoring_programme_change", args=[world.programme.pk])
    sent = answers(client, url)
    assert not {"code", "pack", "organisation"} & set(sent)
    sent |= {"meeting_minutes": 90, "diary_audiences": ["mentor", "group"], "code": "EVIL", "documents_numbered": 7,
             "organisation": elsewhere.organisation.pk, "groups_numbered": 99}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    programme = Programme.objects.get(pk=world.programme.pk)
    assert (programme.meeting_minutes, programme.diary_audiences) == (90, ["group", "mentor"])
    assert (programme.code, programme.organisation_id) == ("STW", world.programme.organisation_id)
    assert (programme.documents_numbered, programme.groups_numbered) == (world.programme.documents_numbered, 2)
    history = client.get(reverse("admin:mentoring_programme_history", args=[programme.pk])).content.decode()
    assert "ength of a meeting" in history


def test_a_diary_needs_a_reader(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    url = reverse("admin:mentoring_programme_change", args=[world.programme.pk])
    sent = answers(client, url)
    assert "diary_audiences" in errors(client.post(url, sent | {"diary_audiences": ["everyone"]}))
    assert "diary_audiences" in errors(client.post(url, sent | {"diary_audiences": []}))


def test_no_page_shows_data_in_brackets(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    event = DomainEvent.objects.exclude(data={}).first()
    assert event
    for url in [
        reverse("admin:mentoring_programme_change", args=[world.programme.pk]),
        reverse("admin:mentoring_pack_change", args=[world.programme.pack_id]),
        reverse("admin:mentoring_pack_changelist"), reverse("admin:core_domainevent_change", args=[event.pk]),
    ]:  # fmt: skip
        page = client.get(url).content.decode()
        assert not re.search(r"\{(&quot;|&#x27;|')|\[(&quot;|&#x27;|')", page), url
    assert (
        "Blended e-mentoring on employment-related issues"
        in client.get(reverse("admin:mentoring_pack_changelist")).content.decode()
    )


def test_what_only_a_command_changes_says_so_on_its_page(world: World, as_user: SignIn) -> None:
    page = as_user(world.cast.sofia).get(reverse("admin:mentoring_pack_change", args=[world.programme.pack_id]))
    assert "They come with the command load_pack. Here it can only be looked at." in page.content.decode()


def test_programme_admin_adds_no_programme_and_no_organisation(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    for kind in ("programme", "organisation"):
        url = reverse(f"admin:mentoring_{kind}_add")
        assert client.get(url).status_code == client.post(url, {"name": "X"}).status_code == 404
    assert Organisation.objects.count() == 1


def test_organisation_shared_with_another_programme_is_only_looked_at(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    organisation = world.programme.organisation
    url = reverse("admin:mentoring_organisation_change", args=[organisation.pk])
    assert client.post(url, {"name": "Vilnius Centre"}).status_code == 302
    today = timezone.localdate()
    Programme.objects.create(
        organisation=organisation, title="Sister", code="SIS", pack=world.programme.pack, starts_on=today, ends_on=today
    )
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "Mine alone"}).status_code == 404
    organisation.refresh_from_db()
    assert organisation.name == "Vilnius Centre"


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3000, 900), "teal").save(out, kind)
    return out.getvalue()


def test_logo_is_written_anew_and_can_be_taken_away(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    organisation = world.programme.organisation
    url = reverse("admin:mentoring_organisation_change", args=[organisation.pk])
    sent = {"name": organisation.name, "new_logo": SimpleUploadedFile("../x.jpg", picture("JPEG"), "text/html")}
    assert client.post(url, sent).status_code == 302
    organisation.refresh_from_db()
    assert organisation.logo.name.endswith(".png")
    with organisation.logo.open() as file, Image.open(file) as stored:
        assert (stored.format, stored.size) == ("PNG", (1200, 360))
    assert "Remove the logo" in client.get(url).content.decode()
    assert client.post(url, {"name": organisation.name, "remove_logo": "on"}).status_code == 302
    organisation.refresh_from_db()
    assert not organisation.logo


def test_logo_that_is_no_picture_is_refused(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    url = reverse("admin:mentoring_organisation_change", args=[world.programme.organisation_id])
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF"), b"GIF89a", b"\x89PNG"):
        sent = {"name": "N", "new_logo": SimpleUploadedFile("logo.png", content, "image/png")}
        assert "new_logo" in errors(client.post(url, sent)), content[:6]


def test_group_is_changed_through_its_service_and_gets_one_more_manager_with_consent(
    world: World, as_user: SignIn
) -> None:
    client = as_user(world.cast.dana)
    url = reverse("admin:mentoring_mentoringgroup_change", args=[world.group.pk])
    sent = answers(client, url)
    sent |= {"name": "Žingsnis II", "new_manager": world.cast.boris.pk, "stage": "closed", "number": 77,
             "programme": 999}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    group = MentoringGroup.objects.get(pk=world.group.pk)
    assert (group.name, group.stage, group.number) == ("Žingsnis II", world.group.stage, world.group.number)
    assert group.memberships.live().in_role("manager").count() == 1  # until somebody of the group agrees
    proposal = MembershipProposal.objects.get(group=group, user=world.cast.boris, role="manager")
    assert set(errors(client.post(url, sent))) == {"new_manager"}  # a second press
    decide_proposal(proposal=proposal, by=world.cast.egle, accept=True)
    assert group.memberships.live().in_role("manager").count() == 2
    assert DomainEvent.objects.filter(kind="group.changed", actor=world.cast.dana, group_id=group.pk).exists()


def test_a_group_takes_no_manager_from_elsewhere(world: World, elsewhere: Elsewhere, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    url = reverse("admin:mentoring_mentoringgroup_change", args=[world.group.pk])
    for stranger in (elsewhere.manager.pk, world.cast.rasa.pk, world.cast.egle.pk):
        assert "new_manager" in errors(client.post(url, answers(client, url) | {"new_manager": stranger}))


def test_programme_with_groups_cannot_be_deleted_an_empty_one_can(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    url = reverse("admin:mentoring_programme_delete", args=[world.programme.pk])
    assert "stays" in client.get(url).content.decode()
    client.post(url, {"post": "yes"})
    assert Programme.objects.filter(pk=world.programme.pk).exists()
    today = timezone.localdate()
    empty = Programme.objects.create(
        organisation=world.programme.organisation, title="Empty", code="EMP", pack=world.programme.pack,
        starts_on=today, ends_on=today,
    )  # fmt: skip
    assert (
        as_user(world.cast.dana)
        .post(reverse("admin:mentoring_programme_delete", args=[world.programme.pk]), {"post": "yes"})
        .status_code
        == 404
    )
    client.post(reverse("admin:mentoring_programme_delete", args=[empty.pk]), {"post": "yes"})
    assert not Programme.objects.filter(pk=empty.pk).exists()


def test_invitation_count_of_the_road_forgets_expired_and_withdrawn_ones(world: World, as_user: SignIn) -> None:
    Enrolment.objects.filter(role=ProgrammeRole.MANAGER).update(ended_at=timezone.now())
    client = as_user(world.cast.dana)
    index = reverse("admin:index")
    assert "Invite a Manager of" in client.get(index).content.decode()
    Invitation.objects.create(
        programme=world.programme, role="manager", email="a@example.org", token_hash="1", invited_by=world.cast.dana,
        expires_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    assert "Invite a Manager of" in client.get(index).content.decode()
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert "Invite a Manager of" not in client.get(index).content.decode()


def test_what_can_only_be_read_says_why(world: World, as_user: Callable[[User], Client]) -> None:
    dana = as_user(world.cast.dana)
    programme = dana.get(reverse("admin:mentoring_programme_change", args=[world.programme.pk])).text
    assert "Whoever runs the platform can change it." in programme
    group = dana.get(reverse("admin:mentoring_mentoringgroup_change", args=[world.group.pk])).text
    assert "The Manager of the group changes it, on the pages of the group." in group
    assert "The Manager of the group adds and removes people, on the pages of the group." in group


def test_a_refused_change_stands_under_the_name_that_is_stored(world: World, as_user: Callable[[User], Client]) -> None:
    dana, url = as_user(world.cast.dana), reverse("admin:mentoring_programme_change", args=[world.programme.pk])
    sent = answers(dana, url) | {"title": "Not saved yet", "ends_on": "nonsense"}
    answer = dana.post(url, sent)
    assert answer.context["errors"]
    assert answer.context["title"] == str(world.programme)
    assert 'value="Not saved yet"' in answer.text


def test_a_pdf_that_failed_says_why_in_words(world: World, superuser: User, as_user: Callable[[User], Client]) -> None:
    failed = Rendering.objects.create(kind="guide", digest="x", language="en", state="failed", error="too_slow")
    page = as_user(superuser).get(reverse("admin:rendering_rendering_change", args=[failed.pk])).text
    assert "It took too long." in page
    assert "too_slow" not in page
