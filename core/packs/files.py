"""The YAML files of a pack: read strictly, each entry with its line, each problem with its place."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

_MAX_FILE_BYTES: Final = 1_000_000
_MAX_DEPTH: Final = 20

Step: TypeAlias = str | int
Place: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong (or untranslated) in a pack: where it stands and a sentence saying what it is."""

    file: str
    place: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f", line {self.line}"
        if self.place:
            where += f", at {self.place}"
        return f"{where}: {self.reason}"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which only true, false, null and numbers are special, so that `no` stays a language."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"^-?[0-9]+\.[0-9]+$", list("-0123456789")),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


@dataclass(slots=True)
class PackFile:
    """A parsed file with the line of every entry."""

    name: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def problem(self, place: Place, reason: str) -> Problem:
        line = None
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                line = self.lines[place[:length]]
                break
        return Problem(file=self.name, place=self._spell(place), line=line, reason=reason)

    def _spell(self, place: Place) -> str:
        """Write a place as a path; entries of a list appear by their key, or by their number counted from 1."""
        spelt, node = "", self.data
        for step in place:
            node = child(node, step)
            if isinstance(step, int):
                key = node.get("key") if isinstance(node, dict) else None
                spelt += f"[{key if isinstance(key, str) else step + 1}]"
            else:
                spelt += f".{step}" if spelt else step
        return spelt


def child(node: Any, step: Step) -> Any:
    if isinstance(node, dict):
        return node.get(str(step))
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return None


class UnreadableFileError(Exception):
    """A file that cannot be parsed; carries the line and the sentence."""

    def __init__(self, line: int | None, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(reason)


def parse(path: Path, file: PackFile) -> None:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFileError(None, "The file is missing.") from None
    except OSError as error:
        raise UnreadableFileError(None, f"The file cannot be opened: {error.strerror}.") from None
    if len(raw) > _MAX_FILE_BYTES:
        raise UnreadableFileError(None, f"The file is larger than {_MAX_FILE_BYTES // 1000} kB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableFileError(
            line, "The file is not saved as UTF-8. Save it again with the encoding UTF-8."
        ) from None
    try:
        loader = _Loader(text)
        try:
            _refuse_what_packs_do_not_need(text)
            node = loader.get_single_node()
            if node is None:
                raise UnreadableFileError(1, "The file is empty.")
            file.data = _build(loader, node, (), file.lines)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = (error.problem or "it breaks off").removesuffix(".")
        raise UnreadableFileError(
            mark.line + 1 if mark else None,
            f"The YAML cannot be read here ({why}). Most often an indent differs from the lines around it, or a text "
            "with a colon or a # in it needs quotation marks.",
        ) from None
    except yaml.YAMLError as error:
        raise UnreadableFileError(None, f"The YAML cannot be read ({error}).") from None


def _refuse_what_packs_do_not_need(text: str) -> None:
    """Refuse references, tags and endless nesting before anything is built from the file."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableFileError(line, "References with & and * are not allowed here. Write the text out twice.")
        if getattr(event, "tag", None):
            raise UnreadableFileError(
                line, "Tags with ! are not allowed here. Put a text that begins with ! in quotes."
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            raise UnreadableFileError(line, "The entries are nested too deeply.")


def _build(loader: _Loader, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise UnreadableFileError(line, "The name of an entry must be a plain word.")
            key = str(key_node.value)
            if key in built:
                raise UnreadableFileError(line, f"The entry “{key}” stands here twice.")
            lines[(*place, key)] = line
            built[key] = _build(loader, value_node, (*place, key), lines)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, child, (*place, index), lines) for index, child in enumerate(node.value)]
    return loader.construct_object(node)
