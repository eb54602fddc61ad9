"""The kinds of work that are measured: what a person does, as the requests of it."""

import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.client import Client, Work

MATRIX_BUDGET, PAGE_BUDGET = 100, 40
JPEG_COMMENT = b"\xff\xfe"


@dataclass(frozen=True, slots=True)
class Moodle:
    """What the same work cost the incumbent: SQL statements, median of one client in ms, done per second with eight."""

    what: str
    queries: int
    median_ms: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of work.

    Attributes:
        who: whose clients do it.
        budget_ms: median of one client, where one was set.
        requests: how many make up the work.
    """

    name: str
    who: str
    work: Work
    requests: int = 1
    budget_ms: int | None = None
    moodle: Moodle | None = None


def page(path: Callable[[Client], str]) -> Work:
    """Return the work of opening a page."""

    async def work(client: Client) -> None:
        await client.get(path(client))

    return work


async def save_diary(client: Client) -> None:
    """Save a diary as its page does while somebody writes."""
    about = client.about
    about["saves"] = about.get("saves", 0) + 1
    done = f"We read our lists to each other, for the {about['saves']}th time."
    answers = {
        "mood": 3,
        "done": done,
        "learned": "To listen.",
    }
    sent = {"lock": about["lock"], "writer": "bench", "answers": answers}
    about["lock"] = (await client.post_json(f"/forms/{about['draft']}/save/", sent)).json()["lock"]


async def upload_photo(client: Client) -> None:
    """Add a photo to a document; each one is another picture to the platform, which knows what it has already."""
    photo: bytes = client.about["photo"]
    comment = os.urandom(16).hex().encode()
    unique = photo[:2] + JPEG_COMMENT + (len(comment) + 2).to_bytes(2, "big") + comment + photo[2:]
    if client.about["pages"] % 150 == 0:
        answer = await client.post(f"/groups/{client.about['group']}/upload/", {"tool": "contract"})
        client.about["batch"] = answer.headers["location"].strip("/").split("/")[-1]
    client.about["pages"] += 1
    await client.post_file(f"/uploads/{client.about['batch']}/pages/", "photo.jpg", unique, "image/jpeg")


async def sign_in(client: Client) -> None:
    """Open the sign-in page and sign in, as somebody without cookies."""
    client.cookies.clear()
    await client.get("/sign-in/")
    await client.post("/sign-in/", {"login": client.about["email"], "password": client.about["password"]})


async def somebody(port: int, email: str, password: str, about: dict[str, Any]) -> Client:
    """Return the client of somebody who has signed in."""
    client = Client(port, about={"email": email, "password": password, **about})
    await sign_in(client)
    await client.get("/")
    return client


DASHBOARD = Moodle("dashboard, mentee", 57, 177, 10.5)


def scenarios(groups: int) -> list[Scenario]:
    """Return everything that is measured, in the order of the table.

    Args:
        groups: of the Manager.
    """
    home, matrix = page(lambda _client: "/"), page(lambda _client: "/matrix/export/?format=csv")
    group = page(lambda client: f"/groups/{client.about['group']}/")
    folder = page(lambda client: f"/folders/{client.about['folder']}/")
    board = page(lambda client: f"/groups/{client.about['group']}/forum/")
    topic = page(lambda client: f"/topics/{client.about['topic']}/")
    search = page(lambda _client: "/search/?q=letter")
    notices = page(lambda _client: "/notices/")
    plan = page(lambda client: f"/groups/{client.about['group']}/plan/")
    draft = page(lambda client: f"/forms/{client.about['draft']}/edit/")
    download = page(lambda client: f"/papers/{client.about['document']}/download/")
    all_groups = Moodle("dashboard of a manager of 200 groups", 19587, 18200, 0.17)
    report = Moodle("progress report over all groups as CSV", 8051, 4000, 0.44)
    reply = Moodle("forum reply with a 200 KiB PDF (4 requests)", 201, 457, 4.7)
    save = Moodle("diary save (3 requests)", 307, 550, 4.8)
    return [
        Scenario("Sign in (2 requests)", "guest", sign_in, 2, None, Moodle("login flow", 22, 106, 15.4)),
        Scenario("First screen, Mentee", "mentee", home, 1, PAGE_BUDGET, DASHBOARD),
        Scenario("First screen, Mentor", "mentor", home, 1, PAGE_BUDGET, DASHBOARD),
        Scenario(f"First screen, Manager: matrix of {groups} groups", "manager", home, 1, MATRIX_BUDGET, all_groups),
        Scenario(f"Matrix as CSV, {groups} groups", "manager", matrix, 1, None, report),
        Scenario("Group space", "mentee", group, 1, PAGE_BUDGET, Moodle("group page", 40, 172, 11.1)),
        Scenario("Managing folder", "mentor", folder, 1, PAGE_BUDGET, Moodle("folder, 20 PDFs", 36, 121, 16.9)),
        Scenario("Session plan", "mentor", plan, 1, PAGE_BUDGET),
        Scenario("Board of a group", "mentee", board, 1, PAGE_BUDGET),
        Scenario("Topic of 50 posts, its first page", "mentee", topic, 1, PAGE_BUDGET),
        Scenario("Search in everything", "mentee", search, 1, PAGE_BUDGET),
        Scenario("Notices", "mentee", notices, 1, PAGE_BUDGET),
        Scenario("Diary, page to write in", "mentee", draft, 1, PAGE_BUDGET),
        Scenario("Diary, one save", "mentee", save_diary, 1, PAGE_BUDGET, save),
        Scenario("Upload of a photo of 250 KiB", "mentor", upload_photo, 1, None, reply),
        Scenario(
            "Download, 200 KiB", "reader", download, 1, PAGE_BUDGET, Moodle("download of a 200 KiB PDF", 11, 27, 63)
        ),
    ]


@dataclass
class Crowd:
    """Clients by who they are; each kind has enough for the largest number measured."""

    port: int
    world: dict[str, Any]
    photo: bytes
    most: int

    def __post_init__(self) -> None:
        self.running = [group for group in self.world["groups"] if group["stage"] == "running"]
        self.clients: dict[str, list[Client]] = {}

    async def assemble(self) -> None:
        """Sign in as many people as needed; a Manager's or Mentor's session may serve several clients."""
        groups = self.running[: self.most]
        mentees = [await self._somebody(group["mentees"][1], self._of_group(group)) for group in groups]
        for client in mentees:
            await self._begin_diary(client)
        mentors = [await self._somebody(group["mentor"], self._of_group(group)) for group in groups[:8]]
        first = self.world["groups"][0]
        contract = next(document["version"] for document in first["documents"] if document["tool"] == "contract")
        readers = [await self._somebody(first["mentees"][0], {"document": contract})]
        manager = await self._somebody(self.world["people"][1]["email"], {})
        self.clients = {
            "guest": [Client(self.port, about=dict(client.about)) for client in mentees],
            "mentee": mentees,
            "mentor": self._several(mentors),
            "reader": self._several(readers),
            "manager": self._several([manager]),
        }

    def pick(self, who: str, count: int) -> Sequence[Client]:
        """Return so many clients of a kind."""
        return self.clients[who][:count]

    async def close(self) -> None:
        """Let all connections go."""
        for client in itertools.chain.from_iterable(self.clients.values()):
            await client.close()

    def _of_group(self, group: dict[str, Any]) -> dict[str, Any]:
        return {
            "group": group["id"],
            "folder": group["folders"]["managing"],
            "topic": group["topic"],
            "session": group["sessions"][3],
            "photo": self.photo,
            "pages": 0,
        }

    def _several(self, clients: list[Client]) -> list[Client]:
        """Return clients that share the sessions of a few people."""
        chosen = itertools.islice(itertools.cycle(clients), self.most)
        return [Client(self.port, dict(client.cookies), dict(client.about)) for client in chosen]

    async def _somebody(self, email: str, about: dict[str, Any]) -> Client:
        return await somebody(self.port, email, self.world["password"], about)

    async def _begin_diary(self, client: Client) -> None:
        """Open the diary of the last session, which this Mentee has not written yet."""
        answer = await client.get(f"/sessions/{client.about['session']}/diary/", expect=302)
        client.about["draft"] = int(answer.headers["location"].split("/forms/")[1].split("/")[0])
        client.about["lock"] = 0
