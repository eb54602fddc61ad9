"""What a page costs the web process: CPU time in yardsticks, statements and their planning, size."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bench.client import Client
from bench.counting import ASK_FOR_PLANS, PLANS

PLANNING_BUDGET_MS, STATEMENT_BUDGET = 2.0, 10
CPU_CLOCK_OF_A_PROCESS = 2  # CPUCLOCK_SCHED of clock_getcpuclockid(3), which Python has for threads only
WARM_REQUESTS = 8
PATIENCE, FEWEST_REQUESTS = 2.0, 3
"""After so many seconds of one page in a row, no more requests than these few are made."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is measured.

    Attributes:
        key: under which results of different runs are compared.
        who: whose client opens it.
        goal: yardsticks of CPU time; `goal_kb` of HTML.
    """

    key: str
    name: str
    who: str
    path: Callable[[dict[str, Any]], str]
    goal: float | None = None
    goal_kb: int | None = None


@dataclass(slots=True)
class Cost:
    """What was measured of a page; times are medians."""

    key: str
    name: str
    goal: float | None
    goal_kb: int | None
    yardsticks: float
    cpu_ms: float
    wall_ms: float
    kb: float
    statements: int
    planning_ms: float
    slowest_plan: str

    def as_data(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


PAGES = [
    Page("healthz", "`/healthz`", "guest", lambda _about: "/healthz"),
    Page("sign-in", "sign-in page", "guest", lambda _about: "/sign-in/"),
    Page("mentee", "first screen, Mentee", "mentee", lambda _about: "/", 0.25),
    Page("space", "group space", "mentee", lambda about: f"/groups/{about['group']}/", 0.25),
    Page("plan", "session plan", "mentor", lambda about: f"/groups/{about['group']}/plan/", 0.30),
    Page("diaries", "diaries of a group", "mentor", lambda about: f"/groups/{about['group']}/diaries/", 0.30),
    Page("mentor", "first screen, Mentor", "mentor", lambda _about: "/", 0.30),
    Page("folder", "managing folder, 25 rows", "mentor", lambda about: f"/folders/{about['folder']}/", 0.40),
    Page("board", "board of a group, 20 topics", "mentee", lambda about: f"/groups/{about['group']}/forum/", 0.30),
    Page("topic", "topic of 50 posts, 25 on a page", "mentee", lambda about: f"/topics/{about['topic']}/", 0.40),
    Page("search", "search, four kinds", "mentee", lambda _about: "/search/?q=letter", 0.40),
    Page("search-posts", "search, 20 posts", "mentor", lambda _about: "/search/?q=letter&kind=posts", 0.40),
    Page("search-manager", "search, Manager of {groups} groups", "manager", lambda _about: "/search/?q=contract", 0.40),
    Page("notices", "notices", "mentee", lambda _about: "/notices/", 0.40),
    Page("groups", "list of groups, Manager of {groups}", "manager", lambda _about: "/groups/", 0.35),
    Page("manager", "first screen, Manager of {groups} groups", "manager", lambda _about: "/", 0.50, 120),
]
MANY = Page("manager-many", "first screen, Manager of {groups} groups", "manager", lambda _about: "/", 0.60, 120)


def yardstick_ms() -> float:
    """Return the CPU time of a piece of Python that is the same everywhere, in milliseconds."""
    begun = time.process_time()
    sum(i * i for i in range(10**6))
    return 1000 * (time.process_time() - begun)


def cpu_ms_of(pid: int) -> float:
    """Return the CPU time of a process with all its threads, those that have ended too, in milliseconds."""
    return 1000 * time.clock_gettime((~pid << 3) | CPU_CLOCK_OF_A_PROCESS)


@dataclass
class _Taken:
    """What the rounds of one page gave."""

    yardsticks: list[float]
    cpu_ms: list[float]
    wall_ms: list[float]
    size: int = 0


async def measure(
    pages: list[Page], clients: dict[str, Client], web: int, *, groups: int, rounds: int, requests: int
) -> tuple[list[Cost], float]:
    """Open each page again and again, one request at a time.

    The yardstick is taken between the pages, in every round anew, so that a machine that slows down slows both.

    Args:
        web: the one process that answers.

    Returns:
        The costs in the order of the pages, and the median yardstick in milliseconds.
    """
    for page in pages:
        await _spell(page, clients[page.who], web, WARM_REQUESTS)
    taken = {page.key: _Taken([], [], []) for page in pages}
    yardsticks = []
    for _ in range(rounds):
        for page in pages:
            unit = statistics.median(yardstick_ms() for _ in range(3))
            yardsticks.append(unit)
            cpu, wall, size = await _spell(page, clients[page.who], web, requests)
            found = taken[page.key]
            found.yardsticks.append(cpu / unit)
            found.cpu_ms.append(cpu)
            found.wall_ms.append(wall)
            found.size = size
    costs = [await _cost(page, clients[page.who], taken[page.key], groups) for page in pages]
    return costs, statistics.median(yardsticks)


async def _spell(page: Page, client: Client, web: int, requests: int) -> tuple[float, float, int]:
    """Return the median CPU and wall time of some requests in a row, and the size of the page in bytes."""
    path = page.path(client.about)
    stamps, walls, size = [cpu_ms_of(web)], [], 0
    until = time.perf_counter() + PATIENCE
    for done in range(requests):
        if done >= FEWEST_REQUESTS and time.perf_counter() > until:
            break
        begun = time.perf_counter()
        size = len((await client.get(path)).body)
        walls.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(0.002)  # what the server does after the answer belongs to it
        stamps.append(cpu_ms_of(web))
    spent = [after - before for before, after in zip(stamps, stamps[1:], strict=False)]
    return statistics.median(spent), statistics.median(walls), size


async def _cost(page: Page, client: Client, taken: _Taken, groups: int) -> Cost:
    client.always[ASK_FOR_PLANS] = "1"
    answer = await client.get(page.path(client.about))
    del client.always[ASK_FOR_PLANS]
    plans = json.loads(answer.headers[PLANS.lower()])
    longest, gist = max(plans, default=(0.0, ""))
    return Cost(
        key=page.key,
        name=page.name.format(groups=f"{groups:,}"),
        goal=page.goal,
        goal_kb=page.goal_kb,
        yardsticks=statistics.median(taken.yardsticks),
        cpu_ms=statistics.median(taken.cpu_ms),
        wall_ms=statistics.median(taken.wall_ms),
        kb=taken.size / 1024,
        statements=len(plans),
        planning_ms=longest,
        slowest_plan=gist,
    )
