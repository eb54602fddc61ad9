"""The pages around signing in: our words, labels that belong to fields, mails that say what to do."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.models import Mail, User

PASSWORD = "a road with nine bends"  # noqa: S105 -- of a person who exists only in this test


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("milda@example.org", PASSWORD, full_name="Milda Kazlauskaitė")


@pytest.fixture
def signed_in_client(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def labels(html: str) -> dict[str, str]:
    return dict(re.findall(r'<label for="([^"]+)">([^<]*)</label>', html))


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_sign_in_says_what_is_wrong_and_keeps_the_address(person: User, client: Client) -> None:
    html = client.post(reverse("account_login"), {"login": person.email, "password": "wrong"}).content.decode()
    assert "do not belong together" in html
    assert f'value="{person.email}"' in html
    assert "is wrong" not in html


def test_sign_in_fields_have_labels(client: Client, db: None) -> None:
    assert labels(client.get(reverse("account_login")).content.decode()) == {
        "id_login": "E-mail",
        "id_password": "Password",
    }


def test_password_page_labels_every_field_and_shows_what_is_wrong(signed_in_client: Client) -> None:
    url = reverse("account_change_password")
    answer = {"oldpassword": "wrong", "password1": "abc", "password2": "abd"}
    html = signed_in_client.post(url, answer).content.decode()
    assert set(labels(html)) == {"id_oldpassword", "id_password1", "id_password2"}
    assert all(labels(html).values())
    assert "This is not your current password." in html
    assert 'id="id_oldpassword_error"' in html
    assert html.count("Current password") == 2  # in the summary as at the field


def test_changed_password_is_told_by_mail(signed_in_client: Client, person: User) -> None:
    answer = {"oldpassword": PASSWORD, "password1": "another road, ten bends", "password2": "another road, ten bends"}
    assert signed_in_client.post(reverse("account_change_password"), answer)["Location"] == reverse(
        "accounts:profile-edit"
    )
    person.refresh_from_db()
    assert person.check_password("another road, ten bends")
    mail = Mail.objects.get(to=person.email)
    assert mail.subject == "Your password was changed"
    assert "tell your Manager" in mail.body


def test_known_and_unknown_address_get_the_same_page_and_each_a_mail(person: User, client: Client) -> None:
    pages = {
        without_tokens(client.post(reverse("account_reset_password"), {"email": address}, follow=True).content.decode())
        for address in (person.email, "nobody@example.org")
    }
    assert len(pages) == 1
    link = re.search(r"http://\S+", Mail.objects.get(to=person.email).body)
    assert link is not None
    assert "Choose a new password" in client.get(link.group(), follow=True).content.decode()
    assert "Nobody is invited here" in Mail.objects.get(to="nobody@example.org").body


def test_a_used_or_invented_link_says_so(client: Client, db: None) -> None:
    url = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "no-such-key"})
    assert "This link no longer works" in client.get(url).content.decode()


def test_nobody_signs_up_without_an_invitation(client: Client, db: None) -> None:
    assert "People come here by invitation" in client.get(reverse("account_signup")).content.decode()


def test_failure_page_needs_no_context() -> None:
    html = render_to_string("500.html")
    assert "it is not your fault" in html
    assert "build/app.css" in html
