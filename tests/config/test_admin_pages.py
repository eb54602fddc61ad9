"""The administration in a real browser: accessible, narrow enough, quiet under the policy, usable by hand."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Mail, User
from core.models import DomainEvent
from core.policy.roles import ProgrammeRole
from mentoring.models import Enrolment, Invitation, Organisation, Programme
from mentoring.services.invitations import invite
from tests.browsing import BEST_PRACTICE, listen, settle, sign_in, violations
from tests.cast import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def enter(context: BrowserContext, user: User, url: str) -> tuple[Page, list[str]]:
    """Return a page of a signed-in person, and the list of what its console complains about: it must stay empty."""
    sign_in(context, user, url)
    page = context.new_page()
    return page, listen(page)


@pytest.fixture
def addresses(world: World) -> dict[str, str]:
    """One page of every kind."""
    invitation = invite(
        programme=world.programme, email="new@example.org", role=ProgrammeRole.MANAGER, invited_by=world.cast.dana
    )
    LogEntry.objects.log_actions(world.cast.sofia.pk, [world.programme], CHANGE, "x", single_object=True)
    event = DomainEvent.objects.exclude(data={}).first()
    mentor = Enrolment.objects.get(user=world.cast.rasa)
    mail = Mail.objects.exclude(kind__startswith="notice").get()
    assert event
    empty = Organisation.objects.create(name="A school without programmes")
    pages = {
        "index": reverse("admin:index"),
        "invitation-add": reverse("admin:mentoring_invitation_add"),
        "organisation-add": reverse("admin:mentoring_organisation_add"),
        "programme-add": reverse("admin:mentoring_programme_add"),
        "enrolment-add": reverse("admin:mentoring_enrolment_add"),
        "programme-change": reverse("admin:mentoring_programme_change", args=[world.programme.pk]),
        "programme-history": reverse("admin:mentoring_programme_history", args=[world.programme.pk]),
        "programme-stays": reverse("admin:mentoring_programme_delete", args=[world.programme.pk]),
        "organisation-delete": reverse("admin:mentoring_organisation_delete", args=[empty.pk]),
        "group-change": reverse("admin:mentoring_mentoringgroup_change", args=[world.group.pk]),
        "invitation": reverse("admin:mentoring_invitation_change", args=[invitation.pk]),
        "enrolment": reverse("admin:mentoring_enrolment_change", args=[mentor.pk]),
        "enrolment-end": reverse("admin:mentoring_enrolment_end", args=[mentor.pk]),
        "person": reverse("admin:accounts_user_change", args=[world.cast.rasa.pk]),
        "event": reverse("admin:core_domainevent_change", args=[event.pk]),
        "e-mail": reverse("admin:accounts_mail_change", args=[mail.pk]),
        "pack": reverse("admin:mentoring_pack_change", args=[world.programme.pack_id]),
        "found": reverse("admin:mentoring_enrolment_changelist") + "?q=Rasa&role__exact=mentor",
        "nothing-found": reverse("admin:mentoring_enrolment_changelist") + "?q=zzz",
        "empty-list": reverse("admin:rendering_rendering_changelist"),
    }
    for name in ("mentoring_organisation", "mentoring_programme", "mentoring_mentoringgroup", "mentoring_invitation",
                 "mentoring_enrolment", "mentoring_pack", "accounts_user", "accounts_mail", "core_domainevent",
                 "tools_tool"):  # fmt: skip
        pages[f"list-{name.split('_')[1]}"] = reverse(f"admin:{name}_changelist")
    return pages


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_every_page_is_accessible_quiet_and_fits(
    browser: Browser, live_server: Any, world: World, addresses: dict[str, str], width: int, scheme: Any,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page, noise = enter(context, world.cast.sofia, live_server.url)
    pictures = request.config.getoption("--output", default="")
    problems: dict[str, Any] = {}
    for name, path in addresses.items():
        page.goto(live_server.url + path)
        settle(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if found := violations(page, BEST_PRACTICE) + ([f"scrolls sideways: {wide}"] if wide > 0 else []):
            problems[name] = found
        if pictures and "admin-pictures" in pictures:
            page.screenshot(path=f"{pictures}-{name}-{width}-{scheme}.png", full_page=True)
    context.close()
    assert problems == {}
    assert noise == []


def test_superuser_sets_up_a_programme_by_hand(browser: Browser, live_server: Any, pack: Any) -> None:  # noqa: ARG001 -- loads it
    root = User.objects.create_superuser("root@example.org", "x", full_name="Root Person")
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page, noise = enter(context, root, live_server.url)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Add an organisation").click()
    page.get_by_label("Name").fill("Dunav School")
    page.get_by_role("button", name="Save the organisation").click()
    page.get_by_role("link", name="Add a programme").click()
    expect(page.get_by_label("length of a group, in months")).to_have_value("10")
    page.get_by_label("Title").fill("Steps")
    page.get_by_label("Code").fill("stp")
    page.get_by_label("Starts on").fill("2026-09-01")
    page.get_by_label("Ends on").fill("2026-01-01")
    page.get_by_role("button", name="Save the programme").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Please check one answer")
    expect(page.get_by_label("Ends on")).to_be_focused()
    page.get_by_label("Ends on").fill("2027-06-30")
    page.get_by_role("button", name="Save the programme").click()
    page.get_by_role("link", name="Invite a Manager").first.click()
    expect(page.get_by_role("radio", name="Manager", exact=True)).to_be_checked()
    page.get_by_label("E-mail", exact=True).fill("mila@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation to mila@example.org is on its way.")).to_be_visible()
    assert Programme.objects.get().code == "STP"
    assert Invitation.objects.get().programme == Programme.objects.get()
    page.get_by_role("link", name=re.compile("mila")).click()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("no longer works")).to_be_visible()
    assert noise == []
    context.close()


def test_person_is_found_while_typing(browser: Browser, live_server: Any, world: World) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, noise = enter(context, world.cast.dana, live_server.url)
    page.goto(live_server.url + reverse("admin:mentoring_enrolment_add"))
    page.get_by_label("Who", exact=True).press_sequentially("Kazl")
    expect(page.locator("#people-found option")).to_have_count(1)
    assert page.locator("#people-found option").get_attribute("value") == "milda@example.org"
    page.get_by_label("Who", exact=True).fill("milda@example.org")
    page.get_by_role("radio", name="Mentor", exact=True).check()
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_text("Added: Milda Kazlauskaitė, Mentor.")).to_be_visible()
    assert noise == []
    context.close()


def test_language_and_way_out_are_on_every_page(browser: Browser, live_server: Any, world: World) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, _noise = enter(context, world.cast.dana, live_server.url)
    page.goto(f"{live_server.url}/admin/mentoring/enrolment/")
    page.get_by_role("contentinfo").get_by_role("button", name="Български").click()
    expect(page).to_have_url(re.compile("/admin/mentoring/enrolment/"))
    expect(page.locator("html")).to_have_attribute("lang", "bg")
    page.locator(".menu-own > summary").click()
    page.locator(".menu-own form button").last.click()
    page.goto(f"{live_server.url}/admin/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    context.close()
