"""docs/benchmarks.md, from what was measured."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from bench.client import Measured
from bench.scenarios import Scenario

FILED_BUDGET_S, PDF_BUDGET_MS = 2.0, 200
WEB_BUDGET_MB, WORKER_BUDGET_MB = 150, 200
QUERY_BUDGET = 12
BUSY_ABOVE = 0.5

HEAD = """# Benchmarks

`make bench` measures the platform through its own front door and writes this page: PostgreSQL and Redis, {web} web
processes (uvicorn), a Celery worker with two children, {groups} groups of one Manager and {people} people, 28 filed
papers in a usual group. People sign in through the sign-in page; every client keeps its connection. The measuring
client runs on the same machine and takes its share of the cores.

Measured on {day}: {machine}.{busy}
A million rounds of PBKDF2-SHA-256 took {pace[0]:.0f} ms of one core before and {pace[1]:.0f} ms after: measure that on
your machine (`python -m timeit -n1 -s "import hashlib" "hashlib.pbkdf2_hmac('sha256', b'x', b'y', 10**6)"`) before you
compare times.

Budgets are those of the design. "One" is a single client; "8" and "32" are as many at the same time. SQL counts every
statement of the request, those for session and person included.
"""


BESIDE_MOODLE = """## Beside Moodle

Moodle 4.5 (PHP 8.2 with opcache, PostgreSQL, Redis, nginx) with as many groups and people on a like machine;
always Moodle : here. The nearest thing there is not always the same thing, so it is named. The budget is 20 × the
throughput of the same page kind.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of work with its results by number of clients."""

    scenario: Scenario
    results: list[Measured]
    cpu_ms: float


def write(
    *,
    rows: list[Row],
    papers: dict[str, Any],
    memory: dict[str, list[float]],
    weights: list[tuple[str, str, int, int]],
    machine: str,
    load: float,
    pace: tuple[float, float],
    groups: int,
    people: int,
    workers: int,
) -> str:
    """Return the page."""
    busy = (
        f"\nOther work was under way on it before the measurement began (load {load:.1f}), so times are upper bounds."
        if load > BUSY_ABOVE
        else ""
    )
    head = HEAD.format(
        web=workers,
        groups=groups,
        people=people,
        day=f"{timezone.localdate():%Y-%m-%d}",
        machine=machine,
        busy=busy,
        pace=pace,
    )
    parts = [head, _pages(rows), _moodle(rows), _papers(papers), _memory(memory), _weights(weights), READING]
    return "\n".join(parts)


def _verdict(value: float, budget: float | None) -> str:
    """Return a budget with what became of it."""
    if budget is None:
        return ""
    return f"{budget:g}, kept" if value <= budget else f"{budget:g}, **missed**"


def _table(head: list[str], lines: list[list[str]]) -> str:
    rule = "|".join(["---", *["---:"] * (len(head) - 1)])
    return "\n".join([f"| {' | '.join(head)} |", f"|{rule}|", *(f"| {' | '.join(line)} |" for line in lines), ""])


def _pages(rows: list[Row]) -> str:
    """Return the table of pages and acts."""
    head = ["work", "SQL", "CPU ms"]
    for result in rows[0].results:
        who = "one" if result.clients == 1 else str(result.clients)
        head += [f"{who}: median ms", "p95"] + ([] if result.clients == 1 else ["per s"])
    head += ["budget: median of one"]
    lines = []
    for row in rows:
        line = [row.scenario.name, f"{row.results[0].queries:.0f}", f"{row.cpu_ms:.0f}"]
        for result in row.results:
            line += [f"{result.median_ms():.0f}", f"{result.p95_ms():.0f}"]
            line += [] if result.clients == 1 else [f"{result.per_second():.0f}"]
        lines.append([*line, _verdict(row.results[0].median_ms(), row.scenario.budget_ms)])
    most = max(row.results[0].queries / row.scenario.requests for row in rows)
    note = f"At most {most:.0f} statements in one request; the budget of a page is {QUERY_BUDGET}.\n"
    refused = sum(result.refused for row in rows for result in row.results)
    if refused:
        note += (
            f"{refused} requests were answered with 503 and a Retry-After: they waited ten seconds for the database.\n"
        )
    return "\n".join(["## Pages and acts\n", _table(head, lines), note])


def _moodle(rows: list[Row]) -> str:
    """Return the comparison."""
    lines = []
    for row in rows:
        other = row.scenario.moodle
        if other is None:
            continue
        one, eight = row.results[0], row.results[1]
        lines.append(
            [
                row.scenario.name,
                other.what,
                f"{other.queries} : {one.queries:.0f}",
                f"{other.median_ms:.0f} : {one.median_ms():.0f} ({other.median_ms / one.median_ms():.1f} ×)",
                f"{other.per_second:g} : {eight.per_second():.0f} ({eight.per_second() / other.per_second:.1f} ×)",
            ]
        )
    head = ["work", "nearest in Moodle", "SQL", "median of one, ms", "per second with 8"]
    return "\n".join([BESIDE_MOODLE, _table(head, lines)])


def _papers(made: dict[str, Any]) -> str:
    cpu, filed = made["cpu_ms"], made["filed"]
    lines = [
        ["PDFs a second, contract, two worker children", f"{made['per_second']:.1f}", ""],
        [f"CPU per contract of {made['pages']:.0f} pages, warm, ms", f"{cpu:.0f}", _verdict(cpu, PDF_BUDGET_MS)],
        ["diary handed in to filed, idle worker, 95 of 100, s", f"{filed:.2f}", _verdict(filed, FILED_BUDGET_S)],
    ]
    return "\n".join(["## Papers\n", _table(["", "measured", "budget"], lines)])


def _memory(held: dict[str, list[float]]) -> str:
    budgets = {"web": WEB_BUDGET_MB, "worker": WORKER_BUDGET_MB}
    lines = [
        [name, f"{values[0]:.0f}", f"{sum(values):.0f} in {len(values)}", _verdict(values[0], budgets[name])]
        for name, values in held.items()
    ]
    head = ["", "largest process, MB (PSS)", "all processes", "budget for one"]
    return "\n".join(["## Memory, after the load\n", _table(head, lines)])


def _weights(weights: list[tuple[str, str, int, int]]) -> str:
    lines = [[what, language, f"{size / 1024:.0f}", str(count)] for what, language, size, count in weights]
    text = (
        "Everything that an empty browser fetches, as it comes over the wire. Moodle: 1.2 MB and 26 to 31 requests.\n"
    )
    return "\n".join(["## First visit\n", text, _table(["page", "language", "KiB", "requests"], lines)])


READING = """## How to read this

- A page is measured as the whole answer over HTTP: session from Redis, rows from PostgreSQL, template, middleware.
- CPU is that of the web processes for one client, divided by the number of requests; the database's comes on top.
- With more clients than cores, times are mostly waiting; what counts then is how many are done in a second.
- "Handed in to filed" begins with the request that hands the form in and ends when the version is in the folder.
- Run it yourself: `make bench`, or `make bench ARGS="--seconds 10"` for steadier numbers.
"""
