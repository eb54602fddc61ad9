"""Write every page type, for every role, in two widths and two languages, to var/screenshots/.

    python scripts/screenshots.py [--only NAME] [--role ROLE] [--width 390] [--language bg] [--fresh]

A demo platform of its own is started for it and kept between runs in var/screenshots/world. Each page is also looked
at by axe, and measured for sideways scrolling; what is found is printed and gives the exit status.
"""

import argparse
import contextlib
import html
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = Path(os.environ.get("OPEN_MENTORING_VAR") or ROOT / "var").absolute() / "screenshots"
WORLD = OUT / "world"
os.environ["OPEN_MENTORING_VAR"] = str(WORLD)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DEMO_ALLOWED"] = "1"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in this thread
sys.path.insert(0, str(ROOT))

from scripts.screenshot_pages import Shot, prepare  # noqa: E402 -- found through the line above

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {1280: 900, 390: 844}
LANGUAGES = ("en", "bg")
READY_WITHIN = 900
SHEET_HEAD = """<!doctype html><meta charset=utf-8><title>Pages</title><style>
body { font: 15px sans-serif; margin: 20px }
figure { display: inline-block; margin: 0 16px 16px 0; vertical-align: top }
img { border: 1px solid #bbb; display: block; max-height: 520px; max-width: 420px }
</style>"""
ROLES = {"visitor": "", "mentee": "mentee", "mentor": "mentor", "manager": "manager", "admin": "admin"}


@dataclass
class Findings:
    """What was noticed on the way."""

    violations: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    problems: list[str] = field(default_factory=list)


# --- a platform of its own ---------------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def platform() -> Iterator[str]:
    """Give the address of a running demo platform whose documents are all made."""
    from scripts import setup  # noqa: PLC0415 -- reads OPEN_MENTORING_VAR when it is imported

    WORLD.mkdir(parents=True, exist_ok=True)
    setup.secret_key()
    setup.database()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (WORLD / "run.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "scripts/run_local.py"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "SITE_URL": address},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(lambda: answers(f"{address}/readyz") and (WORLD / "stamps" / "demo").exists(), server)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def answers(address: str) -> bool:
    """Return whether an address answers with a page."""
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=3) as answer:  # noqa: S310 -- our own
        return bool(answer.status == 200)  # noqa: PLR2004 -- OK
    return False


def wait_for(is_ready: Callable[[], bool], server: "subprocess.Popen[bytes]") -> None:
    """Wait until the platform runs and all documents of the demo are made.

    Raises:
        SystemExit: when it ended, or takes too long.
    """
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        if is_ready():
            return
        time.sleep(0.5)
    sys.exit(f"The platform did not start; see {WORLD / 'run.log'}")


# --- taking them -------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """Return the machine's Chromium; None for Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def sign_in(context: Any, address: str, mailbox: str) -> None:
    """Sign in through the page."""
    from demo.load import PASSWORD  # noqa: PLC0415 -- after django.setup()

    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=login]", f"{mailbox}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("form:has(input[name=password]) button[type=submit].btn-primary")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.close()


def set_language(role: str, language: str, context: Any, address: str) -> None:
    """Let the platform speak a language to a role: a person's own setting, or a visitor's cookie."""
    from accounts.models import User  # noqa: PLC0415 -- after django.setup()
    from accounts.services import set_language as keep  # noqa: PLC0415

    if ROLES[role]:
        keep(user=User.objects.get(email=f"{ROLES[role]}@demo.example"), language=language)
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])


def look(page: Any, label: str, findings: Findings) -> None:
    """Let axe look at the page, and measure it."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    for each in found:
        where = ", ".join(
            node["target"][0] if isinstance(node["target"][0], str) else str(node["target"])
            for node in each["nodes"][:3]
        )
        findings.violations[f"{each['impact']} {each['id']}: {each['help']}"].append(f"{label}: {where}")
    extra = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if extra > 0:
        findings.problems.append(f"{label}: {extra} px wider than the window")


def take(page: Any, address: str, shot: Shot, name: str, findings: Findings) -> bool:
    """Take one picture.

    Returns:
        Whether there is a page for this role.
    """
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    answer = page.goto(f"{address}{shot.path}", wait_until="load")
    status = answer.status if answer else 0
    if status == 404 and shot.name != "not-found":  # noqa: PLR2004 -- not for this role
        return False
    if status >= 500:  # noqa: PLR2004 -- our failure
        findings.problems.append(f"{name}: status {status} for {shot.path}")
    page.evaluate("document.fonts.ready")
    # A window as high as the page, so that bars at its edges stand where a reader meets them.
    window = page.viewport_size
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(window["height"], whole)})
    page.screenshot(path=OUT / f"{name}.png", full_page=True)
    page.set_viewport_size(window)
    look(page, name, findings)
    findings.problems += [f"{name}: script error: {error}" for error in errors]
    return True


def shoot(address: str, pages: dict[str, list[Shot]], wanted: Callable[[str, str, int, str], bool]) -> Findings:
    """Take every wanted picture."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only for tests and tools

    findings = Findings()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        for role, shots in pages.items():
            chosen = [
                shot
                for shot in shots
                if any(wanted(role, shot.name, width, language) for width in WIDTHS for language in LANGUAGES)
            ]
            if not chosen:
                continue
            context = browser.new_context(reduced_motion="reduce", timezone_id="Europe/Vilnius")
            if ROLES[role]:
                sign_in(context, address, ROLES[role])
            for language in LANGUAGES:
                set_language(role, language, context, address)
                take_all(context, address, role, language, chosen, wanted, findings)
            set_language(role, "en", context, address)
            context.close()
        browser.close()
    return findings


