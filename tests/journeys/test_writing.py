"""Writing a diary in Chromium: what is typed is never lost and never overwritten."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from responses_app.models import FormResponse, FormState
from responses_app.services import start_form
from responses_app.services import submission as handing
from tests.browsing import violations
from tests.cast import World
from tests.documents.filled import diary_of, stored
from tests.pack_tools import tool
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEARNED = "What did I learn?"
DONE = "What did we do?"
SAVED = re.compile(r"Saved at \d\d:\d\d\.")


@pytest.fixture
def diary(world: World, monkeypatch: pytest.MonkeyPatch) -> FormResponse:
    """Milda's diary of a session that is over; no PDF is made here."""
    monkeypatch.setattr(handing, "request_form", lambda **_: None)
    return diary_of(world, world.cast.milda)


def open_diary(context: BrowserContext, diary: FormResponse) -> Page:
    """Open the writing page and wait until its script runs."""
    page = context.new_page()
    page.goto(f"/forms/{diary.pk}/edit/")
    expect(page.locator("form[data-ready]")).to_be_attached()
    return page


def state(page: Page) -> object:
    """Return the line that says what is safe."""
    return page.locator("[data-saved-text]")


def test_typing_is_saved_by_itself_and_survives_a_reload(diary, world, as_person):
    page = open_diary(as_person(world.cast.milda), diary)

    page.get_by_label(LEARNED).fill("Три години у дома не са празнина. Žydrūnė sutiko.")
    page.get_by_label("Good", exact=True).check()

    expect(state(page)).to_contain_text("2 of 6 questions answered.")
    expect(state(page)).to_have_text(re.compile(SAVED.pattern + r" 2 of 6 questions answered\."))
    diary.refresh_from_db()
    assert diary.answers == {"learned": "Три години у дома не са празнина. Žydrūnė sutiko.", "mood": 3}
    page.reload()
    expect(page.get_by_label(LEARNED)).to_have_value("Три години у дома не са празнина. Žydrūnė sutiko.")
    expect(page.get_by_label("Good", exact=True)).to_be_checked()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_reload_in_the_middle_of_a_word_loses_nothing(diary, world, as_person):
    page = open_diary(as_person(world.cast.milda), diary)
    page.route("**/save/", lambda route: route.abort())

    page.get_by_label(LEARNED).press_sequentially("half a sent")
    page.unroute("**/save/")
    page.reload()

    expect(page.get_by_label(LEARNED)).to_have_value("half a sent")
    expect(state(page)).to_have_text(SAVED)
    diary.refresh_from_db()
    assert diary.answers == {"learned": "half a sent"}


def test_offline_keeps_a_copy_and_sends_it_later(diary, world, as_person):
    context = as_person(world.cast.milda, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = open_diary(context, diary)

    context.set_offline(True)
    page.get_by_label(LEARNED).fill("Written in a train")

    expect(page.get_by_text("You are offline. Keep writing.")).to_be_visible()
    expect(state(page)).to_have_text(re.compile(r"Kept on this phone at \d\d:\d\d\. Not sent yet\."))
    expect(page.get_by_role("button", name="Hand in when online")).to_be_visible()
    assert violations(page) == []
    diary.refresh_from_db()
    assert diary.answers == {}

    context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    expect(page.get_by_text("You are offline. Keep writing.")).to_be_hidden()
    expect(page.get_by_role("button", name="Hand in the diary")).to_be_visible()
    diary.refresh_from_db()
    assert diary.answers == {"learned": "Written in a train"}


def test_handing_in_offline_happens_when_the_connection_is_back(diary, world, as_person):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    page.get_by_label("Good", exact=True).check()
    for label in (DONE, LEARNED, "What will I do before the next session?"):
        page.get_by_label(label).fill("Something")
    expect(state(page)).to_contain_text("4 of 6")

    context.set_offline(True)
    page.get_by_label(LEARNED).fill("Something else")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("It is handed in as soon as the connection is back.")).to_be_visible()

    context.set_offline(False)
    page.wait_for_url(re.compile(rf"/forms/{diary.pk}/$"))
    diary.refresh_from_db()
    assert diary.state == FormState.SUBMITTED
    assert diary.latest.answers["learned"] == "Something else"


