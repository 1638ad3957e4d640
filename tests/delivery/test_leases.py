"""Claims, leases and fences on the real database: one owner at a time, and only the owner can write."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from postline.core.outcomes import Effect
from postline.core.states import DeliveryState
from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.delivery.claim import LaneKey, Lease, fences, hand_back, renew, seconds_to_next
from postline.delivery.journal import Journal, LostLease, Next
from postline.delivery.runner import _require_lease
from postline.networks.http import GUARD, HttpClient
from postline.posts.models import Delivery
from postline.posts.moves import withdraw
from tests.support.rows import claim, journal_kinds, read_delivery, scheduled_deliveries

pytestmark = pytest.mark.anyio

LONG = Lease("worker-a", timedelta(minutes=1))
OTHER = Lease("worker-b", timedelta(minutes=1))
LAPSED = Lease("worker-a", timedelta(seconds=-1))
INTENT = Next(state=DeliveryState.PUBLISHING, wait=timedelta(minutes=1))
LIVE = Next(state=DeliveryState.PUBLISHED)


async def test_what_is_not_due_is_left_alone(database: Database) -> None:
    await scheduled_deliveries(database, 1, due_in=timedelta(hours=1))
    assert await claim(database, LONG, 10) == []
    lane = LaneKey(NetworkKey.FACEBOOK, is_upload=False)
    assert 3500 < (await seconds_to_next(database, lane) or 0) <= 3600


async def test_workers_that_claim_at_once_never_share_a_delivery(database: Database) -> None:
    ids = await scheduled_deliveries(database, 60)
    claims = await asyncio.gather(*(claim(database, Lease(f"w{n}", timedelta(minutes=1)), 20) for n in range(6)))
    counted = Counter(delivery.id for claimed in claims for delivery in claimed)
    leftover = await claim(database, LONG, 100)
    assert set(counted.values()) == {1}
    assert set(counted) | {delivery.id for delivery in leftover} == set(ids)


async def test_a_lapsed_lease_is_taken_over_and_the_old_owner_can_write_nothing(database: Database) -> None:
    [delivery_id] = await scheduled_deliveries(database, 1)
    journal = Journal(database)
    [slow] = await claim(database, LAPSED, 1)
    [fresh] = await claim(database, OTHER, 1)
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
    held = await claim(database, LAPSED, 1)
    assert await renew(database, LONG, fences(held)) == ({held[0].id}, set())
    assert await claim(database, OTHER, 1) == []


async def test_what_is_handed_back_is_taken_over_at_once(database: Database) -> None:
    await scheduled_deliveries(database, 1)
    assert await claim(database, LONG, 1)
    await hand_back(database, LONG)
    assert len(await claim(database, OTHER, 1)) == 1


async def test_a_person_who_cancels_before_the_commit_wins(database: Database) -> None:
    [delivery_id] = await scheduled_deliveries(database, 1)
    [claimed] = await claim(database, LONG, 1)
    async with database.as_worker() as session:
        withdraw(await session.get_one(Delivery, delivery_id), DeliveryState.CANCELLED)
    with pytest.raises(LostLease):
        await Journal(database).write(claimed, INTENT)
    assert (await read_delivery(database, delivery_id)).state == "cancelled"


async def test_the_open_step_outlives_its_worker(database: Database) -> None:
    await scheduled_deliveries(database, 1)
    [doomed] = await claim(database, LAPSED, 1)
    doomed.begin("publish", Effect.ONCE, doomed.now())
    await Journal(database).write(doomed, Next(state=DeliveryState.PUBLISHING, wait=timedelta(seconds=-1)))
    [taken] = await claim(database, OTHER, 1)
    assert (taken.open_step, taken.open_effect) == ("publish", Effect.ONCE)
    assert taken.first_call_at == taken.commit_began_at == doomed.first_call_at


async def test_writes_that_come_together_share_a_commit(database: Database) -> None:
    await scheduled_deliveries(database, 50)
    journal = Journal(database)
    held = await claim(database, LONG, 50)
    for each in held:
        each.note("began", "step", "")
    await asyncio.gather(*(journal.write(each, INTENT) for each in held))
    async with database.as_worker() as session:
        commits = await session.scalar(text("SELECT count(DISTINCT xmin::text) FROM journal"))
    assert commits <= 3


@pytest.mark.parametrize("unwritable", ["half of a pair: \ud83d", "NUL: \0"])
async def test_what_cannot_be_written_takes_no_others_along(database: Database, unwritable: str) -> None:
    ids = await scheduled_deliveries(database, 5)
    journal = Journal(database)
    held = await claim(database, LONG, 5)
    for each in held:
        each.note("began", "step", unwritable if each is held[2] else "")
    results = await asyncio.gather(*(journal.write(each, INTENT) for each in held), return_exceptions=True)
    failed = [delivery.id for delivery, result in zip(held, results, strict=True) if result is not None]
    assert failed == [held[2].id]
    assert [await journal_kinds(database, each) for each in ids if each not in failed] == [["began"]] * 4
    assert await journal_kinds(database, held[2].id) == []
    held[2].untold = []
    await journal.write(held[2], INTENT)


async def test_a_worker_knows_by_itself_when_its_lease_has_run_out(database: Database) -> None:
    """One that was stopped meanwhile makes no call any more, whatever the database would say."""
    await scheduled_deliveries(database, 1)
    [stopped] = await claim(database, LAPSED, 1)
    [fresh] = await claim(database, OTHER, 1)
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
