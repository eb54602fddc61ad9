"""What is wrong with a password is said in the reader's language, also where Django's own catalogue has no words."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User

CYRILLIC_ONLY = re.compile(r"[A-Za-z]")


@pytest.mark.parametrize("password", ["short", "a", "1234567890", "password123", "Мария Петрова", "maria@example.org"])
def test_it_is_said_in_bulgarian(password: str) -> None:
    person = User(full_name="Мария Петрова", email="maria@example.org")
    with translation.override("bg"), pytest.raises(ValidationError) as refused:
        validate_password(password, person)
    assert not [sentence for sentence in refused.value.messages if CYRILLIC_ONLY.search(sentence)]