def test_two_devices_never_overwrite_each_other(diary, world, as_person):
    one, other = (open_diary(as_person(world.cast.milda), diary) for _browser in range(2))

    one.get_by_label(LEARNED).fill("From the first window")
    expect(state(one)).to_have_text(SAVED)
    other.get_by_label(LEARNED).fill("From the second window")
    expect(other.get_by_text("You changed this somewhere else while you were writing.")).to_be_visible()
    expect(state(other)).to_contain_text("Not saved")
    diary.refresh_from_db()
    assert diary.answers == {"learned": "From the first window"}

    other.get_by_role("button", name="Compare the two").last.click()
    expect(other.get_by_role("heading", level=1)).to_have_text("You changed this somewhere else too")
    expect(other.get_by_text("From the first window")).to_be_visible()
    expect(other.get_by_text("From the second window", exact=True).last).to_be_visible()
    assert violations(other) == []
    other.get_by_label("Keep both, mine after the other").check()
    other.get_by_role("button", name="Save my choice").click()

    expect(other.get_by_label(LEARNED)).to_have_value("From the first window\n\nFrom the second window")
    other.reload()
    expect(other.get_by_label(LEARNED)).to_have_value("From the first window\n\nFrom the second window")
    assert other.evaluate("Object.keys(localStorage)") == []


def test_different_questions_on_two_devices_are_both_kept(diary, world, as_person):
    one, other = (open_diary(as_person(world.cast.milda), diary) for _browser in range(2))

    one.get_by_label(LEARNED).fill("First")
    expect(state(one)).to_have_text(SAVED)
    other.get_by_label(DONE).fill("Second")
    expect(state(other)).to_have_text(SAVED)

    diary.refresh_from_db()
    assert diary.answers == {"learned": "First", "done": "Second"}


def test_one_browser_writes_in_one_page_and_never_meets_itself(diary, world, as_person):
    context = as_person(world.cast.milda)
    one = open_diary(context, diary)
    one.route("**/save/", lambda route: route.abort())
    one.get_by_label(LEARNED).fill("Typed on a bad line")
    expect(one.get_by_text("You are offline. Keep writing.")).to_be_visible()

    other = open_diary(context, diary)
    expect(other.get_by_label(LEARNED)).to_have_value("Typed on a bad line")
    expect(state(other)).to_have_text(SAVED)
    expect(one.get_by_text("You went on writing in another tab.")).to_be_visible()
    assert one.locator("#writing").evaluate("form => form.inert")
    assert violations(one) == []
    with other.expect_response("**/save/"):
        other.get_by_label(LEARNED).fill("Typed on, in the new tab")
    one.unroute("**/save/")
    for event in ("offline", "online"):
        one.evaluate("name => window.dispatchEvent(new Event(name))", event)
    expect(one.get_by_text("You went on writing in another tab.")).to_be_visible()

    one.get_by_role("button", name="Continue here").first.click()
    expect(one.get_by_label(LEARNED)).to_have_value("Typed on, in the new tab")
    expect(other.get_by_text("You went on writing in another tab.")).to_be_visible()
    with one.expect_response("**/save/"):
        one.get_by_label(LEARNED).fill("And back again")
    expect(state(one)).to_have_text(SAVED)
    diary.refresh_from_db()
    assert diary.answers == {"learned": "And back again"}
    assert one.evaluate("Object.keys(localStorage)") == []


def test_a_kept_text_is_opened_again_and_goes_offline_again(diary, world, as_person):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    page.get_by_label(LEARNED).fill("Online")
    expect(state(page)).to_have_text(SAVED)
    for text in ("Online, then offline", "Online, then offline, twice"):
        context.set_offline(True)
        page.get_by_label(LEARNED).fill(text)
        expect(state(page)).to_contain_text("Not sent yet")
        page.close()
        context.set_offline(False)
        page = open_diary(context, diary)
        expect(page.get_by_label(LEARNED)).to_have_value(text)
        expect(state(page)).to_have_text(SAVED)
    context.set_offline(True)
    page.get_by_label(LEARNED).fill("The end")
    expect(state(page)).to_contain_text("Not sent yet")
    context.set_offline(False)
    until(lambda: stored(diary).answers == {"learned": "The end"})  # an earlier save may be answered first
    expect(state(page)).to_have_text(SAVED)
    until(lambda: page.evaluate("Object.keys(localStorage)") == [])


