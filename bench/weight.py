"""What a first visit weighs: everything that comes over the wire to an empty browser, as it comes."""

import os
import shutil
from typing import Any


def first_visit(address: str, path: str, cookies: dict[str, str], language: str) -> tuple[int, int]:
    """Return bytes and requests of a page, style sheets, scripts, pictures and fonts included."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only for tests and tools

    received: list[float] = []
    with sync_playwright() as playwright:
        executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        kept: list[Any] = [{"name": key, "value": value, "url": address} for key, value in cookies.items()]
        context.add_cookies([*kept, {"name": "django_language", "value": language, "url": address}])
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        page.goto(f"{address}{path}", wait_until="networkidle")
        browser.close()
    return round(sum(received)), len(received)
