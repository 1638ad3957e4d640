"""Workers as real processes, forked from one that has loaded everything: what dies is replaced at once."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic
from typing import Any, Final

from postline.config import Settings
from tests.delivery.crash import worker
from tests.delivery.crash.points import Act

LOOK_EVERY_S: Final = 0.05
ENDS_WITHIN_S: Final = 25.0
# Each child imports what the main module imports, so that too is loaded before there are children.
LOADED_ONCE: Final = [worker.__name__, "tests.delivery.crash.matrix"]


@dataclass
class Fleet:
    """`size` workers that run, as long as the fleet does, besides those that are `stopped`.

    `tiktok`: how their TikTok app differs from the usual one. `kills`: how many died by SIGKILL; `quitters`: how many
    ended by themselves.
    """

    settings: Settings
    tiktok: Mapping[str, Any]
    folder: Path
    log_path: Path
    size: int
    stopped: int = 0
    kills: int = 0
    quitters: int = 0
    _members: list[ForkServerProcess] = field(default_factory=list)
    _leaving: list[ForkServerProcess] = field(default_factory=list)

    def look_after(self) -> None:
        """Replace the dead, and let those go who are too many since others came back."""
        for process in [each for each in self._members if each.exitcode is not None]:
            self.kills += process.exitcode == -signal.SIGKILL
            self.quitters += process.exitcode != -signal.SIGKILL and process not in self._leaving
            self._members.remove(process)
        self._leaving = [each for each in self._leaving if each in self._members]
        for process in self._leaving:
            self.wake(process.pid or 0)
        while len(self._members) - len(self._leaving) < self.size + self.stopped:
            self._members.append(self._start())
        staying = [each for each in self._members if each not in self._leaving]
        for process in staying[self.size + self.stopped :]:
            self._leaving.append(process)
            process.terminate()

    def wake(self, pid: int) -> None:
        """Let a stopped worker go on."""
        if self.is_alive(pid):
            with suppress(ProcessLookupError):  # it has died this moment
                os.kill(pid, signal.SIGCONT)

    def hurt(self, act: Act, pid: int) -> None:
        """Kill or stop a worker that is still there."""
        if self.is_alive(pid):
            with suppress(ProcessLookupError):
                worker.hurt(act, pid)

    def is_alive(self, pid: int) -> bool:
        return any(process.pid == pid and process.exitcode is None for process in self._members)

    def stop(self) -> None:
        """Let all end; one that is stopped meanwhile, by what was under way, is woken again."""
        for process in self._members:
            process.terminate()
        end = monotonic() + ENDS_WITHIN_S
        while (alive := [each for each in self._members if each.exitcode is None]) and monotonic() < end:
            for process in alive:
                self.wake(process.pid or 0)
            alive[0].join(LOOK_EVERY_S)
        for process in alive:
            process.kill()
            process.join()
        self._members.clear()

    def _start(self) -> ForkServerProcess:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED_ONCE)
        given = (self.settings, self.tiktok, self.folder, self.log_path)
        process = context.Process(target=worker.work, args=given, daemon=True)
        process.start()
        return process


@asynccontextmanager
async def running_fleet(fleet: Fleet, on_look: Callable[[], None]) -> AsyncIterator[None]:
    """Keep it up until the block ends; `on_look` is called after each look at it."""

    async def look() -> None:
        while True:
            fleet.look_after()
            on_look()
            await asyncio.sleep(LOOK_EVERY_S)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        await asyncio.to_thread(fleet.stop)
