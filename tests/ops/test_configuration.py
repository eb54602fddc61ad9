"""docs/configuration.md lists every variable that is read, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [
    "accounts", "checklist", "config", "core", "demo", "documents", "home", "mentoring", "rendering", "responses_app",
    "scripts", "sessions_app", "tools", "uploads",
]  # fmt: skip
# Of other programs, or of one process of ours to another.
NOT_OURS = {
    "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SETTINGS_MODULE", "FONTCONFIG_FILE", "LD_LIBRARY_PATH", "OPEN_MENTORING_RUN",
    "PATH",
}  # fmt: skip


def documented() -> dict[str, str]:
    """Return variable → default as written in the tables."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a variable is documented twice"
    return dict(rows)


def is_environment(node: ast.expr) -> bool:
    """Return whether an expression is `env`, `os.environ` or a part of them."""
    return ast.unparse(node) in {"env", "os.environ", "environ"}


def read_in(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Give each variable that a module reads, with its default where that is written beside it."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=base), args=[ast.Constant(value=str(name)), *rest]):
                if is_environment(base):
                    given = [each.value for each in node.keywords if each.arg == "default"] or rest
                    yield name, given[0] if given else None
            case ast.Call(func=ast.Attribute(value=base), args=[ast.Name(), *_]) if is_environment(base):
                pytest.fail(f"cannot tell which variable is read: {ast.unparse(node)}")
            case ast.Subscript(value=base, slice=ast.Constant(value=str(name))) if is_environment(base):
                yield name, None
            case ast.Compare(left=ast.Constant(value=str(name)), comparators=[base]) if is_environment(base):
                yield name, None


def used() -> dict[str, list[ast.expr]]:
    """Return variable → literal defaults, over all modules."""
    found: dict[str, list[ast.expr]] = {}
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for name, default in read_in(ast.parse(path.read_text())):
            found.setdefault(name, []).extend([default] if default else [])
    return {name: defaults for name, defaults in found.items() if name not in NOT_OURS}


def used_by_make() -> set[str]:
    """Return the variables that the Makefile offers."""
    text = (ROOT / "Makefile").read_text()
    return {*re.findall(r"^([A-Z_]+) \?=", text, re.MULTILINE), *re.findall(r"\$\((ARGS)\)", text)}


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    assert set(documented()) == set(used()) | used_by_make()


def in_words(default: ast.expr) -> str | None:
    """Return a literal default as the table writes it; None for one that is made from other settings, or empty."""
    match default:
        case ast.Constant(value=bool(value)):
            return "on" if value else "off"
        case ast.Constant(value=value):
            return str(value) or None
        case ast.List(elts=parts):
            return ",".join(in_words(part) or "" for part in parts) or None
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return str(int(in_words(left) or 0) * int(in_words(right) or 0))
    return None


def test_documented_defaults_are_the_ones_in_the_code() -> None:
    in_code = {name: text for name, defaults in used().items() for each in defaults if (text := in_words(each))}
    written = {name: default.strip("`") for name, default in documented().items() if name in in_code}
    assert written == in_code
