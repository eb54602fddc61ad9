"""What the pages of a group space show: where the group is, its places, the pages of its pack."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from core.days import programme_day
from core.markdown import to_html
from core.policy.roles import ROAD, Role, Stage
from core.templatetags.ui import day_month
from core.texts import shown
from core.web.http import SignedInRequest, address
from mentoring.models import MentoringGroup
from mentoring.navigation import OWN_PAGES, GroupItem, outlook_of, places_of
from mentoring.services.stages import missing_for
from mentoring.standing import Standing

HOW_TO = "how-to"


def own_places(request: SignedInRequest, group: MentoringGroup, role: Role | None) -> Iterable[GroupItem]:  # noqa: ARG001 -- a provider
    """Name the overview, the people and the how-to page."""
    if role is None:
        return
    yield GroupItem("overview", _("Overview"), address("mentoring:group-detail", group.pk), "compass", 0)
    yield GroupItem("people", _("People"), address("mentoring:member-list", group.pk), "people", 3)
    yield GroupItem(
        HOW_TO,
        _("How to use this space"),
        address("mentoring:page-detail", group.pk, HOW_TO),
        "signpost-2",
        10,
        summary=_("Who does what, and where each document goes"),
    )


def group_context(request: SignedInRequest, group: MentoringGroup) -> dict[str, Any]:
    """Return what the overview of a group shows to this person."""
    places = places_of(request, group)
    role = request.standing.role_in(group.pk)
    return {
        "group": group,
        "faces": [(each.user, each.role, each.get_role_display()) for each in group.live_memberships],  # type: ignore[attr-defined]
        "entry_words": entry_words(len(group.live_memberships)),  # type: ignore[attr-defined]
        "stages": stage_stations(group),
        "outlook": outlook_of(group),
        "pause": _pause(group, role),
        "shortcuts": [place for place in places if 0 < place.order < OWN_PAGES and place.key != "people"],
        "places": grid_of(places),
        "search_fields": [("group", group.pk)],
        "may_manage": role == Role.MANAGER,
        "is_mentee": role == Role.MENTEE,
        "may_change": role in {Role.MANAGER, Role.MENTOR} and group.accepts_work,
    }


_SO_MANY_PEOPLE: Final = {
    2: pgettext_lazy("people", "two"),
    3: pgettext_lazy("people", "three"),
    4: pgettext_lazy("people", "four"),
    5: pgettext_lazy("people", "five"),
    6: pgettext_lazy("people", "six"),
    7: pgettext_lazy("people", "seven"),
    8: pgettext_lazy("people", "eight"),
    9: pgettext_lazy("people", "nine"),
    10: pgettext_lazy("people", "ten"),
}


def entry_words(count: int) -> str:
    """Return who can enter the space; up to ten people are counted in words."""
    if count < 2:  # noqa: PLR2004 -- one person
        return _("Only you can enter this space.")
    return _("Only the %(number)s of you can enter this space.") % {"number": _SO_MANY_PEOPLE.get(count, count)}


def grid_of(places: Iterable[GroupItem]) -> list[dict[str, Any]]:
    """Return the places of the old platform, each with the folders that stand under it."""
    grid: list[dict[str, Any]] = []
    for place in places:
        if place.order < OWN_PAGES:
            continue
        if place.indent and grid:
            grid[-1]["folders"].append(place)
        else:
            grid.append({"place": place, "folders": []})
    return grid


def stage_stations(group: MentoringGroup) -> list[dict[str, str]]:
    """Return the road of stages with the day of each; a side exit stands in place of the ring."""
    days = {change.to_stage: change.changed_at for change in group.stage_changes.all()}
    is_aside = group.stage not in ROAD
    current = Stage(group.stage) if not is_aside else _stage_left(group)
    here = ROAD.index(current)
    stations = []
    for number, stage in enumerate(ROAD):
        state = "done" if number < here or current == ROAD[-1] else "now" if number == here else "later"
        station = {"title": _stage_title(stage, state), "state": state, "line": "", "url": "", "chip_text": ""}
        if number == here and stage != ROAD[-1]:
            station["line"] = _now_line(group)
        elif number <= here and stage in days:
            station["line"] = day_month(programme_day(days[stage]))
        elif stage == Stage.CLOSING:
            station["line"] = day_month(group.ends_on)
        if is_aside and number == here:
            paused = group.stage == Stage.PAUSED
            station |= {"chip_state": "paused" if paused else "waived", "chip_text": str(group.get_stage_display())}
            station["line"] = group.end_reason
        if stage == Stage.CONTRACTED and state == "done" and (lost := _what_it_lost(group)):
            station |= {"state": "later", "chip_state": "check", "chip_text": _("Not complete now")}
            station["line"] = f"{station['line']}. {lost}".removeprefix(". ")
        stations.append(station)
    return stations


def _what_it_lost(group: MentoringGroup) -> str:
    """Return what the contract misses again since the group went past it; what it went on without is not missed."""
    if group.is_read_only or any(change.waived_gates for change in group.stage_changes.all()):
        return ""
    return " ".join(each.sentence for each in missing_for(group, Stage.CONTRACTED))


def _pause(group: MentoringGroup, role: Role | None) -> dict[str, str] | None:
    """Return since when a group is paused, and for its Manager why; None while it is not."""
    if group.stage != Stage.PAUSED:
        return None
    paused = [change for change in group.stage_changes.all() if change.to_stage == Stage.PAUSED]
    if not paused:
        return None
    reason = paused[-1].reason if role == Role.MANAGER else ""
    return {"since": day_month(programme_day(paused[-1].changed_at)), "reason": reason}


def _stage_left(group: MentoringGroup) -> Stage:
    """Return the stage from which a group was paused or ended early."""
    if group.paused_from in ROAD:
        return Stage(group.paused_from)
    last = [change.from_stage for change in group.stage_changes.all() if change.from_stage in ROAD]
    return Stage(last[-1]) if last else Stage.FORMING


def _stage_title(stage: Stage, state: str) -> str:
    return _("Formed") if stage == Stage.FORMING and state == "done" else str(stage.label)


def _now_line(group: MentoringGroup) -> str:
    progress = outlook_of(group).progress
    return _("Now, %(progress)s") % {"progress": progress} if progress else _("Now")


def page_context(standing: Standing, group: MentoringGroup, key: str) -> dict[str, Any] | None:
    """Return a page of the group's pack, the part of one's own role first; None when the pack has no such page."""
    page = group.programme.pack.pages.get(key)
    if page is None:
        return None
    role = standing.role_in(group.pk)
    sections = []
    for section in page.get("sections", []):
        body = shown(section["body"])
        roles = section.get("roles") or []
        sections.append(
            {
                "key": section["key"],
                "title": shown(section["title"]),
                "language": body.language,
                "is_fallback": body.is_fallback,
                "html": to_html(body.text),
                "is_mine": role is not None and role.value in roles,
                "is_others": bool(roles) and (role is None or role.value not in roles),
            }
        )
    return {
        "group": group,
        "key": key,
        "title": shown(page["title"]),
        "sections": [each for each in sections if not each["is_others"]],
        "others": [each for each in sections if each["is_others"]],
        "has_fallback": any(each["is_fallback"] for each in sections),
        "has_glossary": bool(group.programme.pack.glossary.get("terms")),
    }


def glossary_context(group: MentoringGroup) -> dict[str, Any]:
    """Return the words of the programme in the order of the reader's alphabet."""
    terms = [
        {
            "key": each["key"],
            "term": shown(each["term"]),
            "definition": shown(each["definition"]),
            "see": each.get("see", []),
        }
        for each in group.programme.pack.glossary.get("terms", [])
    ]
    names = {each["key"]: each["term"] for each in terms}
    for each in terms:
        each["see"] = [{"key": key, "term": names[key]} for key in each["see"] if key in names]
    terms.sort(key=lambda each: str(each["term"]).casefold())
    return {
        "group": group,
        "terms": terms,
        "has_fallback": any(each["term"].is_fallback or each["definition"].is_fallback for each in terms),
        "language": get_language(),
    }
