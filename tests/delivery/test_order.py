"""One profile's posts go out in the order of their times; other profiles and uploads are not held up by it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from postline.core.outcomes import Effect
from postline.core.states import DeliveryState
from postline.db.engine import Database
from postline.delivery.claim import Claimed, Lease
from postline.delivery.journal import Journal, Next
from postline.posts.models import Delivery
from tests.support.rows import claim, scheduled_deliveries

pytestmark = pytest.mark.anyio

MINE, THEIRS = Lease("worker-a", timedelta(minutes=1)), Lease("worker-b", timedelta(minutes=1))
SENDING = Next(state=DeliveryState.PUBLISHING)
LIVE = Next(state=DeliveryState.PUBLISHED)


async def take(database: Database, lease: Lease = MINE) -> list[Claimed]:
    return await claim(database, lease, 100)


async def commit(database: Database, delivery: Claimed) -> None:
    """As the runner does: the step that publishes is done, a later one is about to run."""
    delivery.is_committed = True
    delivery.begin("read", Effect.READ, delivery.now())
    await Journal(database).write(delivery, SENDING)


async def test_one_post_of_a_profile_is_taken_at_a_time_and_the_next_after_its_commit(database: Database) -> None:
    ids = await scheduled_deliveries(database, 3, profiles=1)
    taken = []
    for _ in ids:
        [only] = await take(database)
        assert await take(database, THEIRS) == []
        await commit(database, only)
        taken.append(only.id)
    assert taken == ids


async def test_profiles_do_not_wait_for_each_other(database: Database) -> None:
    ids = await scheduled_deliveries(database, 6, profiles=3)
    assert {each.id for each in await take(database)} == set(ids[:3])


async def test_what_waits_long_for_another_try_lets_the_next_go(database: Database) -> None:
    first, second = await scheduled_deliveries(database, 2, profiles=1)
    [taken] = await take(database)
    assert taken.id == first
    later = Next(state=DeliveryState.SCHEDULED, wait=timedelta(hours=1), reason="Too many calls.")
    await Journal(database).write(taken, later)
    assert [each.id for each in await take(database)] == [second]


async def test_what_is_asked_about_in_a_moment_keeps_its_turn(database: Database) -> None:
    await scheduled_deliveries(database, 2, profiles=1)
    [taken] = await take(database)
    journal = Journal(database)
    taken.begin("stage", Effect.REPEATABLE, taken.now())
    await journal.write(taken, SENDING)
    soon = Next(state=DeliveryState.SCHEDULED, wait=timedelta(seconds=5), reason="The network prepares the media.")
    await journal.write(taken, soon)
    assert await take(database) == []


async def test_uploads_have_a_lane_of_their_own(database: Database) -> None:
    small, large = await scheduled_deliveries(database, 2)
    async with database.as_worker() as session:
        await session.execute(update(Delivery).where(Delivery.id == large).values(is_upload=True))
    assert [each.id for each in await take(database)] == [small]
    assert [each.id for each in await claim(database, MINE, 100, is_upload=True)] == [large]
