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


@dataclass(frozen=True)
class Shot:
    """One page as one role sees it; `dark` pages are taken in both schemes."""

    name: str
    path: str
    dark: bool = False


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


# --- which pages -------------------------------------------------------------------------------------------------


def prepare() -> dict[str, list[Shot]]:
    """Put in place what a page needs to be seen (a diary half written, photos half filed); return the pages by role."""
    from accounts.models import User  # noqa: PLC0415 -- after django.setup()
    from documents.models import Document, Folder  # noqa: PLC0415
    from mentoring.models import Membership, MentoringGroup, Programme  # noqa: PLC0415
    from notices import unsubscribing  # noqa: PLC0415
    from responses_app.models import FormResponse  # noqa: PLC0415
    from sessions_app.models import CatalogueSession, PlannedSession  # noqa: PLC0415
    from uploads.models import BatchState, UploadBatch  # noqa: PLC0415

    def person(mailbox: str) -> User:
        return User.objects.get(email=f"{mailbox}@demo.example")

    programme = Programme.objects.get(code="STW")
    step, bridge, road, path = (
        MentoringGroup.objects.get(programme=programme, name=name)
        for name in ("Žingsnis", "Tiltas", "Нов път", "Polku")
    )
    diary = half_written_diary(step, person("mentee"))
    batch = half_filed_contract(bridge, person("mentor"))
    folders = {(each.group_id, each.kind): each.pk for each in Folder.objects.all()}
    rows = PlannedSession.objects.filter(plan__group=step)
    held: Any = rows.filter(state="held").last()
    ahead: Any = rows.filter(state="planned").first()
    forms = FormResponse.objects.filter(group=step)
    read_diary: Any = forms.of_tool("diary").filter(comments__isnull=False).order_by("pk").last()
    unread: Any = forms.of_tool("diary").filter(latest__isnull=False).order_by("pk").last()
    waiting: Any = FormResponse.objects.of_tool("mentee_profile").filter(group=road, latest__isnull=False).first()
    contract = Document.objects.get(folder__group=step, tool_version__tool__key="contract")
    filed: Any = UploadBatch.objects.filter(group=step, state=BatchState.FILED).first()
    catalogue: Any = CatalogueSession.objects.offered(programme.pack_id, "employability").first()
    mentee_membership = Membership.objects.get(group=step, user__email__startswith="tomas@")
    mentor_membership = Membership.objects.get(group=step, role="mentor")

    boards, talk = forum_of(step, programme)

    def at(name: str, *args: object, **kwargs: object) -> str:
        from django.urls import reverse  # noqa: PLC0415 -- after django.setup()

        return reverse(name, args=args, kwargs=kwargs)

    def group_pages(group: MentoringGroup) -> list[Shot]:
        kinds = ("initial", "employability", "entrepreneurship", "monitoring")
        return [
            Shot("group", at("mentoring:group-detail", group.pk)),
            Shot("how-to", at("mentoring:page-detail", group.pk, "how-to")),
            Shot("glossary", at("mentoring:glossary-detail", group.pk)),
            Shot("library", at("rendering:library-detail", group.pk)),
            *(Shot(f"section-{kind}", at("sessions:section-detail", pk=group.pk, kind=kind)) for kind in kinds),
            Shot("catalogue-session", at("sessions:catalogue-detail", group.pk, catalogue.pk)),
            *(
                Shot(f"folder-{kind}", at("documents:folder-detail", folders[group.pk, kind]))
                for kind in ("managing", "monitoring", "personal")
            ),
            Shot("plan", at("sessions:plan-detail", group.pk)),
            Shot("session-held", at("sessions:session-detail", held.pk)),
            Shot("session-ahead", at("sessions:session-detail", ahead.pk)),
            Shot("diaries", at("sessions:diary-list", group.pk)),
            Shot("people-of-group", at("mentoring:member-list", group.pk)),
            Shot("document", at("documents:document-detail", contract.pk)),
            Shot("diary-read", at("responses:form-detail", read_diary.pk)),
            Shot("forum", at("conversations:board-list")),
            Shot("board", at("conversations:group-board", group.pk), dark=True),
            Shot("board-announcements", at("conversations:board-detail", boards["announcements"])),
            Shot("topic", at("conversations:topic-detail", talk["group"]), dark=True),
            Shot("topic-announcement", at("conversations:topic-detail", talk["announcements"])),
            Shot("topic-new", at("conversations:topic-create", boards["group"])),
            Shot("drafts", at("home:draft-list")),
            Shot("messages", at("mentoring:message-inbox")),
            Shot("profile", at("accounts:profile-edit")),
            Shot("notices", at("notices:notice-list"), dark=True),
            Shot("notices-chosen", at("notices:choices-edit")),
            Shot("not-found", "/groups/999999/"),
        ]

    home = Shot("home", at("home:first-screen"), dark=True)
    staff = [
        Shot("plan-edit", at("sessions:plan-edit", step.pk)),
        Shot("session-add", at("sessions:session-create", step.pk)),
        Shot("session-edit", at("sessions:session-edit", ahead.pk)),
        Shot("session-hold", at("sessions:session-hold", held.pk)),
        Shot("session-cancel", at("sessions:session-cancel", ahead.pk)),
        Shot("upload-begin", at("uploads:upload-create", step.pk)),
        Shot("post-delete", at("conversations:post-delete", talk["post"])),
        Shot("form-group-goals", at("responses:form-start", step.pk, "group_goals")),
    ]
    return {
        "visitor": [
            Shot("sign-in", at("account_login"), dark=True),
            Shot("password-forgotten", at("account_reset_password")),
            Shot("check-a-paper", at("documents:document-check")),
            Shot("notices-ended", unsubscribing.path(person("mentee").pk, "forms")),
            Shot("checked-paper", f"{at('documents:document-check')}?code={contract.check_code}"),
        ],
        "mentee": [
            home,
            *group_pages(step),
            Shot("diary-write", at("responses:form-edit", diary.pk), dark=True),
            Shot("form-start", at("responses:form-start", step.pk, "diary")),
            Shot("groups", at("mentoring:group-list")),
        ],
        "mentor": [
            home,
            *group_pages(step),
            *staff,
            Shot("groups", at("mentoring:group-list")),
            Shot("board-community", at("conversations:board-detail", boards["community"])),
            Shot("topic-community", at("conversations:topic-detail", talk["community"])),
            Shot("diary-to-read", at("responses:form-detail", unread.pk)),
            Shot("upload-photos", at("uploads:upload-edit", batch.pk), dark=True),
            Shot("upload-result", at("uploads:upload-detail", filed.pk)),
            Shot("folder-empty", at("documents:folder-detail", folders[bridge.pk, "monitoring"])),
        ],
        "manager": [
            home,
            *group_pages(step),
            *staff,
            Shot("groups", at("mentoring:group-list")),
            Shot("people", at("mentoring:people-list")),
            Shot("group-new", at("mentoring:group-create", programme.pk)),
            Shot("group-edit", at("mentoring:group-edit", step.pk)),
            Shot("stage", at("mentoring:stage-change", step.pk)),
            Shot("pause", at("mentoring:group-exit", pk=step.pk, exit_kind="pause")),
            Shot("member-new", at("mentoring:member-create", road.pk)),
            Shot("member-end", at("mentoring:member-end", mentee_membership.pk)),
            Shot("mentor-replace", at("mentoring:mentor-replace", mentor_membership.pk)),
            Shot("invite", at("mentoring:invitation-create", programme.pk)),
            Shot("folder-rights", at("documents:folder-rights", folders[step.pk, "managing"]), dark=True),
            Shot("folder-seen-as", at("documents:folder-seen-as", folders[step.pk, "managing"], mentee_membership.pk)),
            Shot("announcement-confirmed", at("conversations:topic-confirmations", talk["announcements"])),
            Shot("profile-to-decide", at("responses:form-detail", waiting.pk)),
            Shot("message-to-mentee", at("mentoring:message-list", mentee_membership.pk)),
            Shot("notices-told", at("notices:notice-log", step.pk)),
            Shot("cell-late", at("checklist:checklist-cell", step.pk, "diary")),
            Shot("cell-waived", at("checklist:checklist-cell", bridge.pk, "group_goals")),
            Shot("group-forming", at("mentoring:group-detail", road.pk)),
            Shot("group-ended", at("mentoring:group-detail", path.pk)),
        ],
        "admin": [
            home,
            Shot("admin", "/admin/"),
            Shot("admin-groups", at("admin:mentoring_mentoringgroup_changelist")),
            Shot("admin-programme", at("admin:mentoring_programme_change", programme.pk)),
            Shot("admin-invitations", at("admin:mentoring_invitation_changelist")),
            Shot("admin-people", at("admin:accounts_user_changelist")),
            Shot("notices-in-words", at("notices:kind-list", programme.pk)),
        ],
    }


