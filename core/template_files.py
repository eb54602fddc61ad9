"""How our templates are read from their files."""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    """Read pages without the indentation of their lines: it is for whoever writes them and weighs a fifth of a page.

    Lines stay lines, so that errors name the right one. What a page shows is never touched, only the template itself.
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the text of a template."""
        contents = super().get_contents(origin)
        return INDENTATION.sub("\n", contents) if str(origin.name).endswith(".html") else contents
