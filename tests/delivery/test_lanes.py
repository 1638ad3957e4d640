"""Each network, and its uploads, have places of their own in a worker."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

import pytest
from sqlalchemy import update

from postline.clock import utc_now
from postline.connections.vault import Vault
from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.delivery.chores import Chores
from postline.delivery.claim import Claimed
from postline.delivery.runner import Runner
from postline.delivery.targets import Targets
from postline.delivery.worker import Room, Worker
from postline.posts.models import Delivery
from tests.support.rows import scheduled_deliveries

pytestmark = pytest.mark.anyio

ROOM: Final = Room(small=2, uploads=2)
POSTS: Final = 10


class Hanging:
    """A runner that never comes back from some deliveries, and tells when all others have come."""

    def __init__(self, hanging: Collection[UUID], others: Collection[UUID]) -> None:
        self._hanging, self._left = hanging, set(others)
        self.others_came = asyncio.Event()

    async def run(self, delivery: Claimed) -> None:
        if delivery.id in self._hanging:
            await asyncio.Event().wait()
        self._left.remove(delivery.id)
        if not self._left:
            self.others_came.set()


@pytest.mark.parametrize(
    "other",
    [{"network": NetworkKey.INSTAGRAM}, {"network": NetworkKey.TIKTOK}, {"is_upload": True}],
    ids=["instagram", "tiktok", "uploads"],
)
async def test_what_hangs_in_one_lane_holds_up_no_other(database: Database, other: dict[str, object]) -> None:
    hanging, others = await scheduled_deliveries(database, POSTS), await scheduled_deliveries(database, POSTS)
    async with database.as_worker() as session:
        await session.execute(update(Delivery).where(Delivery.id.in_(others)).values(other))
    runner = Hanging(hanging, others)
    chores = Chores(database, {}, Targets(database, Vault([bytes(32)]), {}), None, utc_now)
    worker = Worker(database, cast(Runner, runner), chores, timedelta(minutes=1), ROOM)
    working = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        await runner.others_came.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
