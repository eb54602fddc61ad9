"""The Manager's first screen: what needs you today, then what is missing where."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policy.roles import Action, Stage
from home.filters import NO_MENTOR, Filters
from home.pages.matrix import PAGE_SIZE, STAGES, Matrix, Row, read
from home.pages.needs import needs_of
from mentoring.models import Programme
from mentoring.pages.messages import new_words
from mentoring.standing import Standing

if TYPE_CHECKING:
    pass

FIRST_NEEDS = 3
ALL_NEEDS = 20
"""So many are listed at most; what is late beyond them is found in the matrix."""

DENSE_FROM = 20
"""From so many groups on, rows are one line each, gathered by stage, the quiet ones folded."""

QUIET_NAMED = 12


@dataclass(slots=True)
class Section:
    """Rows of one stage; `folded` counts the quiet rows that are not shown."""

    title: str
    count: int
    rows: list[Row]
    folded: int = 0
    unfold: str = ""


def manager_context(standing: Standing, filters: Filters) -> dict[str, Any]:
    """Return what the Manager's screen shows."""
    matrix = read(standing, filters)
    if not matrix.overview.groups:
        return {"matrix": None, "opens_in": Programme.objects.allowing(standing, Action.OPEN_GROUP).open()}
    needs, needs_count = needs_of(standing, matrix, limit=ALL_NEEDS, detailed=FIRST_NEEDS)
    is_dense = matrix.overview.groups >= DENSE_FROM
    return {
        "matrix": matrix,
        "filters": filters,
        "totals": totals(matrix),
        "drafts": matrix.overview.drafts,
        "new_messages": new_words(matrix.overview.messages),
        "first_needs": needs[:FIRST_NEEDS],
        "other_needs": needs[FIRST_NEEDS:],
        "needs_count": needs_count,
        "unlisted_needs": needs_count - len(needs),
        "stages": stage_stations(matrix),
        "shows": show_filters(matrix),
        "is_dense": is_dense,
        "sections": sections_of(matrix, is_dense=is_dense),
        "quiet_words": quiet_words(matrix),
        "programmes": matrix.tools.programmes,
        "mentors": matrix.mentors,
        "no_mentor": NO_MENTOR,
        "all_query": filters.query(show="all", stage="", programme=None, mentor="", words=""),
        "export_query": filters.query()[1:],
        "pages": page_links(matrix),
    }


def totals(matrix: Matrix) -> str:
    """Return the size of what one manages: "12 groups, 47 Mentees, 11 Mentors in Steps to Work"."""
    groups, mentees, mentors = matrix.overview.groups, matrix.overview.mentees, matrix.overview.mentors
    words = ", ".join(
        [
            ngettext("%(n)d group", "%(n)d groups", groups) % {"n": groups},
            ngettext("%(n)d Mentee", "%(n)d Mentees", mentees) % {"n": mentees},
            ngettext("%(n)d Mentor", "%(n)d Mentors", mentors) % {"n": mentors},
        ]
    )
    titles = {title for _pk, title in matrix.tools.programmes}
    return (
        _("%(numbers)s in %(programme)s") % {"numbers": words, "programme": titles.pop()} if len(titles) == 1 else words
    )


def stage_stations(matrix: Matrix) -> list[dict[str, Any]]:
    """Return the road of stages with how many groups stand at each; choosing one again takes the filter back."""
    stations = []
    for stage in STAGES:
        count = matrix.overview.by_stage[stage]
        if stage == Stage.PAUSED and not count and matrix.filters.stage != stage:
            continue
        is_chosen = matrix.filters.stage == stage
        stations.append(
            {
                "title": stage.label,
                "count": count,
                "words": ngettext("%(n)d group", "%(n)d groups", count) % {"n": count},
                "url": matrix.filters.query(stage="" if is_chosen else stage.value),
                "is_chosen": is_chosen,
                "size": "none" if not count else "most" if count == max(matrix.overview.by_stage.values()) else "some",
            }
        )
    return stations


def show_filters(matrix: Matrix) -> list[dict[str, Any]]:
    """Return All, Late, Due this week, Waiting for me, each with its count."""
    words = {
        "all": (_("All"), ""),
        "late": (_("Late"), "exclamation-diamond-fill"),
        "due": (_("Due this week"), "clock"),
        "waiting": (_("Waiting for me"), "circle-half"),
    }
    return [
        {
            "label": label,
            "icon": icon,
            "count": matrix.overview.by_show[show],
            "url": matrix.filters.query(show=show),
            "is_chosen": matrix.filters.show == show,
        }
        for show, (label, icon) in words.items()
    ]


def sections_of(matrix: Matrix, *, is_dense: bool) -> list[Section]:
    """Return the rows in the sections of the table: one without a title, or one for each stage when there are many."""
    if not is_dense or matrix.overview.groups > PAGE_SIZE:
        return [Section("", len(matrix.shown), matrix.shown)]
    folds = not matrix.filters.quiet and not matrix.filters.words and matrix.filters.show == "all"
    sections = []
    for stage in STAGES:
        rows = [row for row in matrix.shown if row.stage == stage]
        if not rows:
            continue
        visible = [row for row in rows if not (folds and row.is_quiet)]
        folded = len(rows) - len(visible)
        unfold = matrix.filters.query(stage=stage.value, quiet=True) if folded else ""
        sections.append(Section(str(stage.label), len(rows), visible, folded, unfold))
    return sections


def quiet_words(matrix: Matrix) -> str:
    """Return the last line of the phone's list: where nothing is missing, by name while they are few."""
    quiet = [row.name for row in matrix.shown if row.is_quiet]
    if not quiet:
        return ""
    if len(quiet) > QUIET_NAMED:
        return _("Nothing is missing in %(count)d groups.") % {"count": len(quiet)}
    words = ngettext(
        "Nothing is missing in %(count)d group: %(names)s",
        "Nothing is missing in %(count)d groups: %(names)s",
        len(quiet),
    )
    return words % {"count": len(quiet), "names": ", ".join(sorted(quiet, key=str.casefold))}


def page_links(matrix: Matrix) -> dict[str, Any] | None:
    """Return the way through the pages, None when there is one."""
    if matrix.pages == 1:
        return None
    page, query = matrix.page, matrix.filters.query
    return {
        "number": page,
        "count": matrix.pages,
        "earlier": query(page=page - 1) if page > 1 else "",
        "later": query(page=page + 1) if page < matrix.pages else "",
    }
