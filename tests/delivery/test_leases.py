"""Claims, leases and fences on the real database: one owner at a time, and only the owner can write."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from postline.core.outcomes import Effect
from postline.core.states import DeliveryState
from postline.db.engine import WORKER_ROLE, Database
from postline.delivery.claim import Lease, claim, fences, hand_back, renew, seconds_to_next
from postline.delivery.journal import Journal, LostLease, Next
from postline.delivery.runner import _require_lease
from postline.networks.http import GUARD, HttpClient
from postline.posts.models import Delivery
from postline.posts.moves import withdraw
from tests.support.rows import journal_kinds, read_delivery, scheduled_deliveries

pytestmark = pytest.mark.anyio

LONG = Lease("worker-a", timedelta(minutes=1))
OTHER = Lease("worker-b", timedelta(minutes=1))
LAPSED = Lease("worker-a", timedelta(seconds=-1))
INTENT = Next(state=DeliveryState.PUBLISHING, wait=timedelta(minutes=1), begins=True)
LIVE = Next(state=DeliveryState.PUBLISHED)


async def test_what_is_not_due_is_left_alone(database: Database) -> None:
    await scheduled_deliveries(database, 1, due_in=timedelta(hours=1))
    assert await claim(database.engine(WORKER_ROLE), LONG, 10) == []
    assert 3500 < (await seconds_to_next(database.engine(WORKER_ROLE)) or 0) <= 3600


async def test_workers_that_claim_at_once_never_share_a_delivery(database: Database) -> None:
    ids = await scheduled_deliveries(database, 60)
    engine = database.engine(WORKER_ROLE)
    claims = await asyncio.gather(*(claim(engine, Lease(f"w{n}", timedelta(minutes=1)), 20) for n in range(6)))
    counted = Counter(delivery.id for claimed in claims for delivery in claimed)
    leftover = await claim(engine, LONG, 100)
    assert set(counted.values()) == {1}
    assert set(counted) | {delivery.id for delivery in leftover} == set(ids)


async def test_a_lapsed_lease_is_taken_over_and_the_old_owner_can_write_nothing(database: Database) -> None:
    [delivery_id] = await scheduled_deliveries(database, 1)
    engine = database.engine(WORKER_ROLE)
    journal = Journal(engine)
    [slow] = await claim(engine, LAPSED, 1)
    [fresh] = await claim(engine, OTHER, 1)
    slow.note("published", None, "too late")
    fresh.note("began", "step", "mine")
    assert (fresh.was, fresh.fence) == (DeliveryState.PUBLISHING, slow.fence + 1)
    with pytest.raises(LostLease):
        await journal.write(slow, LIVE)
    await journal.write(fresh, INTENT)
    assert (await read_delivery(database, delivery_id)).state == "publishing"
    assert await journal_kinds(database, delivery_id) == ["began"]


async def test_a_renewed_lease_is_not_taken_over(database: Database) -> None:
    await scheduled_deliveries(database, 1)
    engine = database.engine(WORKER_ROLE)
    held = await claim(engine, LAPSED, 1)
    assert await renew(engine, LONG, fences(held)) == {held[0].id}
    assert await claim(engine, OTHER, 1) == []


async def test_what_is_handed_back_is_taken_over_at_once(database: Database) -> None:
    await scheduled_deliveries(database, 1)
    engine = database.engine(WORKER_ROLE)
    assert await claim(engine, LONG, 1)
    await hand_back(engine, LONG)
    assert len(await claim(engine, OTHER, 1)) == 1


async def test_a_person_who_cancels_before_the_commit_wins(database: Database) -> None:
    [delivery_id] = await scheduled_deliveries(database, 1)
    engine = database.engine(WORKER_ROLE)
    [claimed] = await claim(engine, LONG, 1)
    async with database.as_worker() as session:
        withdraw(await session.get_one(Delivery, delivery_id), DeliveryState.CANCELLED)
    with pytest.raises(LostLease):
        await Journal(engine).write(claimed, INTENT)
    assert (await read_delivery(database, delivery_id)).state == "cancelled"


async def test_the_open_step_outlives_its_worker(database: Database) -> None:
    await scheduled_deliveries(database, 1)
    engine = database.engine(WORKER_ROLE)
    [doomed] = await claim(engine, LAPSED, 1)
    doomed.open_step, doomed.open_effect = "publish", Effect.ONCE
    await Journal(engine).write(doomed, Next(state=DeliveryState.PUBLISHING, wait=timedelta(seconds=-1), begins=True))
    [taken] = await claim(engine, OTHER, 1)
    assert (taken.open_step, taken.open_effect) == ("publish", Effect.ONCE)
    assert taken.first_call_at is not None


async def test_writes_that_come_together_share_a_commit(database: Database) -> None:
    await scheduled_deliveries(database, 50)
    engine = database.engine(WORKER_ROLE)
    journal = Journal(engine)
    held = await claim(engine, LONG, 50)
    for each in held:
        each.note("began", "step", "")
    await asyncio.gather(*(journal.write(each, INTENT) for each in held))
    async with engine.connect() as connection:
        commits = await connection.scalar(text("SELECT count(DISTINCT xmin::text) FROM journal"))
    assert commits <= 3


async def test_a_worker_knows_by_itself_when_its_lease_has_run_out(database: Database) -> None:
    """One that was stopped meanwhile makes no call any more, whatever the database would say."""
    await scheduled_deliveries(database, 1)
    engine = database.engine(WORKER_ROLE)
    [stopped] = await claim(engine, LAPSED, 1)
    [fresh] = await claim(engine, OTHER, 1)
    assert (stopped.is_ours(), fresh.is_ours()) == (False, True)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
    async with server, HttpClient() as http:
        guard = GUARD.set(lambda: _require_lease(stopped))
        try:
            with pytest.raises(LostLease):
                await http.call("POST", url, network="Facebook", endpoint="page.feed")
        finally:
            GUARD.reset(guard)
