"""Measure the platform on PostgreSQL and Redis, and write docs/benchmarks.md.

    python scripts/bench.py [--groups 200] [--people 1000] [--seconds 3] [--no-write]

A database of its own is made on the PostgreSQL at TEST_POSTGRES_URL and dropped; Redis is a server of its own; files go
to a directory that is removed. Web and worker are the real ones: uvicorn with a process per core, Celery with two.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import machine, report  # noqa: E402 - found through the line above
from bench.client import measure  # noqa: E402
from bench.scenarios import Crowd, scenarios  # noqa: E402
from scripts.with_services import free_port, postgres, redis  # noqa: E402

CLIENTS = (1, 8, 32)
CONTRACTS, DIARIES = 40, 20
READY_WITHIN = 60


def say(text: str) -> None:
    """Print a line at once."""
    print(f"  {text}", flush=True)


def manage(*arguments: str) -> str:
    """Run a command of manage.py and return what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


@contextlib.contextmanager
def running(name: str, *command: str) -> Iterator[int]:
    """Run a program among the others; give its number; stop it at the end."""
    with (Path(os.environ["OPEN_MENTORING_VAR"]) / f"{name}.log").open("wb") as log:
        program = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=log, stderr=log)
        try:
            yield program.pid
        finally:
            program.terminate()
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()


def wait_for_web(address: str) -> None:
    """Wait until the web answers."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 -- our own
            return
        time.sleep(0.2)
    sys.exit(f"The web does not start; see {os.environ['OPEN_MENTORING_VAR']}/web.log")


async def measure_pages(crowd: Crowd, web: int, seconds: float) -> list[report.Row]:
    """Measure every kind of work at every number of clients."""
    await crowd.assemble()
    rows = []
    for scenario in scenarios(len(crowd.world["groups"]) - 1):
        results, cpu_ms = [], 0.0
        for count in CLIENTS:
            before = machine.cpu_seconds(web)
            result = await measure(scenario.work, crowd.pick(scenario.who, count), seconds=seconds, at_least=10)
            if count == 1:
                cpu_ms = 1000 * (machine.cpu_seconds(web) - before) / (len(result.seconds) + 1)
            results.append(result)
        rows.append(report.Row(scenario, results, cpu_ms))
        one, eight = results[0], results[1]
        say(f"{scenario.name}: {one.median_ms():.0f} ms, {one.queries:.0f} SQL, {eight.per_second():.0f}/s with 8")
    await crowd.close()
    return rows


def measure_papers(crowd: Crowd, worker: int) -> dict[str, Any]:
    """Measure how papers are made."""
    from bench import papers  # noqa: PLC0415 -- after django.setup()

    made = papers.contracts(crowd.running, worker, count=CONTRACTS)
    say(f"contract: {made['per_second']:.1f} a second, {made['cpu_ms']:.0f} ms of CPU, {made['pages']} pages")
    loop = asyncio.new_event_loop()
    writers = {client.about["draft"]: client for client in crowd.clients["mentee"][:DIARIES]}
    answers = {"mood": 3, "done": "We read our lists.", "learned": "To listen.", "next_steps": "Ask two people."}

    def submit(draft: int) -> None:
        client = writers[draft]
        sent = {"lock": client.about["lock"], "writer": "bench", "answers": answers}
        loop.run_until_complete(client.post_json(f"/forms/{draft}/submit/", sent))
        loop.run_until_complete(client.close())

    made["filed"] = papers.p95(papers.filed_after(submit, list(writers)))
    loop.close()
    say(f"handed in to filed: {made['filed']:.2f} s (95 of 100)")
    return made


def measure_weight(address: str, crowd: Crowd) -> list[tuple[str, str, int, int]]:
    """Measure what a first visit weighs."""
    from accounts.models import User  # noqa: PLC0415 -- after django.setup()
    from accounts.services import set_language  # noqa: PLC0415
    from bench.weight import first_visit  # noqa: PLC0415

    client = crowd.clients["mentee"][-1]
    user = User.objects.get(email=client.about["email"])
    found = []
    for language in ("en", "bg"):
        set_language(user=user, language=language)
        for what, path, cookies in (
            ("sign-in page", "/sign-in/", {}),
            ("first screen of a Mentee", "/", client.cookies),
        ):
            size, requests = first_visit(address, path, cookies, language)
            found.append((what, language, size, requests))
            say(f"{what}, {language}: {size / 1024:.0f} KiB in {requests} requests")
    return found


def photo() -> bytes:
    """Return a JPEG of about 250 KiB with the grain of a real photo."""
    import io  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    out = io.BytesIO()
    Image.effect_noise((1200, 1600), 40).convert("RGB").save(out, "JPEG", quality=22)
    return out.getvalue()


def memory(web: int, worker: int) -> dict[str, list[float]]:
    """Return the memory of the processes of web and worker, the largest first."""
    return {
        name: sorted((machine.pss_mb(pid) for pid in machine.descendants(root)), reverse=True)
        for name, root in (("web", web), ("worker", worker))
    }


def run(options: argparse.Namespace, database_url: str) -> None:
    """Do everything on services that are there."""
    import django  # noqa: PLC0415 -- after the environment is set

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from redis import Redis  # noqa: PLC0415

    manage("migrate", "--no-input", "--verbosity", "0")
    manage("collectstatic", "--no-input", "--verbosity", "0")
    begun = time.monotonic()
    # One group more, that belongs to another Manager.
    world = json.loads(manage("seed", "--groups", str(options.groups + 1), "--people", str(options.people), "--json"))
    say(f"seeded {len(world['groups'])} groups and {len(world['people'])} people in {time.monotonic() - begun:.0f} s")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    workers = str(min(os.cpu_count() or 1, 4))
    web_command = [
        "uvicorn",
        "config.asgi:application",
        "--port",
        str(port),
        "--workers",
        workers,
        "--no-access-log",
        "--lifespan",
        "off",
    ]
    celery = ["celery", "-A", "config.celery", "worker", "--queues", "default,pdf", "--concurrency", "2"]
    with running("web", *web_command) as web, running("worker", *celery) as worker:
        wait_for_web(address)
        crowd = Crowd(port, world, photo(), max(CLIENTS))
        load, pace = machine.load(), machine.yardstick_ms()
        rows = asyncio.run(measure_pages(crowd, web, options.seconds))
        made = measure_papers(crowd, worker)
        held = memory(web, worker)
        weights = measure_weight(address, crowd)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres_version = str(cursor.fetchone()[0]).split(" ")[0]
    connection.close()
    redis_version = str(Redis.from_url(os.environ["REDIS_URL"]).info()["redis_version"])
    text = report.write(
        rows=rows,
        papers=made,
        memory=held,
        weights=weights,
        machine=machine.describe(postgres_version, redis_version),
        load=load,
        pace=(pace, machine.yardstick_ms()),
        groups=options.groups,
        people=len(world["people"]),
        workers=int(workers),
    )
    if options.write:
        (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)


def main() -> None:
    """Bring the services up, measure, take them down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each kind of work at each number of clients")
    parser.add_argument("--no-write", dest="write", action="store_false", help="print only")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    directory = tempfile.mkdtemp(prefix="open-mentoring-bench-")
    try:
        with postgres() as database_url, redis() as redis_url:
            os.environ |= {
                "OPEN_MENTORING_VAR": directory,
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "SECRET_KEY": "only-for-measuring-" + "x" * 50,
                "DEMO_ALLOWED": "1",
                "DEBUG": "0",
            }
            run(options, database_url)
    except Exception:
        for log in sorted(Path(directory).glob("*.log")):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}")
        raise
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
