"""Forms handed in and PDFs read back, for the tests of documents."""

import subprocess
from io import BytesIO
from typing import Any

import pikepdf

from accounts.models import User
from mentoring.models import MentoringGroup
from responses_app.models import FormResponse, FormState, FormSubmission
from tests.pack_tools import version_of
from tools.models import ToolVersion


def hand_in(
    group: MentoringGroup,
    key: str,
    author: User,
    answers: dict[str, Any],
    *,
    subject: User | None = None,
    session_key: str = "",
    session_title: dict[str, str] | None = None,
    audience: str = "group",
    language: str = "en",
    version: ToolVersion | None = None,
) -> FormSubmission:
    """Write a handed-in form straight into the tables."""
    form, _ = FormResponse.objects.get_or_create(
        group=group,
        tool_version=version or version_of(group, key),
        author=author,
        subject=subject,
        session_key=session_key,
        defaults={"session_title": session_title or {}},
    )
    submission = FormSubmission.objects.create(
        form=form,
        number=form.submissions.count() + 1,
        answers=answers,
        language=language,
        audience=audience,
        submitted_by=author,
    )
    form.answers, form.latest, form.state = answers, submission, FormState.SUBMITTED
    form.audience, form.language = audience, language
    form.save()
    return submission


DIARY = {
    "mood": 3,
    "done": "Žydrūnė read two CVs.\nThen we started mine in Europass.\n\n"
    "Duomenys: ąčęėįšųūž ĄČĘĖĮŠŲŪŽ, “quoted” – 5 €.",
    "learned": "Че трите години вкъщи не са дупка: Щъркел, ѝ, съюзъ, № 7.",
    "next_steps": "Lähetän CV:n Äijälle; öinen yö, Åbo.",
}


def text_of(content: bytes, *, layout: bool = False) -> str:
    """Return the words of a PDF as poppler reads them."""
    command = ["pdftotext", *(["-layout"] if layout else []), "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def words_of(content: bytes) -> str:
    """Return the words of a PDF with single spaces between them."""
    return " ".join(text_of(content).split())


def opened(content: bytes) -> pikepdf.Pdf:
    """Open a PDF."""
    return pikepdf.open(BytesIO(content))
