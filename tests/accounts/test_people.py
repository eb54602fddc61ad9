"""People: found by their address, called as they like, shown only what they may see."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import set_language
from tests.cast import PASSWORD, World


@pytest.mark.django_db
def test_an_address_is_kept_in_small_letters_and_found_in_any() -> None:
    milda = User.objects.create_user("Milda@Example.ORG", PASSWORD, full_name="Milda Kazlauskaitė")
    assert milda.email == "milda@example.org"
    assert User.objects.get_by_natural_key("MILDA@example.org") == milda
    assert milda.check_password(PASSWORD)


@pytest.mark.django_db
def test_nobody_is_there_without_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("", PASSWORD)
    assert not User.objects.exists()


def test_an_address_is_one_person_whatever_its_letters(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="MILDA@example.org", full_name="Someone Else")


@pytest.mark.django_db
def test_a_superuser_enters_the_administration_and_others_do_not() -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root Person")
    milda = User.objects.create_user("milda@example.org", PASSWORD, full_name="Milda Kazlauskaitė")
    assert (root.is_staff, root.is_superuser) == (True, True)
    assert (milda.is_staff, milda.is_superuser) == (False, False)


@pytest.mark.parametrize(
    ("said", "whole", "short"),
    [
        ({"full_name": "Milda Kazlauskaitė"}, "Milda Kazlauskaitė", "Milda"),
        ({"full_name": "Milda Kazlauskaitė", "call_name": "Mildutė"}, "Milda Kazlauskaitė", "Mildutė"),
        ({"full_name": ""}, "milda@example.org", "milda"),
        ({"full_name": "Елена Георгиева"}, "Елена Георгиева", "Елена"),
    ],
)
def test_a_person_is_called_as_they_like(said: dict[str, str], whole: str, short: str) -> None:
    person = User(email="milda@example.org", **said)
    assert (str(person), person.get_full_name(), person.get_short_name()) == (whole, whole, short)


@pytest.mark.parametrize("name", ["<b>Milda</b>", "Milda\nBcc: all@example.org", "Milda\x00", "Milda\x7f"])
def test_a_name_carries_no_markup_and_no_second_line(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        User(email="milda@example.org", full_name=name, call_name=name).clean_fields()
    assert {"full_name", "call_name"} <= set(refused.value.message_dict)


def test_a_language_is_kept_for_the_next_visit(world: World) -> None:
    milda = world.cast.milda
    set_language(user=milda, language="bg")
    assert milda.language == "bg"
    assert User.objects.get(pk=milda.pk).language == "bg"
    assert User.objects.get(pk=world.cast.tomas.pk).language == "en"
