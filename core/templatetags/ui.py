"""Small parts of pages: icons, chips, faces, dates in the voice of the product. Nothing here queries."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_in_words
from django.utils.dateformat import time_format as time_in_words
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from core.days import programme_day, programme_today, shown_twice
from core.texts import within
from core.web import once
from core.web.way_back import FIELD, Way, came_from, way_back
from core.zones import zone_where_it_differs

register = template.Library()

CHIP_ICONS = {
    "done": "check-circle-fill",
    "now": "record-circle",
    "due": "clock",
    "later": "clock",
    "late": "exclamation-diamond-fill",
    "waiting": "circle-half",
    "returned": "arrow-counterclockwise",
    "draft": "pencil",
    "waived": "dash-circle-dotted",
    "planned": "circle",
    "check": "exclamation-triangle",
    "paused": "pause-circle",
}
"""The states of the look and their shapes; a chip of another state is a mistake and raises KeyError."""

CHIP_STYLES = {"paused": "draft"}
EMPTY = SafeString("")
MENU = """<details class="menu"{}>
<summary class="btn btn-icon">{}</summary>
<div class="menu-list"><ul>{}</ul></div>
</details>"""
MENU_FETCH = ' hx-get="{}" hx-trigger="toggle once" hx-target="find ul" hx-swap="beforeend"'

DUE_SOON_DAYS = 7
"""A date nearer than this is tinted; further ones stay plain, otherwise everything glows."""

CAPITAL_MONTHS = ("en", "de", None)
"""Languages that write months and weekdays with a capital; Django's own names have one in most languages."""

DAY_STYLES = {
    "day": (pgettext_lazy("date format", "l j E"), pgettext_lazy("date format", "l j E Y")),
    "day_short": (pgettext_lazy("date format", "D j M"), pgettext_lazy("date format", "D j M Y")),
    "day_month": (pgettext_lazy("date format", "j E"), pgettext_lazy("date format", "j E Y")),
    "day_month_short": (pgettext_lazy("date format", "j M"), pgettext_lazy("date format", "j M Y")),
}
"""How a day is written: without and with its year."""

ROLES_WITH_TINT = ("mentor", "manager")


# Icons, chips, faces


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, label: str, css: str) -> SafeString:
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" width="20" height="20" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            classes,
            label,
            sprite,
            name,
        )
    return format_html(
        '<svg class="{}" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        sprite,
        name,
    )


@lru_cache(maxsize=1)
def _sprite() -> str:
    """Return the address of the icons: the same for the life of the process, and asked for on every row."""
    return static("build/sprite.svg")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon of `frontend/icons.txt`; with `label` it is spoken, without it is decoration beside a word."""
    return _icon(_sprite(), name, str(label), css)


@register.simple_tag
def chip(state: str, text: str) -> SafeString:
    """Draw a state as shape, word and colour, nothing without a word; `state` is a key of `CHIP_ICONS`."""
    return _chip(state, text if isinstance(text, SafeString) else str(text), _sprite()) if text else EMPTY


@lru_cache(maxsize=1024, typed=True)  # what is safe already is another text than the same letters that are not
def _chip(state: str, text: str, sprite: str) -> SafeString:
    style, shape = CHIP_STYLES.get(state, state), _icon(sprite, CHIP_ICONS[state], "", "")
    return format_html('<span class="chip chip-{}">{}{}</span>', style, shape, text)


@register.simple_tag
def menu_items(items: Iterable[Mapping[str, str]]) -> SafeString:
    """Draw the entries of a menu; each has `url`, `label` and, if it likes, `icon`."""
    return SafeString(
        "\n".join(
            f'<li><a href="{conditional_escape(each["url"])}">{icon(each["icon"]) if each.get("icon") else EMPTY}'
            f"{conditional_escape(each['label'])}</a></li>"
            for each in items
        )
    )


@register.simple_tag
def more(label: str, items: Iterable[Mapping[str, str]], more_url: str = "") -> SafeString:
    """Draw the further acts of a row behind three dots.

    Args:
        label: what a screen reader says.
        more_url: where the rest of them comes from when the menu is opened; without scripts the page that one of the
            items leads to has them all.
    """
    fetch = format_html(MENU_FETCH, more_url) if more_url else EMPTY
    return format_html(MENU, fetch, icon("three-dots", label=label), menu_items(items))


@register.simple_tag
def chip_icon(state: str) -> SafeString:
    """Draw only the shape of a state, for a matrix cell that says the word itself."""
    return icon(CHIP_ICONS[state])


@register.simple_tag
def due_chip(due: dt.date | None) -> SafeString:
    """Draw a due date: late, due within a week, or plain when it is further away. Draws nothing without a date."""
    return chip(*due_state(due))


@register.simple_tag
def avatar(person: Any, size: str = "m", role: str = "") -> SafeString:
    """Draw a person's picture or initials, as decoration beside the name. `size` is s, m or l."""
    if picture := getattr(person, "portrait_url", ""):
        return format_html('<img class="avatar avatar-{}" src="{}" alt="" loading="lazy">', size, picture)
    tint = role.lower() if role.lower() in ROLES_WITH_TINT else ""
    classes = f"avatar-{size} avatar-{tint}" if tint else f"avatar-{size}"
    return format_html('<span class="avatar {}" aria-hidden="true">{}</span>', classes, initials(person))


