"""The parts of one running sandbox, which its endpoints work with."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from postline.sandbox.faults import Faults
from postline.sandbox.journal import Journal
from postline.sandbox.media import FETCH_SECONDS, CannotFetch, MediaLibrary, fetch
from postline.sandbox.records import Media
from postline.sandbox.webhooks import Webhooks
from postline.sandbox.world import World

MOMENT_SECONDS: Final = 0.1


@dataclass(slots=True, kw_only=True)
class Sandbox:
    """`base_url` is the address that permalinks and upload URLs start with."""

    world: World
    library: MediaLibrary
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    base_url: str = ""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    session: aiohttp.ClientSession | None = None
    webhooks: Webhooks = field(init=False)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self.world)

    async def fetch(self, url: str, *, follow: bool = True, within_seconds: float = FETCH_SECONDS) -> Media:
        """Fetch media from a URL and look at it. Raises CannotFetch."""
        if not url.startswith(("http://", "https://")) or not url.isascii():
            raise CannotFetch("not an http(s) URL of ASCII characters")
        if self.session is None:
            self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return await self.library.add(await fetch(self.session, url, follow=follow, within_seconds=within_seconds))

    def spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on after the answer, under the id of what it works for; it ends with the sandbox."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    async def grant_moment(self, name: str) -> None:
        """Give work under this name a moment of real time, so that whoever asks in a tight loop, or by a clock of
        their own, cannot outrun a download."""
        if task := self._tasks.get(name):
            await asyncio.wait({task}, timeout=MOMENT_SECONDS)

    async def settle(self) -> None:
        """Wait until nothing goes on in the background."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def stop_work(self) -> None:
        """End all that goes on in the background, unfinished."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        self.closing.set()
        await self.stop_work()
        await self.webhooks.close()
        if self.session is not None:
            await self.session.close()
