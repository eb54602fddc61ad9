"""Lists of the administration in our own table: heads, cells that carry their label, filters, pages."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import items_for_result, result_headers
from django.contrib.admin.views.main import PAGE_VAR
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def add_url(cl: Any) -> str:
    """Return the address for adding to this list."""
    return reverse(f"admin:{cl.opts.app_label}_{cl.opts.model_name}_add")


@register.filter
def heads(cl: Any) -> list[dict[str, str]]:
    """Return the heads of the columns: text, address that sorts by it, and how the list is sorted now."""
    return [
        {
            "text": capfirst(str(head["text"])),
            "url": str(head["url_primary"]) if head["sortable"] else "",
            "sort": _sort(head),
        }
        for head in result_headers(cl)
    ]


def _sort(head: dict[str, Any]) -> str:
    if not head["sortable"] or head.get("sort_priority") != 1:
        return ""
    return "ascending" if head["ascending"] else "descending"


@register.filter
def rows(cl: Any) -> Iterator[list[SafeString]]:
    """Return the rows: the cells Django makes, each with the name of its column for phones."""
    labels = [head["text"] for head in heads(cl)]
    for result in cl.result_list:
        cells = zip(labels, items_for_result(cl, result, None), strict=True)
        yield [_labelled(label, cell) for label, cell in cells]


def _labelled(label: str, cell: str) -> SafeString:
    """Add the label to the tag that a cell begins with."""
    tag, rest = cell[1:3], cell[3:]
    extra = format_html(' data-label="{}"', label) if tag == "td" else mark_safe(' scope="row"')  # noqa: S308 -- constant
    return mark_safe(f"<{tag}{extra}{rest}")  # noqa: S308 -- the cell is safe: Django's format_html made it


@register.filter
def why_fixed(field: Any) -> str:
    """Return why a field of a form can only be read; empty where the admin class does not say so."""
    return str(field.model_admin.why_fixed.get(field.field["name"], ""))


@register.simple_tag
def list_filter(cl: Any, spec: Any) -> SafeString:
    """Draw one filter as a menu that names what is chosen."""
    choices = list(spec.choices(cl))
    chosen = next((choice["display"] for choice in choices if choice["selected"]), "")
    context = {"title": spec.title, "choices": choices, "chosen": chosen}
    return render_to_string("admin/filter.html", context)


@register.inclusion_tag("admin/pages.html")
def list_pages(cl: Any) -> dict[str, Any]:
    """Draw the way to the pages before and after."""
    page = cl.paginator.get_page(cl.page_num)
    return {
        "number": page.number,
        "total": cl.paginator.num_pages,
        "previous_url": cl.get_query_string({PAGE_VAR: page.number - 1}) if page.has_previous() else "",
        "next_url": cl.get_query_string({PAGE_VAR: page.number + 1}) if page.has_next() else "",
    }
