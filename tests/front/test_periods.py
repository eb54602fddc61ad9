"""Periods and column heads as they are read."""

from datetime import date

import pytest
from django.utils import translation

from core.templatetags.ui import day_month_until
from home.templatetags.matrix import hyphenated


@pytest.mark.parametrize(
    ("end", "words"), [(date(2029, 9, 1), "1 December 2029"), (date(2031, 3, 1), "1 December 2029")]
)
def test_a_period_into_another_year_names_both(end: date, words: str) -> None:
    assert day_month_until(date(2029, 12, 1), end) == words


def test_a_column_head_breaks_only_long_words_and_never_after_two_letters() -> None:
    with translation.override("en"):
        assert hyphenated("Profile objectives") == "Profile objectives"
        parts = hyphenated("questionnaire").split("\u00ad")
    assert "".join(parts) == "questionnaire"
    assert len(parts) > 1
    assert min(len(parts[0]), len(parts[-1])) >= 4
