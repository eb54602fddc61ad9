"""What is too much for a PDF, and what an accident of the layout costs."""

import dataclasses
import os
import subprocess
import sys
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings

from core.isolation import errors as isolation
from rendering.pdf import engine, limits
from rendering.pdf.errors import BrokenError, OutOfMemoryError, PdfError, TooLargeError, TooSlowError
from responses_app import printing
from tests.cast import World
from tests.documents.making import DIARY, hand_in, words_of
from tests.rendering.papers import REGISTRATION, diary_pdf

# WeasyPrint 70 leaves its colour profile's file to the garbage collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"done": "x" * 200_001}, "200001 characters"),
        ({"done": "\n" * 4_001}, "4002 lines"),
        ({"rows": [{"a": "b"}] * 501}, "501 rows"),
        ({"a": [[[[[[["deep"]]]]]]]}, "nested too deeply"),
    ],
)
def test_too_much_is_refused_with_a_reason(world: World, answers: dict[str, Any], sentence: str) -> None:
    submission = hand_in(world.group, "diary", world.cast.milda, answers, subject=world.cast.milda)
    with pytest.raises(TooLargeError, match=sentence):
        printing.form_document(submission, REGISTRATION)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "word " * 30_000,
        "x" * 150_000,
        "ن" * 60_000,
        "a" + "\u0301" * 50_000,
        "\n".join("line" for _ in range(3_900)),
        "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 4_000,
    ],
    ids=["words", "one word", "Arabic", "marks", "lines", "families"],
)
def test_bombs_end_in_a_document_or_a_refusal(world: World, text: str) -> None:
    pages, reason = 0, ""
    try:
        pages = diary_pdf(world, {**DIARY, "done": text}).pages
    except PdfError as error:
        reason = str(error)
    assert reason or 0 < pages <= limits.MAX_PAGES


def test_long_words_break_instead_of_running_out(world: World) -> None:
    pdf = diary_pdf(world, {**DIARY, "done": "Ž" * 300})
    assert "".join(words_of(pdf.content).split()).replace("\u200b", "").count("Ž") >= 300


@pytest.mark.parametrize(
    ("accident", "error"),
    [
        (isolation.TimeLimitError("not ready after 60 seconds"), TooSlowError),
        (isolation.BusyError("no child process is free"), TooSlowError),
        (isolation.MemoryLimitError("more than 700 MB needed"), OutOfMemoryError),
        (isolation.DiedError(-11), BrokenError),
        (isolation.FailedError("ZeroDivisionError"), BrokenError),
    ],
)
def test_an_accident_of_the_layout_is_told_as_an_error_of_documents(
    world: World, accident: Exception, error: type[PdfError]
) -> None:
    with patch.object(engine.CHILDREN, "call", side_effect=accident), pytest.raises(error, match=str(accident)):
        diary_pdf(world)


def test_a_slow_document_costs_itself_and_the_next_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    diary_pdf(world)
    with monkeypatch.context() as hurried:
        hurried.setattr(engine, "LIMITS", dataclasses.replace(engine.LIMITS, seconds=0.02))
        with pytest.raises(TooSlowError, match="not ready after"):
            diary_pdf(world)
    assert "CV and Europass" in words_of(diary_pdf(world).content)


def test_this_process_never_loads_the_layout_engine() -> None:
    """It would cost every worker and web process 60 MB."""
    program = "import sys, django; django.setup(); import rendering.pdf.engine; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True,
                          env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}, check=True)  # fmt: skip
    assert done.stdout.strip() == "False"
