"""Measure the platform on PostgreSQL and Redis, and write docs/benchmarks.md.

    python scripts/bench.py [--quick] [--groups 200] [--people 1000] [--many 10000] [--seconds 3] [--no-write]

`--quick` measures what each page costs and the memory, and prints it beside the last run; it writes no page. Seeded
worlds are kept as databases on the PostgreSQL at TEST_POSTGRES_URL and made anew when what they are made from changes;
each run has copies of its own, which are dropped. Redis is a server of its own. Web and worker are the real ones:
uvicorn, with one process for the costs and a process per core under load, and Celery with two children.
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

from bench import costs, machine, report  # noqa: E402 - found through the line above
from bench.client import measure  # noqa: E402
from bench.scenarios import Crowd, scenarios, somebody  # noqa: E402
from bench.seeded import KEPT, Worlds  # noqa: E402
from scripts.with_services import free_port, redis  # noqa: E402

CLIENTS = (1, 8, 32)
CONTRACTS, DIARIES = 40, 20
QUICK_CONTRACTS = 4
ROUNDS, REQUESTS = 12, 10
QUICK_ROUNDS, QUICK_REQUESTS = 5, 8
READY_WITHIN = 60
LAST = KEPT / "last.json"
CELERY = ["celery", "-A", "config.celery", "worker", "--queues", "default,pdf", "--concurrency", "2"]


def say(text: str) -> None:
    """Print a line at once."""
    print(f"  {text}", flush=True)


@contextlib.contextmanager
def running(name: str, *command: str, **environment: str) -> Iterator[int]:
    """Run a program among the others; give its number; stop it at the end."""
    with (Path(os.environ["OPEN_MENTORING_VAR"]) / f"{name}.log").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **environment}
        )
        try:
            yield program.pid
        finally:
            program.terminate()
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()


@contextlib.contextmanager
def web_running(name: str, *, workers: int = 1, **environment: str) -> Iterator[tuple[int, int]]:
    """Run the web; give the number of its (first) process and its port."""
    port = free_port()
    options = ["--port", str(port), "--no-access-log", "--lifespan", "off"]
    options += ["--workers", str(workers)] if workers > 1 else []
    with running(name, "uvicorn", "config.asgi:application", *options, **environment) as web:
        wait_for_web(f"http://127.0.0.1:{port}", name)
        yield web, port


def wait_for_web(address: str, name: str) -> None:
    """Wait until the web answers."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 -- our own
            return
        time.sleep(0.2)
    sys.exit(f"The web does not start; see {os.environ['OPEN_MENTORING_VAR']}/{name}.log")


async def cost_of_pages(crowd: Crowd, web: int, options: argparse.Namespace) -> tuple[list[costs.Cost], float]:
    """Measure what each page costs the one web process."""
    await crowd.assemble()
    clients = {who: clients[0] for who, clients in crowd.clients.items()}
    found = await costs.measure(
        costs.PAGES, clients, web, groups=options.groups, rounds=options.rounds, requests=options.requests
    )
    await crowd.close()
    return found


async def cost_of_many(
    told: dict[str, Any], port: int, web: int, options: argparse.Namespace
) -> tuple[list[costs.Cost], float]:
    """Measure the pages of a Manager of very many groups."""
    manager = await somebody(port, told["manager"], told["password"], {})
    found = await costs.measure(
        [costs.MANY],
        {"manager": manager},
        web,
        groups=options.many,
        rounds=options.rounds,
        requests=options.requests,
    )
    await manager.close()
    return found


