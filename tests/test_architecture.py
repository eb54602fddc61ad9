"""The rules of the house that a machine can check."""

import ast
import io
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from core.policy.permissions_page import permissions_page
from core.web.routes import all_routes

ROOT = Path(settings.BASE_DIR)
LONGEST_TEMPLATE_LINE = 160
OUTSIDE_PAGES = {"statements.py", "exports.py"}
"""Modules of `home` that ask in SQL, or write a file to take away."""
APPS = (
    "core", "accounts", "mentoring", "notices", "tools", "documents", "rendering", "responses_app", "uploads",
    "checklist", "sessions_app", "conversations", "home", "demo",
)  # fmt: skip


def sources(*patterns: str) -> list[Path]:
    """Return the app files that match one of the patterns, without migrations."""
    return [
        path
        for app in APPS
        for pattern in patterns
        for path in (ROOT / app).glob(pattern)
        if "migrations" not in path.parts
    ]


def test_permissions_page_is_what_the_policy_says() -> None:
    assert (ROOT / "docs" / "permissions.md").read_text() == permissions_page()


def test_every_route_is_guarded() -> None:
    assert [route.name for route in all_routes() if route.access == "UNGUARDED"] == []


def test_guards_stand_in_the_same_order_everywhere() -> None:
    """First the methods, then the guard: a wrong method gets the same answer from everyone."""
    wrong = []
    for path in [*sources("views.py", "views/*.py"), ROOT / "core" / "ops" / "health.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                names = [ast.unparse(each).split("(")[0] for each in node.decorator_list]
                if {"access", "anywhere", "signed_in", "public"} & set(names) and not (
                    names[0].startswith("require_") and names[1] in {"access", "anywhere", "signed_in", "public"}
                ):
                    wrong.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert wrong == []


BUILDS_A_QUERY = {
    "filter", "exclude", "select_related", "prefetch_related", "annotate", "alias", "aggregate", "order_by", "only",
    "defer", "values_list", "in_bulk", "distinct", "select_for_update", "union", "extra", "raw",
}  # fmt: skip
WRITES = {
    "save", "create", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "acreate", "asave",
}  # fmt: skip
EXPRESSIONS = {"Q", "F", "Exists", "OuterRef", "Subquery", "Prefetch", "Count", "Max", "Min", "Sum", "Case", "Window"}


def query_work(path: Path) -> list[str]:
    """Return the calls of a file that build queries or write rows, with the expressions they are built from."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in BUILDS_A_QUERY | WRITES:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} .{node.func.attr}()")
        if isinstance(node.func, ast.Name) and node.func.id in EXPRESSIONS:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id}()")
    return found


def test_views_and_pages_neither_build_queries_nor_write() -> None:
    """Reads are methods of querysets, writes are services; what a page shows is plain data."""
    paths = [*sources("views.py", "views/*.py", "pages.py", "pages/**/*.py"), *(ROOT / "home").glob("*.py")]
    found = [call for path in sorted(paths) if path.name not in OUTSIDE_PAGES for call in query_work(path)]
    assert found == []


def test_what_builds_a_query_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail."""
    monkeypatch.setattr("tests.test_architecture.ROOT", tmp_path)
    path = tmp_path / "page.py"
    path.write_text("rows = Form.objects.filter(Q(author=1)).order_by('pk')\nform.save()\nform.values()\n")
    assert sorted(call.split(" ")[1] for call in query_work(path)) == [".filter()", ".order_by()", ".save()", "Q()"]


def test_only_grants_writes_guardian_rows() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sources("**/*.py")
        if re.search(r"assign_perm|remove_perm|FolderGroupObjectPermission\(", path.read_text())
        and path.name not in {"grants.py", "models.py"}
    ]
    assert found == []


def test_every_task_is_named_and_takes_keyword_ids() -> None:
    for path in sources("tasks.py"):
        text = path.read_text()
        for match in re.finditer(r"@shared_task\(([^)]*)\)\s*def (\w+)\(([^)]*)\)", text):
            options, name, arguments = match.groups()
            assert "name=" in options, f"{path}: {name}"
            assert not arguments.strip() or re.match(r"(self[^,]*(\[[^\]]*\])?\"?, )?\*", arguments.strip()), (
                f"{path}: {name}"
            )
        assert text.count("@shared_task") == len(re.findall(r"@shared_task\(", text)), path


@pytest.mark.parametrize("banned", ["<script>", "style=", "onclick=", "onsubmit="])
def test_templates_carry_no_inline_code(banned: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if "pdf" not in path.parts
        and banned in re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    ]
    assert found == []


def test_no_line_of_a_template_is_too_long_to_read() -> None:
    folder = ROOT / "templates"
    found = [
        f"{path.relative_to(folder)}:{number}"
        for path in folder.rglob("*")
        if path.is_file()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_TEMPLATE_LINE
    ]
    assert found == []


def test_sentences_over_several_lines_of_a_template_are_trimmed() -> None:
    """Line breaks and indentation are no part of a sentence, and the loader takes the indentation away."""
    sentence = re.compile(r"\{% blocktranslate([^%]*)%\}([^%]*\n[^%]*)\{%")
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)[:80]}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in sentence.finditer(path.read_text())
        if "trimmed" not in match.group(1).split()
    ]
    assert found == []


