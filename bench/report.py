"""docs/benchmarks.md, from what was measured."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from bench.client import Measured
from bench.costs import PLANNING_BUDGET_MS, STATEMENT_BUDGET
from bench.scenarios import Scenario

FILED_BUDGET_S, PDF_BUDGET_MS = 2.0, 200
WEB_BUDGET_MB, WORKER_BUDGET_MB = 150, 200
BUSY_ABOVE = 0.5

HEAD = """# Benchmarks

`make bench` measures the platform through its own front door and writes this page: PostgreSQL and Redis, {web} web
processes (uvicorn), a Celery worker with two children, {groups} groups of one Manager and {people} people, 28 filed
papers in a usual group. People sign in through the sign-in page; every client keeps its connection. The measuring
client runs on the same machine and takes its share of the cores.

Measured on {day}: {machine}.{busy}
"""

COSTS = """## What a page costs

CPU time of the one web process per request, in **yardsticks**: the CPU time of `sum(i * i for i in range(10**6))` in
the same Python, taken between the pages throughout the run, so that machines can be compared. Here a yardstick was
{yardstick:.0f} ms. SQL counts all statements of the request, those for session and person included; "planned" is the
longest that PostgreSQL plans any of them, by `EXPLAIN (SUMMARY)`. Wanted are at most {statements} statements, none
planned for more than {planning:g} ms.
"""

PAGES = """## Pages and acts under load

Budgets are those of the design. "One" is a single client; "8" and "32" are as many at the same time.
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


def write(*, taken: dict[str, Any], loaded: dict[str, Any], machine: str, groups: int, people: int) -> str:
    """Return the page.

    Args:
        taken: costs and memory, as they are kept for the next run.
        loaded: what was measured under load.
    """
    busy = (
        f"\nOther work was under way on it before the measurement began (load {taken['load']:.1f}), so times are upper"
        " bounds."
        if taken["load"] > BUSY_ABOVE
        else ""
    )
    head = HEAD.format(
        web=loaded["workers"],
        groups=groups,
        people=people,
        day=f"{timezone.localdate():%Y-%m-%d}",
        machine=machine,
        busy=busy,
    )
    intro = COSTS.format(yardstick=taken["yardstick_ms"], statements=STATEMENT_BUDGET, planning=PLANNING_BUDGET_MS)
    rows = loaded["rows"]
    parts = [
        head,
        intro,
        _costs(taken["costs"]),
        _memory(taken["memory"], loaded["memory"]),
        _pages(rows),
        _moodle(rows),
        _documents(loaded["documents"]),
        _weights(loaded["weights"]),
        READING,
    ]
    return "\n".join(parts)


def beside(taken: dict[str, Any], last: dict[str, Any] | None) -> str:
    """Return the costs of this run beside those of an earlier one, for the terminal."""
    if last is None:
        return "\n".join([_costs(taken["costs"]), _held(taken["memory"])])
    earlier = {cost["key"]: cost for cost in last["costs"]}
    head = ["page", "last", "now", "goal", "KB last", "now", "SQL last", "now", "planned last", "now, ms"]
    lines = []
    for cost in taken["costs"]:
        old = earlier.get(cost["key"])
        line = [cost["name"]]
        for key, form in (("yardsticks", ".2f"), ("kb", ".0f"), ("statements", "d"), ("planning_ms", ".1f")):
            line += [format(old[key], form) if old else "", format(cost[key], form)]
            line += [_goal(cost["goal"])] if key == "yardsticks" else []
        lines.append(line)
    note = (
        f"Last: {last['taken']}, a yardstick was {last['yardstick_ms']:.0f} ms. "
        f"Now: {taken['taken']}, {taken['yardstick_ms']:.0f} ms.\n"
    )
    return "\n".join([_table(head, lines), note, _held(taken["memory"], last["memory"])])


def _goal(goal: float | None) -> str:
    return "" if goal is None else f"{goal:.2f}"