def test_what_is_kept_shows_the_time_of_the_platform(diary, world, as_person):
    """One clock and zone: the browser of a traveller is set to another, and runs two hours fast."""
    context = as_person(world.cast.milda, timezone_id="America/Los_Angeles")
    context.add_init_script("const real = Date.now; Date.now = () => real() + 7_200_000;")
    page = open_diary(context, diary)
    page.get_by_label(LEARNED).fill("Here")
    expect(state(page)).to_have_text(SAVED)
    saved = state(page).text_content()
    context.set_offline(True)
    page.get_by_label(LEARNED).fill("There")
    expect(state(page)).to_contain_text("Not sent yet")
    minutes = [int(h) * 60 + int(m) for h, m in re.findall(r"(\d\d):(\d\d)", f"{saved} {state(page).text_content()}")]
    assert (minutes[1] - minutes[0]) % 1440 <= 2


def test_the_queue_asks_for_required_answers_before_it_promises_anything(diary, world, as_person):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    context.set_offline(True)
    page.get_by_label(DONE).fill("Something")
    page.get_by_role("button", name="Hand in").click()

    note = page.locator("[data-note=unready]")
    expect(note).to_contain_text("Please answer these first. Nothing is lost.")
    expect(note.get_by_role("link", name=LEARNED)).to_be_visible()
    expect(page.get_by_text("It is handed in as soon as the connection is back.")).to_be_hidden()
    expect(page.locator(f"{note.get_by_role('link').first.get_attribute('href')} :focus")).to_have_count(1)
    expect(page.locator("#q-learned")).to_contain_text("Answer this question.")
    page.evaluate("scrollTo(0, 0)")  # axe measures links that a bar covers in part as too small
    assert violations(page) == []
    page.get_by_label("Good", exact=True).check()
    page.get_by_label(LEARNED).fill("Something")
    for question in ("#q-mood", "#q-learned"):
        expect(page.locator(question)).not_to_contain_text("Answer this question.")
    expect(page.locator("#q-next_steps")).to_contain_text("Answer this question.")
    assert page.locator("#q-learned [aria-invalid]").count() == 0
    context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    diary.refresh_from_db()
    assert diary.state == FormState.DRAFT


def test_nobody_is_led_off_the_page_without_a_connection(diary, world, as_person):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    context.set_offline(True)
    page.get_by_role("button", name="Finish later").click()

    # The note stands there before the press is answered; online again too early, the press itself would lead away.
    expect(page.locator("form[data-busy]")).to_have_count(0)
    expect(page.get_by_text("You can also close this page")).to_be_visible()
    assert page.url.endswith(f"/forms/{diary.pk}/edit/")
    context.set_offline(False)
    page.get_by_role("button", name="Finish later").click()
    page.wait_for_url(re.compile(r"/groups/"))


def test_what_was_handed_in_from_the_queue_can_be_changed(diary, world, as_person):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    context.set_offline(True)
    page.get_by_label("Good", exact=True).check()
    for label in (DONE, LEARNED, "What will I do before the next session?"):
        page.get_by_label(label).fill("Something")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("It is handed in as soon as the connection is back.")).to_be_visible()
    context.set_offline(False)
    page.wait_for_url(re.compile(rf"/forms/{diary.pk}/$"))

    page.get_by_role("button", name="Change it").click()
    expect(page.locator("form[data-ready]")).to_be_attached()
    expect(page.get_by_label(LEARNED)).to_have_value("Something")
    with page.expect_response("**/save/"):
        page.get_by_label(LEARNED).fill("Something better")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url(re.compile(rf"/forms/{diary.pk}/$"))
    diary.refresh_from_db()
    assert diary.latest.answers["learned"] == "Something better"
    assert page.evaluate("Object.keys(localStorage)") == []