def measure_costs(worlds: dict[str, Any], many_url: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure what each page costs and what the web process holds afterwards.

    Returns:
        `costs`, `yardstick_ms` and `memory`, as they are kept for the next run.
    """
    begun = time.monotonic()
    with web_running("web") as (web, port):
        crowd = Crowd(port, worlds["pages"], b"", 1)
        found, yardstick = asyncio.run(cost_of_pages(crowd, web, options))
        held = {"web": machine.pss_mb(web)}
    with web_running("web-many", DATABASE_URL=many_url) as (web, port):
        more, _yardstick = asyncio.run(cost_of_many(worlds["many"], port, web, options))
        held["web, very many groups"] = machine.pss_mb(web)
    say(f"costs of {len(found + more)} pages in {time.monotonic() - begun:.0f} s")
    return {"costs": [cost.as_data() for cost in found + more], "yardstick_ms": yardstick, "memory": held}


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


def measure_pdfs(crowd: Crowd, worker: int) -> dict[str, Any]:
    """Measure how documents are made."""
    from bench import pdfs  # noqa: PLC0415 -- after django.setup()

    made = pdfs.contracts(crowd.running, worker, count=CONTRACTS)
    say(f"contract: {made['per_second']:.1f} a second, {made['cpu_ms']:.0f} ms of CPU, {made['pages']} pages")
    loop = asyncio.new_event_loop()
    writers = {client.about["draft"]: client for client in crowd.clients["mentee"][:DIARIES]}
    answers = {"mood": 3, "done": "We read our lists.", "learned": "To listen.", "next_steps": "Ask two people."}

    def submit(draft: int) -> None:
        client = writers[draft]
        sent = {"lock": client.about["lock"], "writer": "bench", "answers": answers}
        loop.run_until_complete(client.post_json(f"/forms/{draft}/submit/", sent))
        loop.run_until_complete(client.close())

    made["filed"] = pdfs.p95(pdfs.filed_after(submit, list(writers)))
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


def measure_load(worlds: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything under load: pages and acts, documents, memory, the weight of a first visit."""
    workers = min(os.cpu_count() or 1, 4)
    with web_running("web-load", workers=workers) as (web, port), running("worker", *CELERY) as worker:
        crowd = Crowd(port, worlds["pages"], photo(), max(CLIENTS))
        rows = asyncio.run(measure_pages(crowd, web, options.seconds))
        made = measure_pdfs(crowd, worker)
        held = memory(web, worker)
        weights = measure_weight(f"http://127.0.0.1:{port}", crowd)
    return {"rows": rows, "documents": made, "memory": held, "weights": weights, "workers": workers}


def measure_worker(worlds: dict[str, Any]) -> float:
    """Return the memory of the largest process of the worker after some contracts, in MB."""
    from bench import pdfs  # noqa: PLC0415 -- after django.setup()

    running_groups = [group for group in worlds["pages"]["groups"] if group["stage"] == "running"]
    with running("worker", *CELERY) as worker:
        pdfs.contracts(running_groups, worker, count=QUICK_CONTRACTS)
        return max(machine.pss_mb(pid) for pid in machine.descendants(worker))


def run(options: argparse.Namespace, worlds: dict[str, Any], many_url: str) -> None:
    """Do everything on services that are there."""
    import django  # noqa: PLC0415 -- after the environment is set

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from redis import Redis  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    load = machine.load()
    taken = measure_costs(worlds, many_url, options) | {"taken": f"{time.strftime('%Y-%m-%d %H:%M')}", "load": load}
    loaded = None if options.quick else measure_load(worlds, options)
    taken["memory"]["worker child"] = max(loaded["memory"]["worker"]) if loaded else measure_worker(worlds)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres_version = str(cursor.fetchone()[0]).split(" ")[0]
    connection.close()
    redis_version = str(Redis.from_url(os.environ["REDIS_URL"]).info()["redis_version"])
    print("\n" + report.beside(taken, last_run(options.beside)))
    if loaded:
        text = report.write(
            taken=taken,
            loaded=loaded,
            machine=machine.describe(postgres_version, redis_version),
            groups=options.groups,
            people=len(worlds["pages"]["people"]),
        )
        if options.write:
            (ROOT / "docs" / "benchmarks.md").write_text(text)
        print(text)
    options.keep.write_text(json.dumps(taken, indent=1))


def last_run(path: Path) -> dict[str, Any] | None:
    """Return what an earlier run has kept."""
    return json.loads(path.read_text()) if path.is_file() else None


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only costs of pages and memory")
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--many", type=int, default=10_000, help="groups of the Manager of very many")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each kind of work at each number of clients")
    parser.add_argument("--beside", type=Path, default=LAST, help="kept by another run: printed beside this one")
    parser.add_argument("--keep", type=Path, default=LAST, help="where this run's costs are kept, as JSON")
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    options.rounds, options.requests = (QUICK_ROUNDS, QUICK_REQUESTS) if options.quick else (ROUNDS, REQUESTS)
    return options


def main() -> None:
    """Bring the services up, measure, take them down."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    KEPT.mkdir(parents=True, exist_ok=True)
    directory = tempfile.mkdtemp(prefix="run-", dir=KEPT)
    try:
        with redis() as redis_url:
            os.environ |= {
                "OPEN_MENTORING_VAR": directory,
                "REDIS_URL": redis_url,
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "SECRET_KEY": "only-for-measuring-" + "x" * 50,
                "DEMO_ALLOWED": "1",
                "DEBUG": "0",
            }
            seeded = Worlds(groups=options.groups, people=options.people, many=options.many, say=say)
            worlds = seeded.prepare()
            seeded.copy_media(Path(directory))
            with seeded.copied("pages") as url, seeded.copied("many") as many_url:
                os.environ["DATABASE_URL"] = url
                run(options, worlds, many_url)
    except Exception:
        for log in sorted(Path(directory).glob("*.log")):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}")
        raise
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
