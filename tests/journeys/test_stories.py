"""The stories for which the platform exists, from the sign-in page to the PDF, with a real worker."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.documents import sent_files
from tests.documents.making import words_of
from tests.journeys.running import Person, Platform, is_saved
from tests.uploads.intake.test_assembly import rendered
from tests.waiting import LONG_PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]
Enter = Callable[..., Person]

SAID = "Žydrūnė įrašė mūsų žodžius: ąčęėįšųūž ĄČĘĖĮŠŲŪŽ, „kabutės“."
SAID_IN_BULGARIAN = "Прочетохме две обяви; щъркел, ѝ, съюз, № 7."
DIARY = ("What did we do?", "What did I learn?", "What will I do before the next session?")
DIARY_IN_BULGARIAN = ("Какво правихме?", "Какво научих?", "Какво ще направя до следващата сесия?")
MADE_WITHIN = LONG_PATIENCE * 1000  # milliseconds; the worker may have the library to make before


def write_diary(page: Page, words: str, mood: str, questions: Sequence[str]) -> None:
    """Answer the required questions of a diary and wait until they are saved."""
    page.get_by_label(mood, exact=True).check()
    for question in questions:
        page.get_by_label(question).fill(words)
    is_saved(page)


def opened(link: Locator) -> bytes:
    """Return the PDF behind a link, which opens in the browser."""
    answer = link.page.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-disposition"].startswith("inline;")
    return answer.body()


def cell(page: Page, group: int, tool: str) -> Locator:
    """Return the cell of a tool in the Manager's matrix."""
    return page.locator(f"table a.cell[href='/groups/{group}/checklist/{tool}/']")


def test_a_mentee_writes_a_diary_and_its_pdf_appears_in_the_folder(
    platform: Platform, enter: Enter, tmp_path: Path
) -> None:
    milda = enter("milda")
    page = milda.page
    expect(page.get_by_role("heading", name="Hello, Milda")).to_be_visible()

    page.get_by_role("link", name="Write the diary").click()
    page.get_by_label("Good", exact=True).click()  # the second click, and the diary has begun
    write_diary(page, SAID, "Good", DIARY)
    with platform.held_worker():
        page.get_by_role("button", name="Hand in the diary").click()
        page.wait_for_url(re.compile(r"/forms/\d+/(\?|$)"))
        page.get_by_role("link", name="My group").first.click()
        page.locator(f".places-grid a[href='/folders/{platform.at['stories']['managing_folder']}/']").click()
        making = page.locator("li", has_text="Making the PDF").filter(has_text="Milda Kazlauskaitė")
        expect(making).to_have_count(1)
        page.evaluate("window.isTheSamePage = true")
    expect(page.get_by_text("The PDF is ready.")).to_be_visible(timeout=MADE_WITHIN)
    assert page.evaluate("window.isTheSamePage")
    text = words_of(opened(page.locator(".rendering-state a").first))

    assert SAID in text
    assert "Milda Kazlauskaitė" in text
    enter("aino").finds_nothing_of(milda)


def test_a_diary_in_bulgarian_is_filed_in_the_programmes_language(
    platform: Platform, enter: Enter, tmp_path: Path
) -> None:
    elena = enter("elena")
    page = elena.page
    expect(page.locator("html")).to_have_attribute("lang", "bg")
    page.locator(f"main a[href='/sessions/{platform.at['stories']['session']}/diary/']").first.click()
    write_diary(page, SAID_IN_BULGARIAN, "Добре", DIARY_IN_BULGARIAN)
    page.locator("[data-hand-in]").click()
    page.wait_for_url(re.compile(r"/forms/\d+/(\?|$)"))
    link = page.locator(".rendering-state a")
    expect(link).to_be_visible(timeout=MADE_WITHIN)
    text = words_of(opened(link))

    assert SAID_IN_BULGARIAN in text
    assert "Елена Георгиева" in text
    for words in ("Diary of mentoring", "What did I learn?", "Good"):
        assert words in text
    enter("aino").finds_nothing_of(elena)


