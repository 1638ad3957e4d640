"""The worker's loop: wake when something is due, claim, run, keep leases alive, stop without losing anything."""

import asyncio
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import structlog
from psycopg.conninfo import make_conninfo

from postline import telemetry
from postline.core.words import NetworkKey
from postline.db.engine import WORKER_ROLE, Database, connect_args
from postline.delivery.chores import Chores
from postline.delivery.claim import Claimed, LaneKey, Lease, claim, fences, hand_back, renew, seconds_to_next, uptime
from postline.delivery.runner import Runner
from postline.posts.moves import DUE_CHANNEL

log = structlog.get_logger()

LONGEST_SLEEP: Final = 60.0  # a notification may be lost with its connection; this bounds what that costs
# What is overdue and cannot be claimed is in another worker's hands or waits for its turn: look again, ever less often.
SHORTEST_SLEEP: Final = 0.01
LONGEST_SECOND_LOOK: Final = 0.5
CLAIM_LIMIT: Final = 500
# While deliveries are under way, places are left to gather so that a claim takes many at once.
GATHER: Final = 0.02
GRACE: Final = timedelta(seconds=20)
PAUSE_AFTER_ERROR: Final = 1.0
LOOKS_AT_LOCKED: Final = 3  # a heartbeat meets rows that the journal is just writing
PAUSE_FOR_LOCKED: Final = 0.1
PAUSE_WHILE_BUSY: Final = 1.0
BUSY_FROM: Final = 100  # deliveries of one lane under way


@dataclass(frozen=True, slots=True)
class Room:
    """How many deliveries of each network a worker has in flight: small ones, and uploads."""

    small: int
    uploads: int


