"""Workers at one delivery each, stopped before everything that others can see, so that a test says who goes next."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Final

from postline.delivery.claim import Claimed, Lease

HAND: Final[ContextVar["Hand"]] = ContextVar("hand")


class Place(StrEnum):
    """Where a hand stands still: before a write to the database, or in a call that has not reached the network."""

    WRITE = "write"
    PREPARE = "prepare"
    PROCESS = "process"
    COMMIT = "commit"
    READ = "read"
    FIND = "find"


class Answer(StrEnum):
    """What comes of the call that a hand is in; a write is always FINE."""

    FINE = "fine"
    LATER = "later"  # the network still works on it
    GONE = "gone"  # what was prepared has expired
    BUSY = "busy"
    RATE_LIMITED = "rate limited"
    REJECTED = "rejected"
    ACCESS_DEAD = "access dead"
    LOST_BEFORE = "lost before it arrived"
    LOST_AFTER = "lost after it was done"
    MISTAKE = "a mistake of ours"
    UNSURE = "the network does not say"


class Hand:
    """One worker's run of one claimed delivery. `generation`: of the order that it claimed.

    `is_outlived`: its call to commit was still on its way when others were refused or ran out of tries, which takes
    longer than a call may last: it will not arrive any more.
    """

    def __init__(self, lease: Lease, claimed: Claimed, generation: int) -> None:
        self.lease = lease
        self.claimed = claimed
        self.generation = generation
        self.is_lapsed = False
        self.place: Place | None = None
        self.is_outlived = False
        self._go: asyncio.Future[Answer] | None = None
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def fence(self) -> int:
        return self.claimed.fence

    @property
    def is_done(self) -> bool:
        return self._task is not None and self._task.done()

    async def start(self, run: Callable[[Claimed], Coroutine[Any, Any, None]]) -> None:
        """Run until the first stop."""

        async def running() -> None:
            HAND.set(self)
            await run(self.claimed)

        self._task = asyncio.create_task(running())
        await self.settled()

    async def stop(self, place: Place) -> Answer:
        """Called from within the run: stand still here until told what comes of it."""
        self.place, self._go = place, asyncio.get_running_loop().create_future()
        self._stopped.set()
        return await self._go

    def let_go(self, answer: Answer = Answer.FINE) -> None:
        """Go on, without waiting for where it stops next."""
        assert self._go is not None
        self.place = None
        self._stopped.clear()
        self._go.set_result(answer)

    async def settled(self) -> None:
        """Until it stops again or has ended. Raises what the run raised: it should have raised nothing."""
        assert self._task is not None
        stopped = asyncio.create_task(self._stopped.wait())
        await asyncio.wait({self._task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if self._task.done() and not self._task.cancelled():
            self._task.result()

    async def kill(self) -> None:
        """As the death of its process: nothing more is written or sent."""
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