def test_no_file_outgrows_one_reading() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources("**/*.py")
        if (lines := len(path.read_text().splitlines())) > 500
    }
    assert long == {}


def test_every_sentence_can_be_found_for_translation() -> None:
    """xgettext looks neither into f-strings nor at own names for gettext."""
    hidden = re.compile(r"""\{(n|p|np)?gettext(_lazy)?\(|\{_\(|gettext\w* as (?!_$)""")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources("**/*.py")
        for line in path.read_text().splitlines()
        if hidden.search(line)
    ]
    assert found == []


def test_the_bulgarian_interface_is_complete() -> None:
    with (ROOT / "locale" / "bg" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="bg")
    missing = [
        message.id
        for message in catalogue
        if message.id
        and (message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string))
    ]
    assert missing == []


KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


CALL = re.compile(r"""\b(?:n?p?gettext|_)\((?:[^()'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\)""")


def sentences() -> set[tuple[str | None, str]]:
    """Return every sentence of the interface with its context, from the code and the templates."""
    found: set[tuple[str | None, str]] = set()
    templates = [path for kind in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{kind}")]
    for path in [*sources("**/*.py"), *templates]:
        text = path.read_text("utf-8")
        if path in templates:  # Django hands the sentences out as calls, with what is between them blanked
            text = "\n".join(call[0] for call in CALL.finditer(templatize(text)))
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            first = message[0] if isinstance(message, tuple) else message
            if first:
                found.add((context, first))
    return found


def test_every_sentence_is_in_the_bulgarian_catalogue() -> None:
    with (ROOT / "locale" / "bg" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="bg")
    known = {(each.context, each.id[0] if isinstance(each.id, tuple) else each.id) for each in catalogue}
    assert len(known) > 1000
    assert sorted(sentence for sentence in sentences() - known if sentence[1]) == []


SHOW_MOMENTS = {
    "core/days.py", "core/templatetags/ui.py", "home/pages/mentor.py", "home/pages/next_step.py", "home/pages/road.py",
    "notices/pages/notices.py", "responses_app/pages/words.py",
}  # fmt: skip
"""Modules that say when something is as the reader's clock shows it; they decide nothing."""


def test_facts_go_by_the_programmes_day() -> None:
    """`timezone.localdate()` is the day of whoever looks; what is so must not depend on that."""
    asks = {
        str(path.relative_to(ROOT))
        for path in sources("**/*.py")
        if "timezone.localdate(" in path.read_text("utf-8") and "demo" not in path.parts
    }
    assert asks == SHOW_MOMENTS