@register.filter
def initials(person: Any) -> str:
    """Return the first letters of the first and the last name, also in Cyrillic: "Milda Kazlauskaitė" → "MK"."""
    words = _name_of(person).split()
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()


def _name_of(person: Any) -> str:
    if hasattr(person, "get_full_name"):
        return str(person.get_full_name())
    return str(getattr(person, "name", person))


# Languages


@register.simple_tag
def own_language_names() -> tuple[tuple[str, str], ...]:
    """Return the languages of the interface as code and name, each name in its own language."""
    return _own_language_names(tuple(code for code, _name in settings.LANGUAGES))


@lru_cache(maxsize=8)
def _own_language_names(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code, capfirst(get_language_info(code)["name_local"])) for code in codes)


# Dates and times


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day_of(value: dt.date) -> dt.date:
    value = _local(value)
    return value.date() if isinstance(value, dt.datetime) else value


@lru_cache(maxsize=4096)
def _in_words(value: dt.date, style: str, language: str | None, *, with_year: bool) -> str:
    """Return a day in words. They are remembered by language, so `language` must be the active one."""
    words = date_in_words(value, str(DAY_STYLES[style][with_year]))
    return words if language in CAPITAL_MONTHS else words.lower()


def _day_in_words(value: dt.date | None, style: str) -> str:
    """Return a day in a style of `DAY_STYLES`, with the year when it is not this year's; nothing without a day."""
    if not value:
        return ""
    local_day = _day_of(value)
    is_this_year = local_day.year == timezone.localdate().year
    return _in_words(local_day, style, get_language(), with_year=not is_this_year)


@register.filter("within")
def within_sentence(name: Any) -> str:
    """Return the name of a role as it stands within a sentence."""
    return within(name)


@register.filter
def day(value: dt.date | None) -> str:
    """Thursday 19 November; with the year when it is not this year's."""
    return _day_in_words(value, "day")


@register.filter
def day_short(value: dt.date | None) -> str:
    """Thu 19 Nov."""
    return _day_in_words(value, "day_short")


@register.filter
def day_month(value: dt.date | None) -> str:
    """19 November."""
    return _day_in_words(value, "day_month")


@register.filter
def day_month_until(start: dt.date, end: dt.date) -> str:
    """Return the first day of a period, with its year where the last day is of another: nothing runs backwards."""
    if _day_of(start).year == _day_of(end).year:
        return day_month(start)
    return _in_words(_day_of(start), "day_month", get_language(), with_year=True)


@register.filter
def day_month_short(value: dt.date | None) -> str:
    """19 Nov."""
    return _day_in_words(value, "day_month_short")


@register.filter
def programmes_day(value: dt.datetime | None) -> dt.date | None:
    """Return the programme's day of a fact that is told without an hour: it is the same for every reader."""
    return programme_day(value) if value else None


@lru_cache(maxsize=2048)
def _time_in_words(value: dt.time, style: str, language: str | None) -> str:  # noqa: ARG001 -- words differ by language
    return time_in_words(value, style)


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """21:42; in the hour that a change of the clocks shows twice, which of the two: 03:30 EET."""
    if value is None:
        return ""
    style, language = pgettext("time format", "H:i"), get_language()
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
        return _time_in_words(value.time(), style, language) + shown_twice(value)
    return time_in_words(value, style)


@register.filter
def day_clock(value: dt.datetime | None) -> str:
    """Thursday 3 December, 17:30."""
    if not value:
        return ""
    return _("%(day)s, %(time)s") % {"day": day(value), "time": clock(value)}


@register.filter
def clock_here(value: dt.datetime | None) -> str:
    """17:30; for who reads another clock than the programme's 16:30 (Madrid)."""
    if not value:
        return ""
    city = zone_where_it_differs(value)
    return f"{clock(value)} ({city})" if city else clock(value)


