"""The parts of one running sandbox, which its endpoints work with."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from postline.sandbox.faults import Faults
from postline.sandbox.journal import Journal
from postline.sandbox.media import CannotFetch, MediaLibrary, fetch
from postline.sandbox.records import Media
from postline.sandbox.world import World


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
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def fetch(self, url: str, *, follow: bool = True) -> Media:
        """Fetch media from a URL and look at it. Raises CannotFetch."""
        if not url.startswith(("http://", "https://")) or not url.isascii():
            raise CannotFetch("not an http(s) URL of ASCII characters")
        if self.session is None:
            self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return await self.library.add(await fetch(self.session, url, follow=follow))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on after the answer; it ends with the sandbox."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        self.closing.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.session is not None:
            await self.session.close()