def test_changes_are_discarded_and_brought_back(diary, world, as_person):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    page.get_by_label("Good", exact=True).check()
    for label in (DONE, LEARNED, "What will I do before the next session?"):
        page.get_by_label(label).fill("Something")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("form[data-ready]")).to_be_attached()
    page.get_by_label(LEARNED).fill("Not what I meant")
    page.get_by_role("button", name="Discard my changes").click()
    expect(page.get_by_text("Your changes were discarded.")).to_be_visible()
    expect(page.get_by_text("Not what I meant")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage)") == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label(LEARNED)).to_have_value("Not what I meant")
    assert violations(page) == []


def test_an_expired_session_keeps_the_text_and_goes_on_after_signing_in(diary, world, as_person, as_user, live_server):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    Session.objects.all().delete()
    cache.clear()

    page.get_by_label(LEARNED).fill("Typed after the session had ended")
    expect(page.get_by_text("You are signed out. Your text is kept on this device.")).to_be_visible()
    assert violations(page) == []
    assert page.get_by_role("link", name="Sign in again").last.get_attribute("target") == "_blank"

    key = as_user(world.cast.milda).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(state(page)).to_have_text(SAVED)
    diary.refresh_from_db()
    assert diary.answers == {"learned": "Typed after the session had ended"}


def test_somebody_else_signing_in_does_not_send_the_text_under_their_name(
    diary, world, as_person, as_user, live_server
):
    context = as_person(world.cast.milda)
    page = open_diary(context, diary)
    key = as_user(world.cast.tomas).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])

    page.get_by_label(LEARNED).fill("Milda's words")

    expect(page.get_by_text("This form no longer exists, or it is no longer yours.")).to_be_visible()
    diary.refresh_from_db()
    assert diary.answers == {}


