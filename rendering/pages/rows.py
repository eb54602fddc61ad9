"""Documents on their way into a folder: their PDF is being made."""

from typing import Final

from core.policy.roles import Action
from documents import contributions
from documents.models import Folder
from documents.pages.rows import DocumentRow
from mentoring.standing import Standing
from rendering import kinds
from rendering.models import Rendering

MOST: Final = 20
SOME: Final = 200


def rows_for(folder: Folder, standing: Standing) -> list[DocumentRow]:
    """Return the rows of what the person may see of it, the newest first.

    Nearly always nothing is being made; who may see it is asked only of what is.
    """
    making = Rendering.objects.keys_in_the_making(folder, SOME)
    if not making:
        return []
    seen = Rendering.objects.allowing(standing, Action.VIEW).in_the_making(folder).among(making)
    renderings = list(seen[:MOST])
    words = kinds.describe(renderings, standing)
    return [
        DocumentRow(
            title=words[each.pk].title,
            url=words[each.pk].url,
            icon_name="hourglass-split",
            line=words[each.pk].line,
            rendering=each,
        )
        for each in renderings
        if each.pk in words
    ]


contributions.register_rows(rows_for)
