"""The shape of a pack's files: the JSON Schemas, and their errors in plain words."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from core.packs.files import PackFile, Place, Problem, child

SCHEMA_DIR: Final = Path(__file__).resolve().parents[2] / "packs" / "schema"


def wrong_shapes(file: PackFile, schema: str) -> list[Problem]:
    """Return what is wrong with the shape of the file, each problem once."""
    return explained(file, _validator(schema))


def explained(file: PackFile, validator: Draft202012Validator) -> list[Problem]:
    """Return what a schema finds wrong in the file, each problem once."""
    errors = validator.iter_errors(file.data)
    return list(dict.fromkeys(problem for error in errors for problem in _explain(file, error)))


@cache
def _registry() -> "Registry[Any]":
    contents = json.loads((SCHEMA_DIR / "common.schema.json").read_text(encoding="utf-8"))
    empty: Registry[Any] = Registry()
    return empty.with_resources([("common.schema.json", DRAFT202012.create_resource(contents))])


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMA_DIR / f"{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, registry=_registry())


def _explain(file: PackFile, error: ValidationError) -> Iterator[Problem]:
    """Turn one schema error into problems, each at its own entry."""
    place: Place = tuple(error.absolute_path)
    schema: Any = error.schema
    value: Any = error.validator_value
    found: Any = error.instance
    if error.validator == "additionalProperties":
        known = sorted(schema.get("properties", {}))
        for key in sorted(set(found) - set(known)):
            yield file.problem((*place, key), _unknown_entry(key, known))
    elif error.validator == "required":
        for key in value:
            if key not in found:
                yield file.problem(place, _missing_entry(key, value, found))
    elif error.validator == "not":
        yield from _does_not_belong(file, place)
    else:
        yield file.problem(place, _sentence(str(error.validator), value, found, schema, error.message))


def _unknown_entry(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    hint = f"Did you mean “{close[0]}”?" if close else f"Known here: {', '.join(known)}."
    return f"“{key}” is not a known entry. {hint}"


def _missing_entry(key: str, required: list[str], found: dict[str, Any]) -> str:
    if required == ["en"]:
        return "The English text (en) is missing."
    kind = found.get("type")
    if key in {"options", "scale", "items", "columns", "roles"} and isinstance(kind, str):
        return f"A field of the type “{kind}” needs the entry “{key}”."
    return f"The entry “{key}” is missing."


_KINDS: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list (lines that begin with a hyphen)",
    "object": "entries with a name and a colon each",
}


def _sentence(rule: str, value: Any, found: object, schema: dict[str, Any], message: str) -> str:
    shown = _shown(found)
    if rule == "type":
        extra = " Put the value in quotation marks." if value == "string" and isinstance(found, int | float) else ""
        return f"{shown} stands here, but {_KINDS.get(value, value)} is expected.{extra}"
    if rule == "enum":
        possible = [str(each) for each in value]
        close = get_close_matches(str(found), possible, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        return f"{shown} is not known here.{hint} Possible: {', '.join(possible)}."
    if rule == "pattern" and value == r"\S":
        return "The text is empty."
    if rule in {"pattern", "const"}:
        return f"{shown} cannot stand here. {schema.get('description', f'It must look like {value}.')}"
    limits = {
        "minLength": "The text is empty.",
        "maxLength": f"The text is too long: at most {value} letters fit here.",
        "minimum": f"The number must be {value} or more.",
        "maximum": f"The number must be {value} or less.",
        "minItems": f"The list needs at least {value} {'entry' if value == 1 else 'entries'}.",
        "maxItems": f"The list has too many entries; at most {value} are possible.",
        "minProperties": f"At least {value} {'entry is' if value == 1 else 'entries are'} needed here.",
        "uniqueItems": "The same value stands in this list twice.",
    }
    return limits.get(rule, f"This cannot stand here: {message}")


def _does_not_belong(file: PackFile, place: Place) -> Iterator[Problem]:
    owner: Any = file.data
    for step in place[:-1]:
        owner = child(owner, step)
    if owner.get("type") in _field_types():
        reason = f"The entry “{place[-1]}” does not belong to a field of the type “{owner['type']}”."
        yield file.problem(place, reason)


@cache
def _field_types() -> frozenset[str]:
    schema: Any = _validator("tool").schema
    return frozenset(schema["$defs"]["field"]["properties"]["type"]["enum"])


def _shown(value: object) -> str:
    if value is None:
        return "Nothing"
    if isinstance(value, bool):
        return f"“{str(value).lower()}”"
    if isinstance(value, dict):
        return "A group of entries"
    if isinstance(value, list):
        return "A list"
    text = str(value)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
