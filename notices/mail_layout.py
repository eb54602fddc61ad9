"""The look of our e-mails: mail readers leave style sheets out, so each class of the layout gets its styles inline.

One small layout of a dozen classes needs no library for it (decision 0039).
"""

import re
from typing import Final

FONT: Final = "font-family:'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"

STYLES: Final = {
    "page": f"margin:0;padding:24px 12px;background-color:#f6f5f2;color:#1a2428;{FONT}",
    "sheet": "max-width:560px;margin:0 auto;background-color:#ffffff;border:1px solid #dad9d3;border-radius:12px;",
    "head": f"padding:20px 28px;border-bottom:1px solid #dad9d3;font-size:16px;color:#4a585e;{FONT}",
    "main": f"padding:28px;font-size:17px;line-height:1.5;color:#1a2428;{FONT}",
    "title": f"margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600;color:#1a2428;{FONT}",
    "text": "margin:0 0 16px;",
    "act": "margin:24px 0 0;",
    "button": (
        "display:inline-block;padding:13px 22px;border-radius:8px;background-color:#0b5a72;color:#ffffff;"
        "font-weight:600;text-decoration:none;"
    ),
    "foot": f"padding:20px 28px;border-top:1px solid #dad9d3;font-size:15px;line-height:1.5;color:#4a585e;{FONT}",
    "quiet": "margin:0 0 8px;",
    "next": "margin:0 0 24px;padding:20px;border-radius:12px;background-color:#ddecf1;",
    "step": f"margin:0 0 16px;font-size:19px;line-height:1.3;font-weight:600;{FONT}",
    "group": f"margin:24px 0 8px;font-size:18px;line-height:1.3;font-weight:600;{FONT}",
    "list": "margin:0;padding:0 0 0 20px;",
    "row": "margin:0 0 8px;",
    "small": "font-size:15px;color:#4a585e;",
    "link": "color:#0b5a72;text-decoration:underline;",
}
"""By class of the templates in `templates/email/`; the dark colours stand in their style sheet."""

_CLASS = re.compile(r'class="(\w+)"')


def with_styles(html: str) -> str:
    """Return the layout with its styles beside its classes.

    Raises:
        KeyError: a class has no style.
    """
    return _CLASS.sub(lambda found: f'{found[0]} style="{STYLES[found[1]]}"', html)
