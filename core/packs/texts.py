"""The texts of a pack: their languages and their placeholders."""

import re
from collections.abc import Iterator
from typing import Any, Final

from core.packs.files import PackFile, Place, Problem, child

PLACEHOLDERS: Final = frozenset(
    {
        "group.name",
        "group.motto",
        "group.form",
        "group.starts_on",
        "group.ends_on",
        "group.members",
        "mentee.name",
        "mentor.name",
        "manager.name",
        "programme.title",
        "organisation.name",
        "session.title",
        "session.date",
        "session.place",
        "session.from",
        "session.to",
        "today",
        "subject.name",
        "subject.email",
        "communication_schedule",
    }
)

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_LANGUAGE_NAMES: Final = {
    "en": "English",
    "bg": "Bulgarian",
    "lt": "Lithuanian",
    "fi": "Finnish",
    "it": "Italian",
    "de": "German",
}


def check_texts(file: PackFile, head: dict[str, Any], problems: list[Problem], incomplete: list[Problem]) -> None:
    languages, default = head["languages"], head["default_language"]
    for place, text in _texts(file.data, ()):
        for language in text:
            if language not in languages:
                problems.append(
                    file.problem(
                        (*place, language),
                        f"The language “{language}” is not listed in pack.yaml: put it right, or add it there.",
                    )
                )
        for language in languages:
            if language not in text:
                name = _LANGUAGE_NAMES.get(language, language)
                missing = file.problem(place, f"The {name} text ({language}) is missing.")
                (problems if language == default else incomplete).append(missing)
        substitutes = _substitutes(file.data, place)
        for language, value in text.items():
            problems += [file.problem((*place, language), reason) for reason in _wrong_tokens(value, substitutes)]


def _texts(node: Any, place: Place) -> Iterator[tuple[Place, dict[str, str]]]:
    """Walk over every text: the schemas leave no other mapping of languages to sentences."""
    if isinstance(node, dict):
        if isinstance(node.get("en"), str):
            yield place, node
            return
        for key, child in node.items():
            yield from _texts(child, (*place, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _texts(child, (*place, index))


def _substitutes(data: Any, place: Place) -> bool:
    """Whether placeholders are filled in at this place: in a tool's introduction and in its headings."""
    if place == ("intro",):
        return "fields" in data
    if len(place) == 3 and place[0] == "fields" and place[2] in {"label", "help"}:
        return bool(child(data["fields"], place[1])["type"] == "heading")
    return False


def _wrong_tokens(value: str, substitutes: bool) -> Iterator[str]:
    for token in _PLACEHOLDER.findall(value):
        if token not in PLACEHOLDERS:
            yield f"There is no placeholder “{token}”. Possible: {', '.join(sorted(PLACEHOLDERS))}."
        elif not substitutes:
            yield f"The placeholder “{token}” is not filled in here; it works in headings and in a form’s introduction."
    rest = _PLACEHOLDER.sub("", value)
    if "{{" in rest or "}}" in rest:
        yield "A placeholder is not closed: it is written {{ mentee.name }}, with two braces on each side."
    if "{%" in rest:
        yield "Commands in {% %} are not allowed in a pack."