@dataclass(slots=True)
class Lane:
    """Deliveries that share `places`, and what to wait for before taking more."""

    key: LaneKey
    places: int
    taken: int = 0
    looks: int = 0  # how often in a row something was overdue and could not be claimed
    is_backed_up: bool = False  # the last claim found as many as it asked for
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    worth_it: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_busy(self) -> bool:
        return self.taken > BUSY_FROM

    @property
    def free(self) -> int:
        """How many to claim. At most half of all: while one half waits for the network, the other gets on."""
        return min(self.places - self.taken, max(self.places // 2, 1), CLAIM_LIMIT)

    @property
    def is_worth_it(self) -> bool:
        """Whether a claim would take many at once."""
        return self.places - self.taken >= self.places // 4

    def look_again(self) -> None:
        self.looks = 0
        self.wake.set()

    async def gather(self) -> None:
        """Until so many places are free that a claim is worth its cost, but not for long."""
        if self.is_backed_up and self.is_worth_it:
            return
        self.worth_it.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER):
                await self.worth_it.wait()

    def leave(self) -> None:
        """A delivery gives its place back."""
        self.taken -= 1
        if self.is_backed_up and self.is_worth_it:
            self.worth_it.set()


class Worker:
    """Publishes what is due in all accounts. Any number of workers may run over one database."""

    def __init__(self, database: Database, runner: Runner, chores: Chores, lease: timedelta, room: Room) -> None:
        self._database = database
        self._runner = runner
        self._chores = chores
        self._lanes = [
            Lane(LaneKey(network, is_upload), room.uploads if is_upload else room.small)
            for network in NetworkKey
            for is_upload in (False, True)
        ]
        self._lease = Lease(f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}", lease)
        self._held: dict[UUID, Claimed] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._stopping = False
        telemetry.HELD.set_function(lambda: len(self._held))

    async def run(self) -> None:
        """Until `stop` is called; then what runs may finish for a while, and the rest is handed back."""
        helpers = [
            asyncio.create_task(_for_ever("listen", self._listen)),
            asyncio.create_task(_for_ever("heartbeat", self._heartbeat)),
            asyncio.create_task(_for_ever("chores", self._do_chores)),
        ]
        log.info("worker.started", owner=self._lease.owner)
        try:
            await asyncio.gather(*(self._serve(lane) for lane in self._lanes))
            if self._tasks:
                await asyncio.wait(self._tasks.values(), timeout=GRACE.total_seconds())
        finally:
            for task in (*helpers, *self._tasks.values()):
                task.cancel()
            await asyncio.gather(*helpers, *self._tasks.values(), return_exceptions=True)
            await hand_back(self._database, self._lease)
            log.info("worker.stopped")

    def stop(self) -> None:
        self._stopping = True
        self._wake()

    def _wake(self) -> None:
        for lane in self._lanes:
            lane.look_again()

    async def _serve(self, lane: Lane) -> None:
        await _for_ever("claim", lambda: self._claim_due(lane), until=lambda: self._stopping)

    async def _claim_due(self, lane: Lane) -> None:
        if lane.taken:
            await lane.gather()
        lane.wake.clear()
        claimed = []
        if (free := lane.free) > 0:
            claimed = await claim(self._database, self._lease, free, lane.key)
            lane.is_backed_up = len(claimed) == free
        for delivery in claimed:
            self._start(delivery, lane)
        if claimed:
            lane.looks = 0
        if claimed or self._stopping:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(await self._sleep_length(lane, free)):
                await lane.wake.wait()

    async def _sleep_length(self, lane: Lane, free: int) -> float:
        if free <= 0:
            return LONGEST_SLEEP  # a finished delivery wakes us
        seconds = await seconds_to_next(self._database, lane.key)
        if seconds is None:
            return LONGEST_SLEEP
        if seconds > SHORTEST_SLEEP:
            lane.looks = 0
            return min(seconds, LONGEST_SLEEP)
        lane.looks += 1
        return min(SHORTEST_SLEEP * (1 << min(lane.looks, 10)), LONGEST_SECOND_LOOK)

    def _start(self, delivery: Claimed, lane: Lane) -> None:
        self._held[delivery.id] = delivery
        lane.taken += 1
        self._tasks[delivery.id] = asyncio.create_task(self._run_one(delivery, lane))

    async def _run_one(self, delivery: Claimed, lane: Lane) -> None:
        try:
            await self._runner.run(delivery)
        except Exception:
            # Its lease runs out and it is taken over from what the journal holds.
            log.exception("delivery.crashed", delivery=str(delivery.id))
        finally:
            lane.leave()
            if self._held.get(delivery.id) is delivery:
                del self._held[delivery.id], self._tasks[delivery.id]
            for each in self._lanes:
                # What cannot be claimed may have waited for this one's profile.
                if each is lane or (each.looks and each.key.network is lane.key.network):
                    each.look_again()

    async def _do_chores(self) -> None:
        """Publishing comes first: numbers and letters wait while most places are taken."""
        if any(lane.is_busy for lane in self._lanes):
            await asyncio.sleep(PAUSE_WHILE_BUSY)
        else:
            await self._chores.run_due()

    async def _heartbeat(self) -> None:
        await asyncio.sleep(self._lease.length.total_seconds() / 3)
        held = fences(list(self._held.values()))
        for _ in range(LOOKS_AT_LOCKED):
            if not held:
                return
            lease_until = uptime() + self._lease.length.total_seconds()
            extended, lost = await renew(self._database, self._lease, held)
            for delivery in self._still_held(extended, held):
                delivery.lease_until = lease_until
            for delivery in self._still_held(lost, held):
                self._tasks[delivery.id].cancel()
            held = {each: fence for each, fence in held.items() if each not in extended and each not in lost}
            await asyncio.sleep(PAUSE_FOR_LOCKED)

    def _still_held(self, ids: Collection[UUID], fence_of: Mapping[UUID, int]) -> list[Claimed]:
        """Not what was let go of meanwhile, or claimed anew."""
        found = (self._held.get(each) for each in ids)
        return [each for each in found if each is not None and each.fence == fence_of[each.id]]

    async def _listen(self) -> None:
        """Be told when something became due or was rescheduled."""
        conninfo = make_conninfo(self._database.url, **connect_args(WORKER_ROLE, "postline_listen"))
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
            await connection.execute(f"LISTEN {DUE_CHANNEL}")
            self._wake()
            async for _ in connection.notifies():
                self._wake()
                self._chores.woken.set()


async def _for_ever(name: str, work: Callable[[], Awaitable[None]], until: Callable[[], bool] = lambda: False) -> None:
    """Repeat; an error (the database went away, say) is logged and tried again after a pause."""
    while not until():
        try:
            await work()
        except Exception:
            log.exception("worker.loop_failed", loop=name)
            await asyncio.sleep(PAUSE_AFTER_ERROR)
