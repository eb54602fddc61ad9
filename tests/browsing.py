"""What the tests in Chromium share: signed-in browsers, a silent console, axe."""

from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import User

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "static" / "build"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
BEST_PRACTICE = (*RULES, "best-practice")
WITHOUT_TRANSITIONS = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
    document.adoptedStyleSheets = [sheet];
}"""


def violations(page: Page, rules: tuple[str, ...] = RULES, kind: str = "tag") -> list[str]:
    """Return what axe finds on the page.

    Args:
        rules: names of rules, or of their tags.
        kind: `rule` or `tag`.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    page.evaluate("scrollTo(0, 0)")  # what lies under the bar at the top for the moment is no finding
    page.evaluate(WITHOUT_TRANSITIONS)  # a colour that is still fading in is no finding
    options = {"runOnly": {"type": kind, "values": rules}, "resultTypes": ["violations"]}
    # What axe found to be in order stays in the page: bringing it over was a third of the work.
    found = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    first = [(each, each["nodes"][0]) for each in found]
    return [f"{each['id']}, {node['html'][:160]}\n  {node['failureSummary']}" for each, node in first]


def settle(page: Page) -> None:
    """Wait until the page is loaded, its fonts are there, and what htmx asked for has come."""
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def sign_in(context: BrowserContext, user: User, address: str) -> None:
    """Let a browser be signed in as a person."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])


def listen(page: Page) -> list[str]:
    """Return the list in which errors of scripts, and what the console complains about, will stand."""
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    return noise