def take_all(
    context: Any,
    address: str,
    role: str,
    language: str,
    shots: list[Shot],
    wanted: Callable[[str, str, int, str], bool],
    findings: Findings,
) -> None:
    """Take the pictures of one role in one language."""
    missing = set()
    for width, height in WIDTHS.items():
        chosen = [shot for shot in shots if wanted(role, shot.name, width, language) and shot.name not in missing]
        for shot in chosen:
            for scheme in ("light", "dark") if shot.dark else ("light",):
                page = context.new_page()
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme)
                dark = "-dark" if scheme == "dark" else ""
                if not take(page, address, shot, f"{role}-{shot.name}-{width}{dark}-{language}", findings):
                    missing.add(shot.name)
                page.close()
        if chosen:
            print(f"  {role}, {language}, {width} px: {len(chosen)} pages", flush=True)
    findings.problems += [f"{role} has no page “{name}”" for name in sorted(missing) if language == "en"]


def contact_sheet(findings: Findings) -> Path:
    """Write the page on which all pictures stand side by side."""
    groups: dict[str, list[str]] = defaultdict(list)
    for picture in sorted(OUT.glob("*.png")):
        role, _dash, rest = picture.stem.partition("-")
        groups[f"{role}: {rest.rsplit('-1280', 1)[0].rsplit('-390', 1)[0]}"].append(picture.name)
    parts = [SHEET_HEAD]
    for title, names in groups.items():
        parts.append(f"<h2>{html.escape(title)}</h2>")
        parts += [
            f'<figure><a href="{name}"><img loading=lazy src="{name}" alt=""></a>'
            f"<figcaption>{html.escape(name)}</figcaption></figure>"
            for name in names
        ]
    lines = [
        f"{what} ({len(where)})\n    " + "\n    ".join(where) for what, where in sorted(findings.violations.items())
    ]
    parts.append(f"<h2>Noticed</h2><pre>{html.escape(chr(10).join([*lines, *findings.problems]) or 'Nothing.')}</pre>")
    sheet = OUT / "index.html"
    sheet.write_text("\n".join(parts))
    return sheet


def main() -> int:
    """Take the pictures that were asked for; return 1 when something was noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], help="page name, or a part of it")
    parser.add_argument("--role", action="append", default=[], choices=list(ROLES))
    parser.add_argument("--width", action="append", default=[], type=int, choices=list(WIDTHS))
    parser.add_argument("--language", action="append", default=[], choices=LANGUAGES)
    parser.add_argument("--fresh", action="store_true", help="make the demo platform anew")
    options = parser.parse_args()
    if options.fresh:
        shutil.rmtree(WORLD, ignore_errors=True)

    def wanted(role: str, name: str, width: int, language: str) -> bool:
        return (
            (not options.role or role in options.role)
            and (not options.width or width in options.width)
            and (not options.language or language in options.language)
            and (not options.only or any(part in name for part in options.only))
        )

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the platform is stopped
    with platform() as address:
        import django  # noqa: PLC0415 -- after the world is there

        django.setup()
        if not (options.only or options.role or options.width or options.language):
            for old in OUT.glob("*.png"):
                old.unlink()
        findings = shoot(address, prepare(), wanted)
    sheet = contact_sheet(findings)
    (OUT / "findings.json").write_text(
        json.dumps({"violations": findings.violations, "problems": findings.problems}, indent=1, ensure_ascii=False)
    )
    for what, where in sorted(findings.violations.items()):
        print(f"  ! {what}: {len(where)} pages, first {where[0]}")
    for problem in findings.problems:
        print(f"  ! {problem}")
    print(f"  {len(list(OUT.glob('*.png')))} pictures: {sheet}")
    return int(bool(findings.violations or findings.problems))


if __name__ == "__main__":
    sys.exit(main())
