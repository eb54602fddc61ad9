"""Who may enter the administration, and what is not there for whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from core.policy.roles import ProgrammeRole
from mentoring.models import Enrolment, Invitation
from mentoring.services.people import end_enrolment
from mentoring.standing import Standing
from tests.cast import World
from tests.config.conftest import Elsewhere

SignIn = Callable[[User], Client]
LISTS = [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in site._registry]
OF_PROGRAMMES = {"organisation", "programme", "mentoringgroup", "invitation", "enrolment", "user"}
TECHNICAL = [name for name in LISTS if name.split("_")[-2] not in OF_PROGRAMMES]


def test_lists_are_the_ones_we_know() -> None:
    assert {name.split(":")[1].removesuffix("_changelist") for name in LISTS} == {
        "accounts_mail", "accounts_user", "core_domainevent", "rendering_rendering", "tools_tool",
        "mentoring_enrolment", "mentoring_invitation", "mentoring_mentoringgroup", "mentoring_organisation",
        "mentoring_pack", "mentoring_programme",
    }  # fmt: skip


def test_forms_diaries_folders_and_documents_are_not_registered() -> None:
    names = {model.__name__ for model in site._registry}
    assert not names & {"FormSubmission", "Document", "DocumentVersion", "Folder", "UploadBatch", "ChecklistItem"}


def test_strangers_sign_in_first(client: Client, db: None) -> None:  # noqa: ARG001 -- opens the database
    for name in ["admin:index", *LISTS, "admin:mentoring_invitation_add"]:
        response = client.get(reverse(name))
        assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={reverse(name)}")


def test_sign_in_of_django_leads_to_ours(client: Client, db: None) -> None:  # noqa: ARG001 -- opens the database
    response = client.get(reverse("admin:login"), {"next": "https://evil.example/"})
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/admin/")


@pytest.mark.parametrize("staff_flag", [False, True])
def test_nobody_else_finds_it_with_or_without_the_staff_flag(world: World, as_user: SignIn, staff_flag: bool) -> None:
    for person in ("egle", "rasa", "milda", "jonas", "olga"):
        user = world.cast.everybody()[person]
        user.is_staff = staff_flag
        user.save()
        client = as_user(user)
        for name in ["admin:index", "admin:login", *LISTS, "admin:mentoring_invitation_add"]:
            assert client.get(reverse(name)).status_code == 404, (person, name)
        assert client.get(reverse("admin:mentoring_programme_change", args=[world.programme.pk])).status_code == 404
        assert client.post(reverse("admin:mentoring_invitation_add"), {}).status_code == 404


def test_the_door_closes_with_the_enrolment(world: World, as_user: SignIn) -> None:
    dana = world.cast.dana
    client = as_user(dana)
    assert client.get(reverse("admin:index")).status_code == 200
    Enrolment.objects.filter(user=dana).update(ended_at=timezone.now())
    dana.refresh_from_db()
    assert dana.is_staff
    assert client.get(reverse("admin:index")).status_code == 404
    assert client.get(reverse("admin:mentoring_programme_change", args=[world.programme.pk])).status_code == 404


def test_ending_the_last_admin_role_clears_the_flag_too(world: World) -> None:
    dana = world.cast.dana
    end_enrolment(enrolment=Enrolment.objects.get(user=dana), by=world.cast.sofia)
    dana.refresh_from_db()
    assert not dana.is_staff


def test_switched_off_superuser_stays_outside(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    User.objects.filter(pk=world.cast.sofia.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


def test_programme_admin_finds_the_lists_of_programmes_only(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    for name in LISTS:
        assert client.get(reverse(name)).status_code == (404 if name in TECHNICAL else 200), name


def test_superuser_finds_every_list(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    for name in LISTS:
        assert client.get(reverse(name)).status_code == 200, name


NOT_THERE = [
    "/admin/accounts/user/add/", "/admin/accounts/user/1/password/", "/admin/accounts/user/1/delete/",
    "/admin/accounts/user/1/", "/admin/mentoring/mentoringgroup/add/", "/admin/mentoring/pack/add/",
    "/admin/accounts/mail/add/", "/admin/password_change/", "/admin/autocomplete/", "/admin/jsi18n/", "/admin/r/1/1/",
    "/admin/auth/group/", "/admin/account/emailaddress/", "/admin/mentoring/programme/999999/change/",
    "/admin/mentoring/programme/nonsense/change/", "/admin/nothing/here/",
]  # fmt: skip


def test_what_is_not_there(world: World, as_user: SignIn) -> None:
    for person in (world.cast.dana, world.cast.sofia):
        client = as_user(person)
        assert [path for path in NOT_THERE if client.get(path).status_code != 404] == []


def test_dropped_pages_have_no_name() -> None:
    dropped: dict[str, list[int]] = {
        "password_change": [], "autocomplete": [], "accounts_user_add": [], "accounts_user_delete": [1],
    }  # fmt: skip
    for name, args in dropped.items():
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}", args=args)


def test_pages_of_an_app_lead_to_the_first_page(world: World, as_user: SignIn) -> None:
    assert as_user(world.cast.dana).get("/admin/mentoring/")["Location"] == reverse("admin:index")


def test_programme_admin_sees_nothing_of_another_programme(world: World, elsewhere: Elsewhere, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    pages = [reverse("admin:index"), *(reverse(name) for name in LISTS if name not in TECHNICAL)]
    pages += [reverse(f"admin:mentoring_{kind}_add") for kind in ("invitation", "enrolment")]
    pages += [reverse("admin:mentoring_programme_change", args=[world.programme.pk])]
    pages += [reverse("admin:accounts_user_suggest") + "?person=else"]
    pages += [reverse(name) + "?q=e" for name in LISTS if name not in TECHNICAL]
    for page in pages:
        text = client.get(page).content.decode()
        assert [word for word in elsewhere.words() if word in text] == [], page


def test_pages_of_another_programme_are_not_there(world: World, elsewhere: Elsewhere, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    things = {
        "mentoring_organisation": elsewhere.organisation.pk, "mentoring_programme": elsewhere.programme.pk,
        "mentoring_mentoringgroup": elsewhere.group.pk, "mentoring_invitation": elsewhere.invitation.pk,
        "mentoring_enrolment": elsewhere.enrolment.pk, "accounts_user": elsewhere.manager.pk,
    }  # fmt: skip
    for name, pk in things.items():
        for verb in ("change", "history"):
            url = reverse(f"admin:{name}_{verb}", args=[pk])
            assert client.get(url).status_code == 404, url
            assert client.post(url, {"name": "Taken over", "title": "Taken over"}).status_code == 404, url
    for verb in ("resend", "withdraw"):
        url = reverse(f"admin:mentoring_invitation_{verb}", args=[elsewhere.invitation.pk])
        assert client.post(url).status_code == 404
    assert client.post(reverse("admin:mentoring_enrolment_end", args=[elsewhere.enrolment.pk])).status_code == 404
    elsewhere.enrolment.refresh_from_db()
    assert elsewhere.enrolment.ended_at is None
    assert Invitation.objects.open().filter(pk=elsewhere.invitation.pk).exists()


@pytest.mark.parametrize("query", ["user__password__startswith=p", "programme__code=NOR", "programme__id__exact=999"])
def test_lists_answer_no_question_they_do_not_offer(
    world: World, elsewhere: Elsewhere, as_user: SignIn, query: str
) -> None:
    client = as_user(world.cast.dana)
    response = client.get(reverse("admin:mentoring_enrolment_changelist") + f"?{query}", follow=False)
    assert response.status_code in {200, 302, 400}
    assert elsewhere.manager.full_name not in response.content.decode()
    if "password" in query:
        assert response.status_code == 400


def test_only_superusers_read_the_history_of_an_account(world: World, as_user: SignIn) -> None:
    url = reverse("admin:accounts_user_history", args=[world.cast.rasa.pk])
    assert as_user(world.cast.dana).get(url).status_code == 404
    assert as_user(world.cast.sofia).get(url).status_code == 200


def test_programme_admin_of_the_platform_is_not_a_superuser(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    url = reverse("admin:accounts_user_change", args=[world.cast.dana.pk])
    assert "is_superuser" not in client.get(url).content.decode()
    assert client.post(url, {"is_superuser": "on", "is_active": "on", "email": "dana@example.org"}).status_code == 404
    world.cast.dana.refresh_from_db()
    assert not world.cast.dana.is_superuser
    assert Enrolment.objects.get(user=world.cast.dana).role == ProgrammeRole.ADMIN


GUESSES = ("__startswith", "__regex", "__contains", "__gt", "")


@pytest.mark.parametrize("model", site._registry, ids=lambda model: model._meta.label)
def test_lists_are_filtered_by_their_filters_alone(world: World, model: Any, rf: Any) -> None:
    """An address that compares any field in any way would give away a hash letter by letter."""
    request = rf.get("/")
    request.user, request.standing = world.cast.sofia, Standing.of(world.cast.sofia)
    named = {each[0] if isinstance(each, tuple) else each for each in site._registry[model].get_list_filter(request)}
    fields = [field.name for field in model._meta.concrete_fields if field.name not in named]
    for field in fields:
        for guess in GUESSES:
            assert not site._registry[model].lookup_allowed(f"{field}{guess}", "a", request), f"{field}{guess}"
    for relation in (field for field in model._meta.concrete_fields if field.is_relation):
        for field in relation.related_model._meta.concrete_fields:
            if not field.primary_key:
                assert not site._registry[model].lookup_allowed(
                    f"{relation.name}__{field.name}__startswith", "a", request
                )
    for field in named:
        if isinstance(field, str):
            assert site._registry[model].lookup_allowed(f"{field}__exact", "a", request), field


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("guess", ["password__startswith=a", "token_hash__startswith=a", "pk__regex=%5B", "id__gt=1"])
@pytest.mark.django_db
def test_a_guess_in_the_address_of_a_list_is_refused(as_user: SignIn, name: str, guess: str) -> None:
    superuser = User.objects.create_superuser("root@example.org", full_name="Root")
    response = as_user(superuser).get(f"{reverse(name)}?{guess}")
    assert response.status_code in {302, 400}
    assert response.status_code == 400 or "e=1" in response["Location"]
