"""Loads the layout engine, its style sheet and its typefaces; the child process imports it before the first one."""

from datetime import UTC, datetime

from rendering.pdf.typesetter import typeset

_SAMPLE = "<html lang='bg'><body><h1>Ag Щъ Žė</h1><p>Ag Щъ Žė <b>Äö</b> ○ ●</p></body></html>"

typeset(_SAMPLE, assets={}, title="warm", language="en", created=datetime(2026, 1, 1, tzinfo=UTC))
