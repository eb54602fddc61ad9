"""Delete the data of the installation on this machine: database, files, mails, queue. Keys and logs stay.

Started by `make clean-data`; only the standard library. For a demo that is to begin anew, or one that an earlier
version made and this one cannot read.
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("OPEN_MENTORING_VAR") or ROOT / "var").absolute()
DATA = ("db.sqlite3*", "media", "mail", "redis", "stamps", "celerybeat-schedule*")


def data() -> list[Path]:
    """Return what holds data."""
    return sorted(path for pattern in DATA for path in VAR.glob(pattern))


def confirmed() -> bool:
    """Return whether the person agrees: by YES=1, or by typing it."""
    if os.environ.get("YES") == "1":
        return True
    if not sys.stdin.isatty():
        sys.exit("Nobody is here to agree. If you are sure: make clean-data YES=1")
    return input("Delete all of it? It cannot be brought back. Type yes: ").strip().lower() == "yes"


def delete(paths: list[Path]) -> None:
    """Delete files and folders; of a link only the link."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def main() -> None:
    """Delete the data, if it is here, not in use, and a person agrees."""
    settings = {
        "DATABASE_URL": os.environ.get("DATABASE_URL"),
        "STORAGE_URL": os.environ.get("STORAGE_URL"),
        "REDIS_URL": os.environ.get("REDIS_URL"),
    }
    if elsewhere := [name for name, value in settings.items() if value]:
        sys.exit(f"{', '.join(elsewhere)} is set: the data lies elsewhere, and this command does not touch it.")
    paths = data()
    if not paths:
        print(f"There is no data in {VAR}.")
        return
    (VAR / "run").mkdir(exist_ok=True)
    with (VAR / "run" / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit("The platform is running from this folder. Stop it first (Ctrl-C), then try again.")
        print(f"The data in {VAR}: {', '.join(path.name for path in paths)}. The secret key and the logs stay.")
        if not confirmed():
            sys.exit("Nothing was deleted.")
        delete(paths)
    print("  Deleted. `make run` begins anew.")


if __name__ == "__main__":
    main()