def test_signing_out_leaves_nothing_on_the_device(diary, world, as_person):
    page = open_diary(as_person(world.cast.milda), diary)
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label(LEARNED).fill("Only for my group")
    expect(page.get_by_text("You are offline. Keep writing.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 1

    page.evaluate("document.querySelector('form[data-sign-out]').addEventListener('submit', e => e.preventDefault())")
    page.locator("details.menu-own > summary").click()
    page.get_by_role("button", name="Sign out").click()

    assert page.evaluate("Object.keys(localStorage)") == []


def test_the_diary_is_handed_in_and_read(diary, world, as_person):
    page = open_diary(as_person(world.cast.milda), diary)
    assert violations(page) == []

    page.get_by_role("button", name="Hand in the diary").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_contain_text("check 4 answers. Nothing you wrote is lost.")
    first = summary.get_by_role("link").first.get_attribute("href")
    expect(page.locator(first)).to_be_focused()
    page.evaluate("scrollTo(0, 0)")
    assert violations(page) == []
    page.get_by_label("Very good", exact=True).check()
    for label in (DONE, LEARNED, "What will I do before the next session?"):
        page.get_by_label(label).fill(f"Answer to {label}")
    page.get_by_role("button", name="Hand in the diary").click()

    page.wait_for_url(re.compile(rf"/forms/{diary.pk}/$"))
    expect(page.get_by_text(f"Answer to {LEARNED}")).to_be_visible()
    assert violations(page) == []
    mentor = as_person(world.cast.rasa).new_page()
    mentor.goto(f"/forms/{diary.pk}/")
    mentor.get_by_label("Your comment").fill("Well seen.")
    mentor.get_by_role("button", name="Add the comment").click()
    expect(mentor.locator(".comment")).to_contain_text("Well seen.")
    page.reload()
    expect(page.locator(".comment")).to_contain_text("Well seen.")
    expect(page.get_by_role("heading", name="Opened by")).to_be_visible()


def test_rows_are_added_removed_and_brought_back(world, as_person):
    form = start_form(group=world.group, tool=tool("personal_goals"), user=world.cast.milda)
    page = open_diary(as_person(world.cast.milda), form)
    goal = "What do I want to reach?"

    page.get_by_label(goal).fill("Find work")
    page.get_by_role("button", name="Add: Goal").click()
    expect(page.get_by_label(goal).nth(1)).to_be_focused()
    page.get_by_label(goal).nth(1).fill("Learn Finnish")
    page.get_by_label("By when?").nth(1).fill("31.11.2026")
    page.get_by_label("By when?").nth(1).press("Tab")
    expect(page.get_by_text("November has 30 days. Write the date like 30.11.2026.")).to_be_visible()
    page.get_by_label("By when?").nth(1).fill("30.11.2026")
    page.get_by_role("button", name="Remove Goal 1").click()
    expect(page.get_by_text("Goal 1 removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Remove Goal 1").click()
    expect(state(page)).to_have_text(SAVED)
    page.wait_for_function("() => !Object.keys(localStorage).length")

    page.reload()
    expect(page.get_by_label(goal)).to_have_count(1)
    expect(page.get_by_label(goal)).to_have_value("Learn Finnish")
    expect(page.get_by_label("By when?")).to_have_value("30.11.2026")
    assert violations(page) == []


def test_a_day_is_chosen_from_a_calendar_or_typed(world, as_person):
    form = start_form(group=world.group, tool=tool("personal_goals"), user=world.cast.milda)
    page = open_diary(as_person(world.cast.milda), form)
    day = page.get_by_label("By when?")
    day.fill("5.3.2027")
    page.evaluate("HTMLInputElement.prototype.showPicker = function () { window.opened = this.value; }")
    page.get_by_role("button", name="Choose from a calendar").click()
    assert page.evaluate("window.opened") == "2027-03-05"
    # As the browser's calendar does.
    page.locator("[data-day-pick]").evaluate(
        "pick => { pick.value = '2027-04-06'; pick.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    expect(day).to_have_value("06.04.2027")
    expect(day).to_be_focused()
    expect(state(page)).to_have_text(SAVED)
    page.reload()
    expect(day).to_have_value("06.04.2027")
    # A row that was added has its own.
    page.get_by_role("button", name="Add: Goal").click()
    expect(page.get_by_role("button", name="Choose from a calendar")).to_have_count(2)
    assert violations(page) == []


def test_without_scripts_rows_errors_and_handing_in_work(world, as_person, monkeypatch):
    monkeypatch.setattr(handing, "request_form", lambda **_: None)
    form = start_form(group=world.group, tool=tool("personal_goals"), user=world.cast.milda)
    page = as_person(world.cast.milda, java_script_enabled=False).new_page()
    page.goto(f"/forms/{form.pk}/edit/")
    goal = "What do I want to reach?"

    page.get_by_label(goal).fill("Find work")
    page.get_by_role("button", name="Add: Goal").click()
    expect(page.get_by_label(goal)).to_have_count(2)
    page.get_by_label(goal).nth(1).fill("Learn Finnish")
    page.get_by_label("By when?").nth(1).fill("32.13.2026")
    page.get_by_role("button", name="Remove Goal 1").click()
    expect(page.get_by_label(goal)).to_have_count(1)
    expect(page.get_by_label("By when?")).to_have_value("32.13.2026")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label(goal)).to_have_count(2)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("A year has 12 months.")).to_be_visible()
    expect(page.get_by_label(goal).first).to_have_value("Find work")


def test_every_kind_of_question_passes_axe_at_320_pixels(world, as_person):
    context = as_person(world.cast.milda, viewport={"width": 320, "height": 700})
    for key in ("mentee_profile", "personal_goals", "initial_questionnaire"):
        page = open_diary(context, start_form(group=world.group, tool=tool(key), user=world.cast.milda))
        # As high as the page, so that the bar at the bottom of the window cuts no target in two.
        page.set_viewport_size({"width": 320, "height": page.evaluate("document.documentElement.scrollHeight")})
        assert violations(page) == [], key
        assert page.evaluate("document.documentElement.scrollWidth") == 320, key
