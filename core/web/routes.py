"""Every route of the platform with who may use it, read from the guards; tests compare it with the hand-written map."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

STREAMS = ("-status", "-stream")
FILES = ("-download", "portrait-detail", "page-preview")
EXPORTS = ("-export",)


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        name: with its namespace.
        pattern: as in the URL configuration.
        methods: those it answers.
        kind: page, action, file, stream or export.
        access: what its guard says: public, signed_in, `area.action` in some group, `model:action` or
            `model:area.action`; `admin` for the administration.
    """

    name: str
    pattern: str
    methods: tuple[str, ...]
    kind: str
    access: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def methods_of(view: Any) -> tuple[str, ...]:
    """Return the methods that the view's decorators let through (`require_POST` and others close over a list)."""
    seen: Any = view
    while seen is not None:
        for cell in getattr(seen, "__closure__", None) or ():
            content = cell.cell_contents
            if isinstance(content, list) and content and all(isinstance(m, str) and m.isupper() for m in content):
                return tuple(content)
        seen = getattr(seen, "__wrapped__", None)
    return ("GET", "POST")


def _kind(name: str, methods: tuple[str, ...]) -> str:
    if name.endswith(EXPORTS):
        return "export"
    if name.endswith(FILES):
        return "file"
    if name.endswith(STREAMS):
        return "stream"
    return "action" if "GET" not in methods else "page"


def _access(view: Any, name: str) -> str:
    seen: Any = view
    while seen is not None:
        if guard := getattr(seen, "access", None):
            return _words_of(guard)
        seen = getattr(seen, "__wrapped__", None)
    return "admin" if name.startswith("admin:") else "UNGUARDED"


def _words_of(guard: tuple[Any, ...]) -> str:
    if guard[0] == "object":
        model, action, area = guard[1:]
        return f"{model}:{area}.{action}" if area else f"{model}:{action}"
    return f"{guard[1]}.{guard[2]}" if guard[0] == "anywhere" else str(guard[0])


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        # A key is a whole number: whoever reads the list need not know our word for it.
        pattern = prefix + str(entry.pattern).replace("<key:", "<int:")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, pattern, inner)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name or pattern}"
            methods = methods_of(entry.callback)
            yield Route(name, "/" + pattern, methods, _kind(name, methods), _access(entry.callback, name))


def all_routes() -> list[Route]:
    """Return every route, by name."""
    return sorted(_walk(get_resolver().url_patterns, "", ""), key=lambda route: route.name)
