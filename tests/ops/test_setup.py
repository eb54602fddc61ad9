"""Set-up: what it installs, what it skips, what it says when it may not."""

import re
import subprocess
from pathlib import Path

import pytest

from config import runtime
from scripts import setup

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def pinned(lock: Path) -> dict[str, str]:
    """Return package → version of a lock."""
    return dict(re.findall(r"^([\w.-]+)==([\w.+]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_pin_versions_and_hashes_and_name_no_address(lock: Path) -> None:
    text = lock.read_text()
    blocks = re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert all(re.match(r"[\w.-]+==\S+.*\\\n +--hash=sha256:", block) for block in blocks)
    assert "://" not in text
    assert "--index" not in text


def test_the_development_lock_holds_the_run_lock() -> None:
    run, dev = pinned(ROOT / "requirements" / "run.txt"), pinned(ROOT / "requirements" / "dev.txt")
    assert run.items() <= dev.items()


def test_tools_do_not_reach_the_running_product() -> None:
    assert (
        not {"pytest", "moto", "playwright", "ruff", "mypy", "pypdf", "faker"}
        & pinned(ROOT / "requirements" / "run.txt").keys()
    )


def test_system_packages_say_what_they_are_for() -> None:
    rows = setup.wanted_packages("test")
    assert {"redis-server", "libpango-1.0-0", "chromium"} <= {package for package, _, _ in rows}
    assert all(why and re.fullmatch(r"venv|(lib|bin|font):\S.*", sight) for _, sight, why in rows)
    assert "chromium" not in {package for package, _, _ in setup.wanted_packages("run")}


def test_what_is_there_is_not_installed_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "is_there", lambda sight: True)
    monkeypatch.setattr(setup, "call", lambda *command, **_: pytest.fail(f"ran {command}"))
    setup.system_packages("test")
    assert capsys.readouterr().out == ""


@pytest.fixture
def _redis_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "is_there", lambda sight: sight != "bin:redis-server")
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.usefixtures("_redis_is_missing")
def test_without_the_right_to_install_the_one_line_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup, "succeeds", lambda *command: False)
    monkeypatch.setattr(setup, "call", lambda *command, **_: pytest.fail(f"ran {command}"))
    with pytest.raises(setup.SetupError) as refused:
        setup.system_packages("run")
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server"
    assert line in str(refused.value).splitlines()[2]
    assert "queue and cache" in capsys.readouterr().out


@pytest.mark.usefixtures("_redis_is_missing")
@pytest.mark.parametrize(("uid", "prefix"), [(0, ["env"]), (1000, ["sudo", "-n", "env"])])
def test_with_the_right_to_install_apt_is_asked_for_what_is_missing_only(
    monkeypatch: pytest.MonkeyPatch, uid: int, prefix: list[str]
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(setup.os, "geteuid", lambda: uid)
    monkeypatch.setattr(setup, "succeeds", lambda *command: True)
    monkeypatch.setattr(setup, "call", lambda *command, **_: ran.append(list(command)))
    setup.system_packages("run")
    apt = [*prefix, "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    assert ran == [[*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", "redis-server"]]


def test_a_step_is_done_once_for_the_same_input(tmp_path: Path) -> None:
    done: list[str] = []
    for mark in ("a", "a", "b"):
        setup.once(tmp_path / "stamps" / "step", mark, "A step", lambda mark=mark: done.append(mark))
    assert done == ["a", "b"]


def test_a_step_that_failed_is_done_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise setup.SetupError("no")

    with pytest.raises(setup.SetupError):
        setup.once(tmp_path / "step", "a", "A step", fail)
    done: list[int] = []
    setup.once(tmp_path / "step", "a", "A step", lambda: done.append(1))
    assert done == [1]


def test_a_failed_program_is_quoted_with_its_last_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup, "LOG", tmp_path / "log")
    with pytest.raises(setup.SetupError, match=r"(?s)ended with status 3:\ndisk full\nTry another\nThe whole story: "):
        setup.call("sh", "-c", "echo disk full; exit 3", hint="Try another")


def test_the_secret_key_is_made_once_and_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup, "VAR", tmp_path)
    setup.secret_key()
    path = tmp_path / "secret_key"
    first = path.read_text()
    setup.secret_key()
    assert path.read_text() == first
    assert len(first.strip()) >= 50
    assert path.stat().st_mode & 0o777 == 0o600


def test_make_lists_its_commands() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  make ([\w-]+) +\S", listed, re.MULTILINE)
    assert {"run", "test", "lint", "types", "bench", "screenshots", "check", "clean-data"} <= set(commands)


def test_the_socket_lies_in_the_var_directory_or_in_a_short_private_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert runtime.redis_socket(Path("/srv/mentoring/var")) == Path("/srv/mentoring/var/redis.sock")
    monkeypatch.setattr(runtime.tempfile, "gettempdir", lambda: str(tmp_path))
    deep, deeper = (runtime.redis_socket(tmp_path / (name * 60)) for name in ("ab", "cd"))
    assert deep.parent.parent == deeper.parent.parent == tmp_path
    assert deep != deeper
    runtime.prepare_socket_dir(deep)
    assert deep.parent.stat().st_mode & 0o777 == 0o700
    deep.parent.chmod(0o755)
    with pytest.raises(PermissionError):
        runtime.prepare_socket_dir(deep)


def test_a_link_in_place_of_the_private_directory_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runtime.tempfile, "gettempdir", lambda: str(tmp_path))
    socket = runtime.redis_socket(tmp_path / ("ab" * 60))
    (tmp_path / "elsewhere").mkdir()
    socket.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        runtime.prepare_socket_dir(socket)
