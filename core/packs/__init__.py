"""Programme packs: the tools, sessions, pages and words of a programme, kept as YAML files.

`read_pack` reads a folder, checks it and returns a `Pack`; what is wrong comes back as one `PackError` that lists every
problem with its file, place and line, in sentences for the people who write packs. Nothing here touches the database.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.packs.files import PackFile, Problem, UnreadableFileError, parse
from core.packs.meaning import SECTION_KINDS, check_glossary, check_head, check_pages, check_sections, check_tools
from core.packs.shapes import wrong_shapes
from core.packs.texts import PLACEHOLDERS, check_texts

__all__ = [
    "PLACEHOLDERS",
    "SECTION_KINDS",
    "Pack",
    "PackError",
    "Problem",
    "canonical_digest",
    "canonical_json",
    "read_pack",
]


class PackError(Exception):
    """The pack cannot be used; `problems` lists everything that must be put right."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked programme pack. Every entry is plain data (mappings, lists, texts, numbers) exactly as written."""

    key: str
    version: str
    title: dict[str, str]
    description: dict[str, str]
    languages: tuple[str, ...]
    default_language: str
    licence: str
    settings: dict[str, Any]
    tools: tuple[dict[str, Any], ...]
    sections: tuple[dict[str, Any], ...]
    pages: tuple[dict[str, Any], ...]
    glossary: tuple[dict[str, Any], ...]
    incomplete: tuple[Problem, ...]
    digest: str


def canonical_json(data: object) -> str:
    """Return JSON text that is the same for the same content, whatever the order of the entries."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_digest(data: object) -> str:
    """Return the SHA-256 of the content, to notice a change that came without a new version number."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()


def read_pack(path: Path) -> Pack:
    """Read and check the programme pack in the folder `path`.

    Raises `PackError` with every problem found. Texts that lack one of the pack's further languages are no error;
    they are listed in `Pack.incomplete`.
    """
    reading = _Reading(path)
    head = reading.read("pack.yaml", "pack")
    tools = reading.read_all("tools", "tool")
    sections = reading.read_all("sessions", "sessions")
    pages = reading.read_all("pages", "page")
    glossary = reading.read("glossary.yaml", "glossary")
    reading.refuse_strangers()
    if head is None or glossary is None or reading.problems:
        raise PackError(_sorted(reading.problems))

    files = [head, *tools, *sections, *pages, glossary]
    reading.problems += [
        *check_head(head),
        *check_tools(tools),
        *check_sections(sections),
        *check_pages(pages),
        *check_glossary(glossary),
    ]
    incomplete: list[Problem] = []
    for file in files:
        check_texts(file, head.data, reading.problems, incomplete)
    if reading.problems:
        raise PackError(_sorted(reading.problems))

    kinds = list(SECTION_KINDS)
    data = head.data
    content: dict[str, Any] = {
        "tools": tuple(sorted((f.data for f in tools), key=lambda tool: tool["number"])),
        "sections": tuple(sorted((f.data for f in sections), key=lambda section: kinds.index(section["kind"]))),
        "pages": tuple(f.data for f in pages),
        "glossary": tuple(glossary.data["terms"]),
    }
    return Pack(
        key=data["key"],
        version=data["version"],
        title=data["title"],
        description=data["description"],
        languages=tuple(data["languages"]),
        default_language=data["default_language"],
        licence=data["licence"],
        settings=data["settings"],
        incomplete=tuple(_sorted(incomplete)),
        digest=canonical_digest({"pack": data, **content}),
        **content,
    )


class _Reading:
    """One pass over the folder of a pack."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self._seen: set[str] = set()

    def read(self, name: str, schema: str) -> PackFile | None:
        self._seen.add(name)
        file = PackFile(name)
        try:
            parse(self.root / name, file)
        except UnreadableFileError as refusal:
            self.problems.append(Problem(file=name, place="", line=refusal.line, reason=refusal.reason))
            return None
        found = wrong_shapes(file, schema)
        self.problems += found
        return None if found else file

    def read_all(self, folder: str, schema: str) -> list[PackFile]:
        names = sorted(f"{folder}/{path.name}" for path in (self.root / folder).glob("*.yaml"))
        if not names:
            reason = f"The folder “{folder}” has no file whose name ends in .yaml."
            self.problems.append(Problem(file=folder, place="", line=None, reason=reason))
        return [file for name in names if (file := self.read(name, schema)) is not None]

    def refuse_strangers(self) -> None:
        """Name files that nobody reads, for most often their name is a slip."""
        if not self.root.is_dir():
            return
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            hidden = any(part.startswith(".") for part in path.relative_to(self.root).parts)
            explains = path.suffix in {".md", ".txt"} or path.stem.upper() in {"README", "LICENCE", "LICENSE"}
            if path.is_file() and name not in self._seen and not hidden and not explains:
                reason = (
                    "This file does not belong to a pack. Files lie in tools, sessions or pages and end in .yaml; "
                    "beside these folders there are only pack.yaml and glossary.yaml."
                )
                self.problems.append(Problem(file=name, place="", line=None, reason=reason))


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line or 0, problem.place))