def _costs(costs: list[dict[str, Any]]) -> str:
    """Return the table of what each page costs."""
    head = ["page", "yardsticks", "goal", "CPU ms", "median ms", "KB of HTML", "goal", "SQL", "planned, ms"]
    lines = []
    for cost in costs:
        line = [cost["name"], f"{cost['yardsticks']:.2f}", _verdict(cost["yardsticks"], cost["goal"])]
        line += [f"{cost['cpu_ms']:.1f}", f"{cost['wall_ms']:.1f}"]
        line += [f"{cost['kb']:.0f}", _verdict(cost["kb"], cost["goal_kb"])]
        line += [_against(cost["statements"], STATEMENT_BUDGET, "d")]
        line += [_against(cost["planning_ms"], PLANNING_BUDGET_MS, ".1f")]
        lines.append(line)
    return _table(head, lines)


def _against(value: float, budget: float, form: str) -> str:
    """Return a value, in bold when it is above its budget."""
    return f"**{value:{form}}**" if value > budget else f"{value:{form}}"


def _held(now: dict[str, float], last: dict[str, float] | None = None) -> str:
    """Return the memory of processes beside that of an earlier run."""
    head = ["memory after the load, MB (PSS)", "last", "now", "goal"]
    lines = [
        [name, f"{last[name]:.0f}" if last and name in last else "", f"{held:.0f}", _verdict(held, _memory_goal(name))]
        for name, held in now.items()
    ]
    return _table(head, lines)


def _memory_goal(name: str) -> float:
    return WEB_BUDGET_MB if name.startswith("web") else WORKER_BUDGET_MB


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
    note = ""
    refused = sum(result.refused for row in rows for result in row.results)
    if refused:
        note = (
            f"{refused} requests were answered with 503 and a Retry-After: they waited ten seconds for the database.\n"
        )
    return "\n".join([PAGES, _table(head, lines), note])


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


def _documents(made: dict[str, Any]) -> str:
    cpu, filed = made["cpu_ms"], made["filed"]
    lines = [
        ["PDFs a second, contract, two worker children", f"{made['per_second']:.1f}", ""],
        [f"CPU per contract of {made['pages']:.0f} pages, warm, ms", f"{cpu:.0f}", _verdict(cpu, PDF_BUDGET_MS)],
        ["diary handed in to filed, idle worker, 95 of 100, s", f"{filed:.2f}", _verdict(filed, FILED_BUDGET_S)],
    ]
    return "\n".join(["## Papers\n", _table(["", "measured", "budget"], lines)])


def _memory(alone: dict[str, float], loaded: dict[str, list[float]]) -> str:
    """Return the table of memory: of the one process that the costs were measured on, then of those under load."""
    lines = [
        [f"{name}, one process, after the pages above", f"{held:.0f}", "", _verdict(held, _memory_goal(name))]
        for name, held in alone.items()
        if name.startswith("web")
    ]
    lines += [
        [
            f"{name}, after the load below",
            f"{values[0]:.0f}",
            f"{sum(values):.0f} in {len(values)}",
            _verdict(values[0], _memory_goal(name)),
        ]
        for name, values in loaded.items()
    ]
    head = ["", "largest process, MB (PSS)", "all processes", "budget for one"]
    return "\n".join(["## Memory\n", _table(head, lines)])


def _weights(weights: list[tuple[str, str, int, int]]) -> str:
    lines = [[what, language, f"{size / 1024:.0f}", str(count)] for what, language, size, count in weights]
    text = (
        "Everything that an empty browser fetches, as it comes over the wire. Moodle: 1.2 MB and 26 to 31 requests.\n"
    )
    return "\n".join(["## First visit\n", text, _table(["page", "language", "KiB", "requests"], lines)])


READING = """## How to read this

- A page is measured as the whole answer over HTTP: session from Redis, rows from PostgreSQL, template, middleware.
- CPU is that of the web process or processes for one client; the database's comes on top.
- With more clients than cores, times are mostly waiting; what counts then is how many are done in a second.
- "Handed in to filed" begins with the request that hands the form in and ends when the version is in the folder.
- [costs.md](costs.md) says what the costs of a page are made of.
- Run it yourself: `make bench`, or `make bench ARGS="--seconds 10"` for steadier numbers. For daily use there is
  `make bench ARGS=--quick`: costs and memory only, beside those of the last run.
"""
