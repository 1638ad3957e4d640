"""A process freezes while it holds rows locked, or stops reading what the database sends: others go on without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from postline.core.states import DeliveryState
from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.delivery.claim import CLAIM, LaneKey, Lease, fences, hand_back, renew
from postline.delivery.journal import Journal, LostLease, Next
from postline.posts.models import Delivery
from postline.posts.moves import withdraw
from tests.support.rows import claim, journal_kinds, read_delivery, scheduled_deliveries

pytestmark = pytest.mark.anyio

MINE, THEIRS = Lease("worker-a", timedelta(minutes=1)), Lease("worker-b", timedelta(minutes=1))
LAPSED = Lease("worker-a", timedelta(seconds=-1))
INTENT = Next(state=DeliveryState.PUBLISHING)
LIVE = Next(state=DeliveryState.PUBLISHED)
WITHIN_S: Final = 20


@asynccontextmanager
async def frozen(database: Database, delivery_id: UUID) -> AsyncIterator[Delivery]:
    """Somebody's transaction that has this row and does not end."""
    async with database.as_worker() as session:
        yield await session.get_one(Delivery, delivery_id, with_for_update=True)


async def test_a_row_that_somebody_keeps_holds_up_no_other_write(database: Database) -> None:
    ids = await scheduled_deliveries(database, 5)
    journal, held = Journal(database), await claim(database, MINE, 5)
    stuck, *others = held
    for each in held:
        each.note("published", "step", "")
    async with asyncio.timeout(WITHIN_S):
        async with frozen(database, stuck.id):
            waiting = asyncio.create_task(journal.write(stuck, LIVE))
            await asyncio.gather(*(journal.write(each, INTENT) for each in others))
            await asyncio.gather(*(journal.write(each, LIVE) for each in others))
            assert not waiting.done()
        await waiting
    assert {(await read_delivery(database, each)).state for each in ids} == {"published"}
    assert await journal_kinds(database, stuck.id) == ["published"]


async def test_who_withdrew_it_while_the_write_waited_wins(database: Database) -> None:
    [delivery_id] = await scheduled_deliveries(database, 1)
    [claimed] = await claim(database, MINE, 1)
    async with asyncio.timeout(WITHIN_S):
        async with frozen(database, delivery_id) as row:
            waiting = asyncio.create_task(Journal(database).write(claimed, INTENT))
            await asyncio.sleep(2)
            withdraw(row, DeliveryState.CANCELLED)
        with pytest.raises(LostLease):
            await waiting


async def test_a_write_that_waited_longer_than_its_lease_is_made_if_nobody_took_over(database: Database) -> None:
    [delivery_id] = await scheduled_deliveries(database, 1)
    [claimed] = await claim(database, LAPSED, 1)
    async with asyncio.timeout(WITHIN_S):
        async with frozen(database, delivery_id):
            waiting = asyncio.create_task(Journal(database).write(claimed, LIVE))
            await asyncio.sleep(2)
        await waiting
    assert (await read_delivery(database, delivery_id)).state == "published"


async def test_a_row_that_somebody_keeps_costs_no_other_its_lease(database: Database) -> None:
    await scheduled_deliveries(database, 5)
    held = await claim(database, LAPSED, 5)
    async with asyncio.timeout(WITHIN_S), frozen(database, held[0].id):
        extended, lost = await renew(database, MINE, fences(held))
    assert (extended, lost) == ({each.id for each in held[1:]}, set())
    assert [each.id for each in await claim(database, THEIRS, 5)] == [held[0].id]
    assert await renew(database, MINE, fences(held)) == ({each.id for each in held[1:]}, {held[0].id})


async def test_a_stopping_worker_hands_back_what_nobody_keeps(database: Database) -> None:
    await scheduled_deliveries(database, 3)
    held = await claim(database, MINE, 3)
    async with asyncio.timeout(WITHIN_S), frozen(database, held[0].id):
        await hand_back(database, MINE)
        assert {each.id for each in await claim(database, THEIRS, 3)} == {each.id for each in held[1:]}


async def test_what_a_worker_claimed_and_never_read_is_taken_over(database: Database) -> None:
    """The answer is larger than what the connection holds, so that the database waits for the reader."""
    ids = await scheduled_deliveries(database, 60)
    grown = "UPDATE deliveries SET ordered = jsonb_set(ordered, '{caption}', to_jsonb(repeat(md5(id::text), 2000)))"
    async with database.as_worker() as session:
        await session.execute(text(grown))
    lane = LaneKey(NetworkKey.FACEBOOK, is_upload=False)
    parameters = {"limit": 60, "owner": "frozen", "lease": timedelta(seconds=1), **lane._asdict()}
    with closing(psycopg.connect(database.url, autocommit=True)) as connection:
        connection.pgconn.send_query(psycopg.ClientCursor(connection).mogrify(CLAIM, parameters).encode())
        connection.pgconn.flush()
        async with asyncio.timeout(WITHIN_S):
            taken: set[UUID] = set()
            while len(taken) < len(ids):
                taken |= {each.id for each in await claim(database, THEIRS, 100)}
                await asyncio.sleep(0.1)
    assert taken == set(ids)


async def test_the_database_ends_what_is_left_lying_and_notices_who_has_vanished(database: Database) -> None:
    async with database.as_account(UUID(int=1)) as session:
        assert await session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "5min"
    async with database.autocommit() as connection:
        assert await (await connection.execute("SHOW lock_timeout")).fetchone() == {"lock_timeout": "1s"}
        told = connection.info.get_parameters()
    assert {name: told.get(name) for name in ("keepalives_idle", "tcp_user_timeout", "connect_timeout")} == {
        "keepalives_idle": "10",
        "tcp_user_timeout": "30000",
        "connect_timeout": "10",
    }


async def test_a_connection_to_what_has_become_a_copy_is_given_up(database: Database) -> None:
    """After another server took over, the old one answers questions and refuses writes."""
    [delivery_id] = await scheduled_deliveries(database, 1)
    [claimed] = await claim(database, MINE, 1)
    async with database.autocommit() as connection:
        await connection.execute("SET default_transaction_read_only = on")
    async with asyncio.timeout(WITHIN_S):
        await Journal(database).write(claimed, LIVE)
    assert (await read_delivery(database, delivery_id)).state == "published"
