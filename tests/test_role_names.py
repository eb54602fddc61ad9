"""A programme that calls its people otherwise does so in every sentence of pages, documents and mails."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Mail
from core.packs import PackError, read_pack
from core.policy.roles import ProgrammeRole, Role
from core.role_names import STANDARD, RoleNames, called, names_in
from home.services.packs import load_pack
from mentoring.models import Pack, Programme
from mentoring.role_names import where
from mentoring.services.groups import open_group
from mentoring.services.invitations import invite
from mentoring.services.memberships import enrol
from mentoring.standing import Standing
from rendering.pdf.library_documents import guide_document
from tests.cast import World

ROOT = Path(__file__).resolve().parents[1]
STANDARD_PACK = ROOT / "packs" / "blended-employment"
FORMS: dict[str, dict[str, dict[str, str]]] = {
    "mentor": {
        "en": {"one": "Adviser", "many": "Advisers"},
        "bg": {
            "one": "съветник",
            "definite": "съветника",
            "definite_subject": "съветникът",
            "many": "съветници",
            "definite_many": "съветниците",
        },
    },
    "mentee": {
        "en": {"one": "Trainee", "many": "Trainees"},
        "bg": {
            "one": "стажант",
            "definite": "стажанта",
            "definite_subject": "стажантът",
            "many": "стажанти",
            "definite_many": "стажантите",
        },
    },
}
OURS = {
    language: re.compile(
        rf"(?<![\w@/.-])({'|'.join(word for role in ('mentor', 'mentee') for word in roles[role].values())})(?![\w@])",
        re.IGNORECASE,
    )
    for language, roles in STANDARD.items()
}


@pytest.fixture
def pack_files(tmp_path: Path) -> Path:
    """A copy of the standard pack whose glossary says “Adviser” and “Trainee”."""
    copy = Path(shutil.copytree(STANDARD_PACK, tmp_path / "pack"))
    glossary = yaml.safe_load((copy / "glossary.yaml").read_text("utf-8"))
    for term in glossary["terms"]:
        if forms := FORMS.get(term["key"]):
            term["term"] = {language: words["one"] for language, words in forms.items()}
            term["forms"] = forms
    (copy / "glossary.yaml").write_text(yaml.safe_dump(glossary, allow_unicode=True), "utf-8")
    return copy


@pytest.fixture
def renamed(world: World) -> World:
    """The programme of the cast, whose people are called otherwise now."""
    pack = world.programme.pack
    pack.role_names = FORMS
    pack.save()
    return world


def said(message: str, language: str) -> str:
    with translation.override(language), called(lambda: RoleNames(FORMS)):
        return _(message)


def test_sentences_say_the_words_of_the_programme() -> None:
    assert said("Choose a Mentor", "en") == "Choose an Adviser"
    assert said("Your fellow Mentees", "en") == "Your fellow Trainees"
    assert said("the Mentor and the Manager", "en") == "the Adviser and the Manager"
    assert said("the Mentor and the Manager", "bg") == "съветникът и ръководителят"
    assert said("Every Mentor", "bg") == "Всички съветници"
    assert said("My Mentees", "bg") == "Моите стажанти"
    with translation.override("bg"), called(lambda: RoleNames(FORMS)):
        assert ngettext("%(n)d Mentee", "%(n)d Mentees", 3) == "%(n)d стажанти"
        assert Role.MENTOR.label == "Съветник"


def test_names_to_fill_in_and_sentences_about_others_stay_as_they_are() -> None:
    assert said("You can still change it until %(mentor)s answers it.", "en").count("%(mentor)s") == 1
    with translation.override("bg"), called(lambda: RoleNames(FORMS)):
        assert _("Sign out") == "Изход"
    assert said("Sign out", "en") == "Sign out"


def test_little_words_fit_what_follows_them() -> None:
    names = RoleNames(FORMS)
    roles = frozenset({"mentor"})
    assert names.put_into("A Mentor, one Mentor, %(mentor)s", "en", roles) == "An Adviser, one Adviser, %(mentor)s"
    assert names.put_into("Среща с ментора", "bg", roles) == "Среща със съветника"


def test_bulgarian_names_a_role_only_where_english_does() -> None:
    """Otherwise our word would stay in the sentence."""
    with (ROOT / "locale" / "bg" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="bg")
    strays = []
    for message in catalogue:
        english = message.id if isinstance(message.id, str) else message.id[0]
        bulgarian = [message.string] if isinstance(message.string, str) else message.string
        for role in ("manager", "mentor", "mentee"):
            ours = re.compile(rf"\b({'|'.join(STANDARD['bg'][role].values())})\b", re.IGNORECASE)
            named = any(ours.search(re.sub(r"%\(\w+\)s", "", each)) for each in bulgarian)
            if english and named and not re.search(rf"\b{role}s?\b", english, re.IGNORECASE):
                strays.append((english, bulgarian))
    assert strays == []


def test_without_own_words_nothing_changes() -> None:
    with translation.override("bg"), called(lambda: RoleNames({})):
        assert _("the Mentor only") == "само менторът"
    with translation.override("bg"):
        assert _("the Mentor only") == "само менторът"


def test_loading_a_pack_brings_its_words(pack_files: Path, db: None) -> None:
    pack, _told, _incomplete = load_pack(path=pack_files)
    assert pack.role_names == FORMS
    assert names_in(pack.glossary["terms"]) == FORMS


def test_another_word_without_its_forms_is_a_problem_of_the_pack(pack_files: Path) -> None:
    glossary = yaml.safe_load((pack_files / "glossary.yaml").read_text("utf-8"))
    for term in glossary["terms"]:
        term.get("forms", {}).pop("bg", None)
    (pack_files / "glossary.yaml").write_text(yaml.safe_dump(glossary, allow_unicode=True), "utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(pack_files)
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 2
    assert "“съветник” takes the place of “ментор” on all pages: name its forms (bg: one, definite" in told[0]


@pytest.mark.parametrize("language", ["en", "bg"])
def test_no_page_of_the_group_says_our_words(renamed: World, as_user: Callable[..., Client], language: str) -> None:
    """Every page of the group and the first screens, without what the pack itself says."""
    cast = renamed.cast
    texts = {text for text in _texts_of_the_pack(renamed.programme.pack, language) if OURS[language].search(text)}
    of_the_pack = sorted(texts, key=len, reverse=True)
    seen: set[str] = set()
    for person in (cast.milda, cast.rasa, cast.egle):
        person.language = language
        person.save()
        client = as_user(person)
        for address in _addresses(renamed):
            answer = client.get(address, follow=True)
            if answer.status_code == 404:
                continue
            seen.add(address)
            page = _visible(answer.content.decode())
            left = [line for line in page if OURS[language].search(_without(line, of_the_pack))]
            assert left == [], (address, person.email)
    assert seen == set(_addresses(renamed))


def _without(line: str, of_the_pack: list[str]) -> str:
    for text in of_the_pack:
        line = line.replace(text, "")
    return "" if any(line in text for text in of_the_pack) else line


def _addresses(world: World) -> list[str]:
    group = world.group.pk
    return [
        "/",
        reverse("mentoring:group-detail", args=[group]),
        reverse("mentoring:member-list", args=[group]),
        reverse("mentoring:member-create", args=[group]),
        reverse("mentoring:mentor-choose", args=[group]),
        reverse("mentoring:stage-change", args=[group]),
        reverse("mentoring:group-exit", args=[group, "pause"]),
        reverse("mentoring:group-list"),
        reverse("mentoring:people-list"),
        reverse("sessions:plan-detail", args=[group]),
        reverse("sessions:plan-edit", args=[group]),
        reverse("sessions:diary-list", args=[group]),
        reverse("checklist:checklist-list", args=[group]),
        *(reverse("documents:folder-detail", args=[folder.pk]) for folder in world.group.folders.all()),
    ]


def _visible(page: str) -> list[str]:
    body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", "", page)
    lines = (re.sub(r"\s+", " ", line).strip() for line in re.split(r"<[^>]+>", body))
    return [line for line in lines if line]


def _texts_of_the_pack(pack: Any, language: str) -> list[str]:
    from tools.models import ToolVersion  # noqa: PLC0415 -- only here

    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get(language), str):
                found.append(re.sub(r"\s+", " ", node[language]))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(pack.pages)
    for version in ToolVersion.objects.filter(tool__pack=pack):
        walk(version.content)
    return found


def test_documents_say_them_too(renamed: World) -> None:
    made = guide_document(renamed.programme.pack, "en", renamed.programme)
    assert "Trainee" in str(made.document)


def test_invitations_say_them_in_mail_and_on_their_page(renamed: World, client: Client) -> None:
    invite(
        programme=renamed.programme,
        email="new@example.org",
        role=ProgrammeRole.MENTOR,
        invited_by=renamed.cast.egle,
        language="en",
    )
    sent = Mail.objects.get(to="new@example.org")
    assert "Adviser" in sent.body
    assert "Mentor" not in sent.body.replace("Mentoring", "")
    link = re.search(r"/invited/[^\s]+", sent.body)
    assert link is not None
    page = client.get(link[0]).content.decode()
    assert "Adviser" in page
    assert not any(OURS["en"].search(line) for line in _visible(page))


def test_somebody_in_two_programmes_reads_the_words_of_each(renamed: World, as_user: Callable[..., Client]) -> None:
    """Where both are meant at once, or neither, our own words stand."""
    cast = renamed.cast
    pack = Pack.objects.get(pk=renamed.programme.pack_id)
    pack.pk, pack.key, pack.role_names = None, "another", {}
    pack.save()
    programme = Programme.objects.get(pk=renamed.programme.pk)
    programme.pk, programme.code, programme.pack = None, "ANO", pack
    programme.save()
    enrol(programme_id=programme.pk, user=cast.egle, role=ProgrammeRole.MANAGER)
    dates = {"starts_on": renamed.group.starts_on, "ends_on": renamed.group.ends_on}
    other = open_group(
        programme=programme, name="Other", opened_by=cast.egle, mentors=[cast.rasa], mentees=[cast.milda], **dates
    )
    rasa = as_user(cast.rasa)
    assert "Adviser" in " ".join(_visible(rasa.get(reverse("mentoring:member-list", args=[renamed.group.pk])).text))
    words = _visible(rasa.get(reverse("mentoring:member-list", args=[other.pk])).text)
    assert "Mentor" in words
    assert not any("Adviser" in line for line in words)
    folder = renamed.group.folders.first()
    standing = Standing.of(cast.rasa)
    assert where(folder)[1] == renamed.group.pk
    assert standing.role_names(*where(folder))
    assert standing.role_names() is None