def test_a_mentor_files_a_photographed_contract_and_the_manager_sees_it(
    platform: Platform, enter: Enter, photos: list[Path], tmp_path: Path
) -> None:
    group = platform.at["stories"]["group"]
    egle = enter("egle")
    expect(cell(egle.page, group, "contract")).not_to_have_class(re.compile("cell-done"))

    rasa = enter("rasa")
    page = rasa.page
    page.get_by_role("link", name="Group “Žingsnis”").click()
    page.locator(f".places-grid a[href='/folders/{platform.at['stories']['managing_folder']}/']").click()
    page.get_by_role("link", name="Add a signed document").first.click()
    page.get_by_label("What is it?").select_option("Mentoring contract")
    page.get_by_label("Choose the PDF or the photos").set_input_files(photos)
    expect(page.get_by_text("All 3 files received")).to_be_visible()
    expect(page.locator(".page-card img")).to_have_count(3)
    for number in (1, 2):  # the last page was photographed first
        page.get_by_role("button", name=f"Page {number}: later").click()
        expect(page.locator(".page-card img").nth(number)).to_have_attribute("alt", f"Page {number + 1}: page 3.jpg")
    signers = page.get_by_role("group", name="Who has signed?").get_by_role("checkbox")
    expect(signers).to_have_count(5)
    for number in range(5):
        signers.nth(number).check()
    page.get_by_role("button", name="Create and file the PDF").click()
    expect(page.get_by_text("is filed: Managing folder")).to_be_visible(timeout=MADE_WITHIN)
    pdf = tmp_path / "contract.pdf"
    pdf.write_bytes(opened(page.get_by_role("link", name="Open the PDF")))

    for number in (1, 2, 3):
        assert sent_files.corners(rendered(pdf, number)) == list(sent_files.CORNERS), f"page {number} is not upright"
    page.goto(f"/groups/{group}/checklist/contract/")
    expect(page.locator("main")).to_contain_text("Done on")
    egle.page.reload()
    expect(cell(egle.page, group, "contract")).to_have_class(re.compile("cell-done"))
    enter("aino").finds_nothing_of(rasa)


def test_a_manager_waives_a_document_with_a_reason_and_takes_it_back(platform: Platform, enter: Enter) -> None:
    group, reason = platform.at["stories"]["group"], "They met before and know their goals."
    egle = enter("egle")
    page = egle.page
    before = cell(page, group, "group_goals").get_attribute("class")
    cell(page, group, "group_goals").click()
    page.get_by_role("link", name=re.compile("^Waive")).first.click()
    page.get_by_label("Why?").fill(reason)
    page.get_by_role("button", name="Waive it").click()
    expect(page.locator("main")).to_contain_text(reason)
    page.goto("/")
    expect(cell(page, group, "group_goals")).to_have_class(re.compile("cell-waived"))

    cell(page, group, "group_goals").click()
    page.get_by_role("button", name=re.compile("^Require again")).first.click()
    expect(page.locator("main")).not_to_contain_text(reason)
    page.goto("/")
    expect(cell(page, group, "group_goals")).to_have_class(str(before))
    enter("aino").finds_nothing_of(egle)


def test_a_mentee_finds_no_way_to_put_a_file_into_a_folder(platform: Platform, enter: Enter) -> None:
    tomas, here, there = enter("tomas"), platform.at["stories"], platform.at["pages"]
    page = tomas.page
    for folder in (here["managing_folder"], here["monitoring_folder"]):
        page.goto(f"/folders/{folder}/")
        expect(page.locator("input[type=file], a[href*='upload'], [data-drop-zone], [data-drop-to]")).to_have_count(0)
    for path in (f"/groups/{here['group']}/upload/", f"/groups/{here['group']}/upload/?tool=contract"):
        assert tomas.get(path).status == 404
    batch, photo = there["batch"]["pk"], there["page"]["pk"]
    sent_to = [f"/groups/{here['group']}/upload/", f"/uploads/{batch}/pages/", f"/uploads/{batch}/file/"]
    sent_to += [f"/uploads/pages/{photo}/move/", f"/folders/{here['managing_folder']}/"]
    answers = page.evaluate(
        """async paths => {
            const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
            const send = path => {
                const body = new FormData();
                body.append("csrfmiddlewaretoken", token);
                body.append("tool", "contract");
                body.append("files", new File(["%PDF-1.4"], "contract.pdf", {type: "application/pdf"}));
                return fetch(path, {method: "POST", body}).then(answer => answer.status);
            };
            return Promise.all(paths.map(send));
        }""",
        sent_to,
    )
    assert answers == [404, 404, 404, 404, 405]
    tomas.faults = [fault for fault in tomas.faults if "404" not in fault and "405" not in fault]
