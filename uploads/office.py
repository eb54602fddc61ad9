"""Files of office programs become PDFs: LibreOffice, where it is installed, in a process of its own with hard limits.

It gets a folder that holds nothing but the file, an environment without secrets, and a profile that is thrown away:
no macro that another file left behind runs, and two conversions do not wait for each other's lock.
"""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Final

from django.conf import settings

from core.files.kinds import OFFICE_ENDINGS
from core.files.unfit import UnfitError

SECONDS: Final = 90
LARGEST: Final = 256 * 1024 * 1024
_PASSED_ON: Final = ("PATH", "LANG", "LD_LIBRARY_PATH")


def program() -> str:
    """Return the path of LibreOffice; empty where it is not installed."""
    return shutil.which(settings.SOFFICE or "soffice") or ""


def _limits() -> None:
    """Limit the process that becomes LibreOffice, and every process it starts."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def to_pdf(path: Path, kind: str) -> Path:
    """Make a PDF of an office file; return its path, in a folder beside the file.

    Raises:
        UnfitError: `no_office` where LibreOffice is not there, `too_complicated` after the time is over, `broken`.
    """
    soffice = program()
    if not soffice:
        raise UnfitError("no_office")
    folder = path.with_name(f"{path.name}-office")
    (folder / "home").mkdir(parents=True)
    source = folder / f"file.{OFFICE_ENDINGS[kind]}"
    shutil.copyfile(path, source)
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 -- our own arguments, no shell
        [
            soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
            "--nodefault", "--nolockcheck", "--convert-to", "pdf", "--outdir", str(folder / "out"), str(source),
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        env={**known, "HOME": str(folder / "home"), "TMPDIR": str(folder)}, start_new_session=True, preexec_fn=_limits,
    )  # fmt: skip
    try:
        process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise UnfitError("too_complicated") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # LibreOffice starts others, which outlive it
        process.wait()
    made = folder / "out" / "file.pdf"
    if not made.is_file():
        raise UnfitError("broken")
    return made
