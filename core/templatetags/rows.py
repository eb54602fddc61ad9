"""Rows that stand on a page by the dozen, drawn here: as nodes of a template each would take five times as long."""

from collections.abc import Mapping
from html import escape
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from core.templatetags.ui import chip, icon, more

register = template.Library()

NAME = '<a class="doc-name" href="{}">{}</a>'
PLAIN_NAME = '<span class="doc-name">{}</span>'
LINE = '<div class="quiet">{}</div>'
MAKING = '<div class="progress-line quiet">{0}<progress aria-label="{0}"></progress></div>'
OLDER = '<br><a href="{}">{}</a>'
VERSION = '<div class="doc-version quiet">{}{}</div>'
STATE = '<div class="doc-line doc-state">{}{}</div>'
DOWNLOAD = '<a class="btn btn-icon" href="{}">{}</a>'
ACTS = '<div class="doc-acts">{}{}</div>'
DOCUMENT = """<div class="doc">
  <span class="doc-icon">{}</span>
  <div>{}{}</div>
  {}{}
</div>"""


def _put(html: str, *words: Any) -> SafeString:
    """Return `html` with the words in its places; what is not safe is escaped, as `format_html` does."""
    return SafeString(html.format(*(escape(each) if type(each) is str else conditional_escape(each) for each in words)))


@register.simple_tag
def doc_row(row: Any) -> SafeString:
    """Draw a document; `components/doc_row.html` says of what the row consists."""

    def of(name: str) -> Any:
        return (row.get(name) if isinstance(row, Mapping) else getattr(row, name)) or ""

    making, version, download, menu = of("making"), of("version"), of("download_url"), of("menu")
    shape = icon("hourglass-split") if making else icon(of("icon_name"))
    name = _put(NAME, of("url"), of("title")) if of("url") else _put(PLAIN_NAME, of("title"))
    line = _put(LINE, of("line")) if of("line") else ""
    state = acts = ""
    if making or version or of("chip_text"):
        shown = _put(MAKING, making) if making else chip(of("chip_state"), of("chip_text"))
        older = _put(OLDER, of("older_url"), of("older_label")) if of("older_url") else ""
        state = _put(STATE, shown, _put(VERSION, version, older) if version else "")
    if download or menu:
        down = _put(DOWNLOAD, download, icon("download", label=of("spoken_download"))) if download else ""
        acts = _put(ACTS, down, more(of("spoken_menu"), menu, of("more_url")) if menu else "")
    return _put(DOCUMENT, shape, name, line, state, acts)
