"""Markdown of packs as HTML: a short list of harmless tags, nothing else."""

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote"}
ATTRIBUTES = {"a": {"href"}}


def to_html(text: str) -> SafeString:
    """Return the text as HTML; raw HTML, scripts, styles, pictures, and links other than https and mailto vanish."""
    html = markdown.markdown(text, output_format="html")
    cleaned = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "mailto"}, link_rel="noopener noreferrer"
    )
    return mark_safe(cleaned)  # noqa: S308 -- cleaned just above
