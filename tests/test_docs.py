"""What the documentation names is there, and its picture of the layers is that of the imports."""

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOP = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var", "node_modules"}
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
NAMES = "|".join(sorted(PACKAGES))
MOST_STATIONS = 5


def contract(name: str) -> dict[str, list[str]]:
    """Return a contract of import-linter."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    found: dict[str, list[str]] = next(each for each in contracts if each["name"] == name)
    return found


def drawn_layers() -> list[set[str]]:
    """Return the apps of each line of the picture, from the top."""
    picture = ARCHITECTURE.partition("```\n")[2].partition("```")[0]
    names = [re.split(r"\s{2,}", line)[0] for line in picture.splitlines() if line and not line.startswith(" ")]
    return [set(name.split(" | ")) for name in names]


def test_the_picture_of_the_layers_is_that_of_the_imports() -> None:
    assert drawn_layers() == [set(layer.split(" | ")) for layer in contract("Imports point downward")["layers"]]
    assert set().union(*drawn_layers()) == {path.parent.name for path in ROOT.glob("*/apps.py")} | {"config"}


def test_every_app_has_its_layers_inside() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")} - {"core", "demo", "config"}
    assert set(contract("Inside an app, imports point downward too")["containers"]) == apps


def stations() -> dict[str, list[str]]:
    """Return the stations of each walk."""
    walks = ARCHITECTURE.partition("## Three walks")[2].partition("\n## ")[0]
    parts = re.split(r"^\*\*(.+)\*\*$", walks, flags=re.MULTILINE)[1:]
    return {
        name: re.findall(r"^\d\. .+(?:\n   .+)*", text, flags=re.MULTILINE)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_three_walks_are_short_and_name_what_is_there() -> None:
    walks = stations()
    assert list(walks) == ["First screen", "Diary to PDF", "Photos to PDF"]
    missing = []
    for name, found in walks.items():
        assert 0 < len(found) <= MOST_STATIONS, name
        for station in found:
            for path, function in re.findall(r"`([\w/]+\.py)`(?:\s+`(\w+)`)?", station):
                tree = ast.parse((ROOT / path).read_text())
                names = {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)}
                missing += [f"{name}: {path} {function}"] if function and function not in names else []
    assert missing == []


def _named_paths(text: str) -> list[str]:
    """Return what looks like a path of the project: it begins with a folder or is a file at the top."""
    found = re.findall(r"`([\w.-]+(?:/[\w.<>*{}-]+)*/?)`", text)
    return [each for each in found if "/" in each and each.split("/")[0] in TOP and not re.search(r"[<>*{}]", each)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_and_modules_that_pages_name_exist(path: Path) -> None:
    text = path.read_text()
    missing = [
        path for path in _named_paths(text) if not (ROOT / path).exists() and not path.startswith("static/build")
    ]
    dotted = re.findall(rf"`((?:{NAMES})(?:\.\w+)+)`", text)
    assert missing + [name for name in dotted if not _is_there(name)] == []


def test_classes_that_comments_of_templates_name_exist() -> None:
    missing = []
    for path in (ROOT / "templates").rglob("*.html"):
        for comment in re.findall(r"{% comment %}(.*?){% endcomment %}", path.read_text(), flags=re.DOTALL):
            named = re.findall(rf"\b((?:{NAMES})(?:\.\w+)+\.[A-Z]\w+)", comment)
            missing += [f"{path.relative_to(ROOT)}: {name}" for name in named if not _is_there(name)]
    assert missing == []


def _is_there(dotted: str) -> bool:
    """Return whether a dotted name is a module, or something in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        if (ROOT / Path(*parts[:length])).with_suffix(".py").is_file() or (ROOT / Path(*parts[:length])).is_dir():
            found: object = importlib.import_module(".".join(parts[:length]))
            for name in parts[length:]:
                found = getattr(found, name, None)
            return found is not None
    return False
