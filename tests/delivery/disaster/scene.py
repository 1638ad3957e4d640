"""Many posts for many profiles over a database of the test's own, and what must have become of them."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from postline import migrations
from postline.accounts.actor import postline_itself
from postline.accounts.service import get_account
from postline.db.embedded import EmbeddedServer, ensure_server
from postline.posts import service, workflow
from postline.posts.schemas import MediaIn, PostIn, ScheduleIn
from postline.sandbox.seed import seed
from postline.sandbox.server import RunningSandbox, running_sandbox
from tests.support.files import jpeg
from tests.support.processes import environment
from tests.support.world import Json, World, running_world

PERSON: Final = "10215241773831025"
PAGES: Final = 10  # each with an Instagram account
STATES: Final = "SELECT state, count(*) FROM deliveries GROUP BY state"


@dataclass
class Scene:
    """A world with many profiles. `planned`: the captions of what was scheduled, all different."""

    world: World
    sandbox: RunningSandbox
    planned: set[str]

    @property
    def database_url(self) -> str:
        return self.world.database.url

    def worker_env(self, **more: str) -> dict[str, str]:
        return environment(self.world.services.settings, self.database_url) | more

    async def plan(self, count: int, due_in: timedelta = timedelta(0)) -> None:
        """Texts for Pages and pictures for Instagram accounts, all due at one time."""
        asset = await self.world.editor.upload("photo.jpg", jpeg())
        picture = MediaIn(asset_id=asset["id"], alt_text="A photo")
        profiles = list(self.world.profiles.values())
        now = datetime.now(UTC)
        actor = postline_itself(self.world.account_id)
        async with self.world.database.as_account(self.world.account_id) as session:
            account = await get_account(session, self.world.account_id)
            for number in range(len(self.planned), len(self.planned) + count):
                profile = profiles[number % len(profiles)]
                given = PostIn(
                    caption=f"Post {number}",
                    media=[picture] if profile["network"] == "instagram" else [],
                    profile_ids=[profile["id"]],
                    time_zone="UTC",
                )
                when = ScheduleIn(local_time=(now + due_in).replace(tzinfo=None)) if due_in else ScheduleIn(now=True)
                post = await service.create_post(session, actor, account, given)
                await workflow.schedule(session, actor, post.id, when, self.world.services.registry.networks, now)
                self.planned.add(given.caption)

    def live_count(self) -> int:
        return len(list(self.sandbox.world.live_posts()))

    async def until_live(self, count: int, within_s: float = 120) -> None:
        await until(lambda: self.live_count() >= count, within_s)

    def states(self) -> dict[str, int]:
        """Deliveries by state; empty while the database does not answer."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.database_url, connect_timeout=2) as connection:
            return dict(connection.execute(STATES).fetchall())
        return {}

    async def until_published(self, within_s: float = 180) -> None:
        """All of it, by itself."""
        try:
            await until(lambda: self.states() == {"published": len(self.planned)}, within_s)
        except TimeoutError:
            raise AssertionError(f"{self.states()}, {self.live_count()} of {len(self.planned)} live") from None

    def journal(self, kind: str) -> int:
        """How many lines of this kind all deliveries' histories have."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute("SELECT count(*) FROM journal WHERE kind = %s", [kind]).fetchone()
        return row[0] if row else 0

    async def assert_exactly_once(self) -> None:
        """Each post is live once, where its delivery says."""
        live = await self.world.live()
        assert Counter(each["caption"] for each in live) == Counter(self.planned)
        with psycopg.connect(self.database_url) as connection:
            stored = connection.execute("SELECT permalink FROM deliveries").fetchall()
        assert sorted(each["permalink"] for each in live) == sorted(permalink for (permalink,) in stored)


async def until(condition: Callable[[], bool], within_s: float) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while True:
            if condition():
                return
            await asyncio.sleep(0.1)


@asynccontextmanager
async def scene_over(database_url: str, folder: Path) -> AsyncIterator[Scene]:
    """Connected and bound, with nothing planned yet."""
    async with running_sandbox() as sandbox, running_world(database_url, sandbox.url, folder) as world:
        pages: list[Json] = [
            {"name": f"Page {number}", "username": f"page{number}", "instagram": {"username": f"page{number}"}}
            for number in range(PAGES)
        ]
        seed(sandbox.world, {"meta_users": [{"id": PERSON, "name": "Mia Fields", "pages": pages}]})
        await world.admin.patch("", {"is_enabled": True})
        connection_id = await world.connect("meta")
        for remote in (await world.admin.get(f"/connections/{connection_id}/profiles"))["items"]:
            body = {"connection_id": connection_id} | {name: remote[name] for name in ("network", "remote_id")}
            world.profiles[f"{remote['network']} {remote['remote_id']}"] = await world.admin.post("/profiles", body)
        yield Scene(world, sandbox, set())


@contextmanager
def own_server(data_dir: Path) -> Iterator[EmbeddedServer]:
    """A server of the test's own, as durable as by default."""
    server = ensure_server(data_dir)
    migrations.upgrade(server.url())
    try:
        yield server
    finally:
        server.destroy()


def kill_server(server: EmbeddedServer) -> None:
    """As by a power cut: the postmaster and all its children at once."""
    postmaster = server.status().pid
    assert postmaster is not None
    for pid in (postmaster, *_children(postmaster)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _children(parent: int) -> list[int]:
    answer = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if int(lines["PPid"]) == parent:
                answer.append(int(lines["Pid"]))
    return answer
