"""PostgreSQL is killed while a worker publishes, and comes back: nothing is lost, nothing goes out twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from postline.core.outcomes import Effect
from postline.core.states import DeliveryState
from postline.db.embedded import ensure_server, kept_running
from postline.db.engine import Database
from postline.delivery.claim import Claimed, Lease
from postline.delivery.journal import Journal, LostLease, Next
from tests.delivery.disaster.scene import kill_server, own_server, scene_over, until
from tests.support.processes import worker_process
from tests.support.rows import claim, read_delivery, scheduled_deliveries

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

POSTS = 200


async def test_a_killed_database_that_comes_back_neither_loses_nor_repeats(tmp_path: Path) -> None:
    with own_server(tmp_path / "data") as server:
        async with scene_over(server.url(), tmp_path) as scene:
            await scene.plan(POSTS)
            async with kept_running(tmp_path / "data"):
                with worker_process(scene.worker_env(), tmp_path / "worker.log") as worker:
                    for live in (POSTS // 4, POSTS // 2):
                        await scene.until_live(live)
                        await until(lambda: scene.states().get("publishing", 0) > 0, 30)
                        kill_server(server)
                        await until(lambda: server.status().is_running, 60)
                    await scene.until_published()
                    assert worker.poll() is None, "the worker that saw it all is still the same process"
            await scene.assert_exactly_once()


@pytest.fixture
async def outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Database, Claimed]]:
    """A claimed delivery on a server that is down. A hundred tries a second stand for a long time."""
    monkeypatch.setattr("postline.delivery.journal.PAUSE", 0.01)
    with own_server(tmp_path) as server:
        database = Database(server.url())
        await scheduled_deliveries(database, 1)
        [claimed] = await claim(database, Lease("worker", timedelta(seconds=0.1)), 1)
        server.stop()
        yield database, claimed
        await database.dispose()


async def test_a_result_outlives_a_database_that_is_away_for_longer_than_a_lease(
    outage: tuple[Database, Claimed], tmp_path: Path
) -> None:
    database, claimed = outage
    writing = asyncio.create_task(Journal(database).write(claimed, Next(state=DeliveryState.PUBLISHED)))
    await asyncio.sleep(1)
    assert not writing.done()
    await asyncio.to_thread(ensure_server, tmp_path)
    await writing
    assert (await read_delivery(database, claimed.id)).state == "published"


async def test_an_intent_to_commit_that_no_call_can_follow_is_not_stored(
    outage: tuple[Database, Claimed], tmp_path: Path
) -> None:
    """Else whoever takes over would have to ask the network about a call that was never made."""
    database, claimed = outage
    claimed.begin("publish", Effect.ONCE, claimed.now())
    with pytest.raises(LostLease):
        await Journal(database).write(claimed, Next(state=DeliveryState.PUBLISHING))
    await asyncio.to_thread(ensure_server, tmp_path)
    found = await read_delivery(database, claimed.id)
    assert (found.state, found.open_step) == ("publishing", None)