@register.filter
def day_clock_here(value: dt.datetime | None) -> str:
    """Thursday 3 December, 17:30; for who reads another clock than the programme's 16:30 (Madrid)."""
    if not value:
        return ""
    return _("%(day)s, %(time)s") % {"day": day(value), "time": clock_here(value)}


def due_state(
    due: dt.date | None, *, today: dt.date | None = None, is_short: bool = False, with_year: bool = False
) -> tuple[str, str]:
    """Return state and words of what is due on a day; both are empty without a day.

    Late: "9 days late". Due within a week: "Due today", "Due tomorrow", "Due Tuesday 24 November". Later: "Due 7 Dec".

    Args:
        today: the person's day when None.
        is_short: "Due 24 Nov" also within the week, for cells of a table.
        with_year: "Due 24 Nov 2026", for a short one that is read anywhere and at any time.
    """
    if not due:
        return "", ""
    days = (_day_of(due) - (today or programme_today())).days
    if days < 0:
        return "late", ngettext("%(count)d day late", "%(count)d days late", -days) % {"count": -days}
    if days > DUE_SOON_DAYS or is_short:
        short = _in_words(_day_of(due), "day_month_short", get_language(), with_year=True) if with_year else None
        words = _("Due %(day)s") % {"day": short or day_month_short(due)}
        return ("later" if days > DUE_SOON_DAYS else "due"), words
    soon = {0: _("Due today"), 1: _("Due tomorrow")}.get(days)
    return "due", soon or _("Due %(day)s") % {"day": day(due)}


def late_by(value: dt.date | None) -> str:
    """9 days late; nothing when it is not late."""
    state, words = due_state(value)
    return words if state == "late" else ""


@register.filter
def until(value: dt.datetime | None) -> str:
    """In 10 minutes, in 3 hours, tomorrow, in 5 days; "now" once it has begun."""
    if not value:
        return ""
    seconds = int((value - timezone.now()).total_seconds())
    if seconds < 60:
        return _("now")
    minutes = seconds // 60
    if minutes < 60:
        return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
    days = (_day_of(value) - timezone.localdate()).days
    if days == 0:
        hours = minutes // 60
        return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}


@register.filter
def since(value: dt.date | None) -> str:
    """A minute ago, at 14:05 (today), yesterday, on 12 November."""
    if not value:
        return ""
    days = (timezone.localdate() - _day_of(value)).days
    if days == 0 and isinstance(value, dt.datetime):
        minutes = int((timezone.now() - value).total_seconds()) // 60
        if minutes < 1:
            return _("just now")
        if minutes < 60:
            return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
        return _("today at %(time)s") % {"time": clock_here(value)}
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return _("on %(day)s") % {"day": day_month(value)}


# Forms and messages


@register.filter
def has_passwords(form: BaseForm) -> bool:
    """Return whether passwords are typed into a form: they are not kept when it comes back."""
    return any(getattr(field.field.widget, "input_type", "") == "password" for field in form.visible_fields())


@register.filter
def has_only_passwords(form: BaseForm) -> bool:
    """Return whether nothing else is typed into a form."""
    return all(getattr(field.field.widget, "input_type", "") == "password" for field in form.visible_fields())


@register.filter
def widget_kind(field: BoundField) -> str:
    """Say how a field is laid out: choices, checkbox, password or plain."""
    widget = field.field.widget
    if field.use_fieldset:
        return "fieldset"
    input_type = getattr(widget, "input_type", "")
    return input_type if input_type in {"checkbox", "password"} else "plain"


@register.filter
def toast_parts(message: Message) -> dict[str, str]:
    """Return link, undo and icon of a message told by `core.web.toasts.tell`; nothing for any other message."""
    try:
        parts = json.loads(message.extra_tags or "{}")
    except ValueError:
        return {}
    return parts if isinstance(parts, dict) else {}


@register.simple_tag
def once_key() -> str:
    """Return a hidden field with a one-time key: a double click on "create" makes one object."""
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', once.FIELD, once.new_key())


@register.simple_tag(takes_context=True)
def back_to(context: template.Context, url: str, label: str = "") -> Way:
    """Return where the person came from; else `url`, called `label`."""
    request = getattr(context, "request", None)  # `only` leaves the request itself
    return way_back(request, url, label) if request else Way(url, label)


@register.simple_tag(takes_context=True)
def back_field(context: template.Context) -> SafeString:
    """Return the hidden field with which a form carries on where the person came from; nothing when it is unknown."""
    request = getattr(context, "request", None)
    way = came_from(request) if request else None
    if way is None:
        return SafeString("")
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, way.url)
