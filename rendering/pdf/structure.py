"""What screen readers hear of a PDF: head cells that say what they head, headings without a step left out.

WeasyPrint names the head cells of each cell, and leaves out their scope; PDF/UA-1 (7.5) asks for one or the other, and
checkers look for the scope.
"""

from collections.abc import Iterator
from typing import Any

import pikepdf

HEADINGS = {f"/H{level}": level for level in range(1, 7)}


def put_in_order(root: Any) -> None:
    """Give all head cells a scope, and take out jumps between the levels of headings."""
    above: list[int] = []  # levels of the headings that the present one stands under, as the template named them
    for element in _elements(root):
        kind = str(element.get("/S", ""))
        if kind == "/TR":
            _scope_of_row(element)
        elif kind in HEADINGS:
            while above and above[-1] >= HEADINGS[kind]:
                above.pop()
            above.append(HEADINGS[kind])
            element.S = pikepdf.Name(f"/H{len(above)}")


def _scope_of_row(row: Any) -> None:
    """Say of each head cell of a row that it heads its column, or, in a row with other cells, its row."""
    cells = [each for each in _children(row) if str(each.get("/S", "")) in {"/TH", "/TD"}]
    heads = [each for each in cells if each.S == pikepdf.Name.TH]
    scope = pikepdf.Name.Column if len(heads) == len(cells) else pikepdf.Name.Row
    for cell in heads:
        given = cell.get("/A", pikepdf.Array([]))
        attributes = list(given) if isinstance(given, pikepdf.Array) else [given]
        table = [each for each in attributes if each.get("/O") == pikepdf.Name.Table]
        if table:
            table[0].Scope = scope
        else:
            cell.A = pikepdf.Array([*attributes, pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=scope)])


def _children(element: Any) -> list[Any]:
    below = element.get("/K", pikepdf.Array([]))
    below = list(below) if isinstance(below, pikepdf.Array) else [below]
    return [each for each in below if isinstance(each, pikepdf.Dictionary)]


def _elements(root: Any) -> Iterator[Any]:
    """Yield the elements in the order in which they are read."""
    stack = [root]
    while stack:
        element = stack.pop()
        yield element
        stack.extend(reversed(_children(element)))