def forum_of(group: Any, programme: Any) -> tuple[dict[str, int], dict[str, int]]:
    """Return the boards of group, Mentors and programme by kind, and the first topic of each with a post."""
    from conversations.models import Board  # noqa: PLC0415 -- after django.setup()

    of_programme = Board.objects.filter(programme=programme)
    found = {"community": of_programme.get(role="mentor"), "announcements": of_programme.get(kind="announcements")}
    found["group"] = Board.objects.get(group=group)
    talk = {kind: board.topics.order_by("pk").first() for kind, board in found.items()}
    keys = {kind: topic.pk for kind, topic in talk.items()} | {"post": talk["group"].posts.get(number=2).pk}
    return {kind: board.pk for kind, board in found.items()}, keys


def half_written_diary(group: Any, user: Any) -> Any:
    """Return the diary that the Mentee of the sign-ins has begun."""
    from responses_app import services as forms  # noqa: PLC0415
    from sessions_app.models import PlannedSession  # noqa: PLC0415
    from tools.models import Tool  # noqa: PLC0415 -- after django.setup()

    row = PlannedSession.objects.filter(plan__group=group, state="held").last()
    template = Tool.objects.of_pack(group.programme.pack_id).get(key="diary")
    form = forms.start_form(group=group, tool=template, user=user, session_key=row.session_key if row else "")
    answers = {"mood": 3, "done": "We read the CVs for thirty seconds each, as in an office."}
    return forms.save_answers(form=form, user=user, lock=form.lock, answers=answers) if form.is_open else form


def half_filed_contract(group: Any, user: Any) -> Any:
    """Return an upload of the contract's photos that is not filed yet."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 -- after django.setup()

    from demo import scan  # noqa: PLC0415
    from documents.models import DocumentVersion  # noqa: PLC0415
    from uploads.models import UploadBatch  # noqa: PLC0415
    from uploads.services import uploads  # noqa: PLC0415

    batch = UploadBatch.objects.filter(group=group, created_by=user, state="open").first()
    if batch is not None:
        return batch
    printed = DocumentVersion.objects.get(document__folder__group=group, document__tool_version__tool__key="contract")
    batch = uploads.start_batch(group=group, user=user, tool_version=printed.document.tool_version)
    names = [membership.user.full_name for membership in group.memberships.select_related("user")]
    with printed.file.open("rb") as file:
        for number, photo in enumerate(scan.photos(file.read(), names), start=1):
            uploads.add_file(batch=batch, file=SimpleUploadedFile(f"IMG_{number:04}.jpg", photo, "image/jpeg"))
    return batch


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
