"""What no schema can say: entries that must agree with one another."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final

from core.packs.files import PackFile, Place, Problem
from core.role_names import STANDARD

SECTION_KINDS: Final = {"initial": "i", "employability": "e", "entrepreneurship": "b", "monitoring": "m"}

# Readers of each audience, as sets: a field may only be narrower than its tool.
_READERS: Final[dict[str, frozenset[str]]] = {
    "group": frozenset({"author", "mentor", "manager", "others"}),
    "staff": frozenset({"author", "mentor", "manager"}),
    "mentor": frozenset({"author", "mentor"}),
    "manager": frozenset({"author", "manager"}),
    "author": frozenset({"author"}),
}
_RAW_HTML = re.compile(r"<[A-Za-z!/?]")
_MARKDOWN_LINK = re.compile(r"\]\(\s*([^)\s]*)")


def check_head(head: PackFile) -> Iterator[Problem]:
    data = head.data
    if data["default_language"] not in data["languages"]:
        yield head.problem(
            ("default_language",),
            f"The default language “{data['default_language']}” is not among the languages of the pack.",
        )
    if "en" not in data["languages"]:
        yield head.problem(("languages",), "English (en) must be among the languages of the pack.")


def check_tools(tools: list[PackFile]) -> Iterator[Problem]:
    yield from _twice_across(tools, "key")
    yield from _twice_across(tools, "number")
    for file in tools:
        yield from _check_tool(file)
        yield from _twice(file, ("fields",), file.data["fields"])
        for index, entry in enumerate(file.data["fields"]):
            yield from _check_field(file, ("fields", index), entry)


def _check_tool(file: PackFile) -> Iterator[Problem]:
    tool = file.data
    if tool["filing"] == "after_acceptance" and "accepted_by" not in tool:
        yield file.problem((), "The entry “accepted_by” is missing: say who accepts the form before it is filed.")
    if tool["filing"] == "at_once" and "accepted_by" in tool:
        yield file.problem(("accepted_by",), "A form that is filed at once is accepted by nobody. Remove this entry.")
    if "audience_choices" in tool and tool["audience"] not in tool["audience_choices"]:
        yield file.problem(("audience_choices",), f"The audience “{tool['audience']}” must be one of the choices.")
    if tool["on_paper"] and not tool["signed_by"]:
        yield file.problem(("on_paper",), "A form that is signed on paper needs somebody in “signed_by”.")
    has_signatures = any(entry["type"] == "signatures" for entry in tool["fields"])
    if has_signatures and not tool["signed_by"]:
        yield file.problem(("signed_by",), "The form has signatures, so say here who signs.")
    for editor in ("contract", "session_plan"):
        if tool["editor"] == editor and tool["key"] != editor:
            yield file.problem(("editor",), f"The editor “{editor}” is only for the tool “{editor}”.")


def _check_field(file: PackFile, place: Place, entry: dict[str, Any]) -> Iterator[Problem]:
    tool = file.data
    if "audience" in entry and not _READERS[entry["audience"]] <= _READERS[tool["audience"]]:
        yield file.problem(
            (*place, "audience"),
            f"“{entry['audience']}” has readers who may not read the form itself (its audience: “{tool['audience']}”).",
        )
    strangers = set(entry.get("filled_by", ())) - set(tool["filled_by"])
    if strangers:
        yield file.problem(
            (*place, "filled_by"),
            f"“{', '.join(sorted(strangers))}” does not fill in this form (see its own “filled_by”).",
        )
    yield from _check_answer(file, place, entry)
    yield from _check_rule(file, place, entry)
    if entry["type"] == "rating_grid":
        yield from _twice(file, (*place, "items"), entry["items"])
    if entry["type"] == "rows":
        yield from _twice(file, (*place, "columns"), entry["columns"])
        if entry.get("min_rows", 0) > entry.get("max_rows", 50):
            yield file.problem((*place, "min_rows"), "The least number of rows is above the greatest.")
        for index, column in enumerate(entry["columns"]):
            yield from _check_answer(file, (*place, "columns", index), column)


def _check_rule(file: PackFile, place: Place, entry: dict[str, Any]) -> Iterator[Problem]:
    """Check that a rule between two answers names another question of the same kind, asked of the same people."""
    fields = {each["key"]: each for each in file.data["fields"]}
    for rule in ("not_before", "at_most"):
        if rule not in entry:
            continue
        other = fields.get(entry[rule])
        if other is None or other is entry:
            yield file.problem((*place, rule), f"There is no other question “{entry[rule]}” in this form.")
        elif other["type"] != entry["type"]:
            words = f"“{entry[rule]}” is a field of another type, so the two cannot be compared."
            yield file.problem((*place, rule), words)
        elif set(other.get("filled_by", file.data["filled_by"])) != set(entry.get("filled_by", file.data["filled_by"])):
            yield file.problem((*place, rule), f"“{entry[rule]}” is answered by others, who could not put it right.")


def _check_answer(file: PackFile, place: Place, entry: dict[str, Any]) -> Iterator[Problem]:
    """Check what fields and columns of rows have in common."""
    if "options" in entry:
        yield from _twice(file, (*place, "options"), entry["options"])
    if "min" in entry and "max" in entry and entry["min"] > entry["max"]:
        yield file.problem((*place, "min"), "The smallest number allowed is above the greatest.")
    if "scale" not in entry:
        return
    scale = entry["scale"]
    steps = {str(step) for step in range(scale["min"], scale["max"] + 1)}
    for step in scale["labels"]:
        if step not in steps:
            yield file.problem(
                (*place, "scale", "labels", step),
                f"The scale goes from {scale['min']} to {scale['max']}, so there is no step {step} to label.",
            )
    for end in (scale["min"], scale["max"]):
        if str(end) not in scale["labels"]:
            yield file.problem((*place, "scale", "labels"), f"The step {end} needs a label: say what each end means.")


def check_sections(sections: list[PackFile]) -> Iterator[Problem]:
    yield from _twice_across(sections, "kind")
    for file in sections:
        kind = file.data["kind"]
        letter = SECTION_KINDS[kind]
        sessions = file.data["sessions"]
        yield from _twice(file, ("sessions",), sessions)
        yield from _twice(file, ("sessions",), sessions, "number")
        for index, session in enumerate(sessions):
            place: Place = ("sessions", index)
            if not re.fullmatch(rf"{letter}[1-9][0-9]?", session["key"]):
                yield file.problem((*place, "key"), f"A session of the kind “{kind}” has a key like “{letter}1”.")
            total = sum(point["minutes"] for point in session["agenda"])
            if total != session["minutes"]:
                yield file.problem(
                    (*place, "agenda"),
                    f"The agenda adds up to {total} minutes, but the session has {session['minutes']}.",
                )


def check_pages(pages: list[PackFile]) -> Iterator[Problem]:
    yield from _twice_across(pages, "key")
    for file in pages:
        yield from _twice(file, ("sections",), file.data["sections"])
        for index, section in enumerate(file.data["sections"]):
            for language, body in section["body"].items():
                place: Place = ("sections", index, "body", language)
                if _RAW_HTML.search(body):
                    yield file.problem(place, "HTML is not allowed. Use paragraphs, lists, **bold** and links.")
                for link in _MARKDOWN_LINK.findall(body):
                    if not link.startswith("https://"):
                        yield file.problem(place, f"The link “{link}” must begin with https://.")


def check_glossary(file: PackFile) -> Iterator[Problem]:
    terms = file.data["terms"]
    yield from _twice(file, ("terms",), terms)
    known = {term["key"] for term in terms}
    for index, term in enumerate(terms):
        for position, other in enumerate(term.get("see", ())):
            place: Place = ("terms", index, "see", position)
            if other == term["key"]:
                yield file.problem(place, "The term points to itself.")
            elif other not in known:
                close = get_close_matches(other, sorted(known), n=1)
                hint = f" Did you mean “{close[0]}”?" if close else ""
                yield file.problem(place, f"There is no term with the key “{other}”.{hint}")
        yield from _check_forms(file, index, term)


def _check_forms(file: PackFile, index: int, term: dict[str, Any]) -> Iterator[Problem]:
    """Check that another word for a role comes with all the forms that the pages need of it, and no other word does."""
    role, forms = term["key"], term.get("forms", {})
    if role not in STANDARD["en"]:
        if forms:
            yield file.problem(("terms", index, "forms"), "Only manager, mentor and mentee have forms.")
        return
    for language, roles in STANDARD.items():
        ours, given = roles[role], forms.get(language, {})
        if not given and term["term"].get(language, ours["one"]).casefold() != ours["one"].casefold():
            words = f"“{term['term'][language]}” takes the place of “{ours['one']}” on all pages"
            yield file.problem(("terms", index), f"{words}: name its forms ({language}: {', '.join(ours)}).")
        elif given and given.keys() != ours.keys():
            place: Place = ("terms", index, "forms", language)
            yield file.problem(place, f"The forms of this language are: {', '.join(ours)}.")
    for language in forms.keys() - STANDARD.keys():
        place = ("terms", index, "forms", language)
        yield file.problem(place, f"The pages are in {', '.join(STANDARD)}; there are no forms of “{language}”.")


def _twice(file: PackFile, place: Place, entries: list[dict[str, Any]], name: str = "key") -> Iterator[Problem]:
    seen: set[Any] = set()
    for index, entry in enumerate(entries):
        if entry[name] in seen:
            yield file.problem((*place, index, name), f"The {name} “{entry[name]}” stands in this list twice.")
        seen.add(entry[name])


def _twice_across(files: list[PackFile], name: str) -> Iterator[Problem]:
    first: dict[Any, str] = {}
    for file in files:
        value = file.data[name]
        if value in first:
            yield file.problem((name,), f"The {name} “{value}” is already taken by {first[value]}.")
        first.setdefault(value, file.name)
