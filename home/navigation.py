"""The places of the bar by role, the entries of the own menu and the programme's name; only what works is named."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.policy.roles import Role
from core.web import navigation
from core.web.http import address
from core.web.navigation import Brand, NavigationItem
from core.web.way_back import register_places
from home.screens import ADMIN, newest_group_as, programmes_of, running_groups_as, screen_of, screens_of
from mentoring.pages.space import HOW_TO
from mentoring.standing import Standing

GROUP_PAGES = ("mentoring:", "documents:", "sessions:")


def places_of(request: HttpRequest) -> Iterator[NavigationItem]:
    """Name the places of this person, by the role they look through now."""
    if not request.user.is_authenticated:
        return
    standing, screen = request.standing, screen_of(request)  # type: ignore[attr-defined]
    yield NavigationItem(
        _("Home"),
        address("home:first-screen"),
        "house",
        filled_icon="house-fill",
        order=0,
        covers=("home:first-screen", "home:draft-list"),
    )
    if screen in {Role.MENTEE.value, Role.MENTOR.value}:
        yield from _member_places(standing, screen)
    elif screen == Role.MANAGER.value:
        yield _group_list(_("Groups"))
    if screen in {Role.MANAGER.value, ADMIN} and standing.seats:
        yield NavigationItem(
            _("People"), address("mentoring:people-list"), "person-lines-fill",
            covers=("mentoring:people-", "mentoring:invitation-"), order=30,
        )  # fmt: skip
    yield NavigationItem(_("Your profile"), address("accounts:profile-edit"), "person", area="menu", order=10)
    if standing.roles & set(Role.values):
        yield NavigationItem(
            _("Messages"), address("mentoring:message-inbox"), "chat-dots", covers=("mentoring:message-inbox",),
            area="menu", order=15,
        )  # fmt: skip
        yield NavigationItem(_("Drafts"), address("home:draft-list"), "pencil", area="menu", order=20)
    if ADMIN in screens_of(standing):
        yield NavigationItem(_("Administration"), address("admin:index"), "gear", area="menu", order=90)
    yield from _footer_places(standing, screen)


def _footer_places(standing: Standing, screen: str) -> Iterator[NavigationItem]:
    """Name the how-to page of one's group, and the page on which a document is checked."""
    if screen in Role.values and (group := newest_group_as(standing, screen)) is not None:
        url = address("mentoring:page-detail", group, HOW_TO)
        yield NavigationItem(_("How to use this space"), url, "signpost-2", area="footer", order=10)
    yield NavigationItem(
        _("Check a document"), address("documents:document-check"), "shield-check", area="footer", order=20
    )


def _group_list(label: str) -> NavigationItem:
    return NavigationItem(
        label, address("mentoring:group-list"), "people", short_label=pgettext("tab", "Groups"),
        filled_icon="people-fill", covers=GROUP_PAGES, order=10,
    )  # fmt: skip


def _member_places(standing: Standing, screen: str) -> Iterator[NavigationItem]:
    """Name what a Mentor or Mentee has: the group or the groups, templates, diaries."""
    group = newest_group_as(standing, screen)
    if group is None:
        return
    has_several = running_groups_as(standing, screen) > 1
    if has_several:
        yield _group_list(_("My groups"))
    else:
        yield NavigationItem(
            _("My group"), address("mentoring:group-detail", group), "people", filled_icon="people-fill",
            short_label=pgettext("tab", "Group"), covers=GROUP_PAGES, order=10,
        )  # fmt: skip
    if screen == Role.MENTOR.value:
        yield NavigationItem(
            _("Templates"), address("rendering:library-detail", group), "file-earmark-arrow-down",
            filled_icon="file-earmark-arrow-down-fill", short_label=pgettext("tab", "Templates"),
            covers=("rendering:library-",), order=20,
        )  # fmt: skip
    if not has_several or screen == Role.MENTEE.value:
        label = _("Diary") if screen == Role.MENTEE.value else _("Diaries")
        yield NavigationItem(
            label, address("sessions:diary-list", group), "journal-text",
            short_label=pgettext("tab", "Diary"), covers=("sessions:diary-",), order=30,
        )  # fmt: skip


def brand_of(request: HttpRequest) -> Brand | None:
    """Return the one programme of this person; with several the product's name and the organisation they share."""
    if not request.user.is_authenticated:
        return None
    seats = list(programmes_of(request.standing).values())  # type: ignore[attr-defined]
    if len(seats) == 1:
        return Brand(seats[0].title, seats[0].season, seats[0].organisation)
    organisations = {seat.organisation for seat in seats}
    return Brand("Open e-Mentoring", organisation=organisations.pop()) if len(organisations) == 1 else None


navigation.register(places_of)
register_places(
    {
        "home:first-screen": gettext_lazy("Home"),
        "home:draft-list": gettext_lazy("Drafts"),
        "home:search-results": gettext_lazy("Search"),
    }
)
navigation.register_brand(brand_of)
