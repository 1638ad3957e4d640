"""What a worker does besides publishing: what is out of date goes, and what went meanwhile is nothing to do."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from postline.core.ids import new_id
from postline.core.words import Metric, NetworkKey, ProviderKey
from postline.db.engine import Database
from postline.delivery.chores import Chores
from postline.metrics.models import MetricSample
from postline.posts.models import Delivery
from postline.webhooks.models import Webhook
from postline.webhooks.service import store
from tests.support.world import World

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Hands:
    """A clock that stands until it is set."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


def chores(world: World, clock: Hands) -> Chores:
    return Chores(world.database, world.services.registry.networks, world.services.targets, None, clock)


async def add_webhooks(database: Database, **ages: timedelta) -> None:
    """By name, how long ago each came. All are done with, but one whose name says that it is due."""
    async with database.as_worker() as session:
        for name, age in ages.items():
            at = None if name != "due" else datetime(2100, 1, 1, tzinfo=UTC)
            session.add(
                Webhook(
                    id=name.encode(), provider="meta", body=b"{}", received_at=datetime.now(UTC) - age, process_at=at
                )
            )


async def kept(database: Database) -> set[str]:
    async with database.as_worker() as session:
        return {each.decode(errors="replace") for each in await session.scalars(select(Webhook.id))}


async def test_old_webhooks_are_forgotten_once_an_hour(world: World) -> None:
    clock = Hands()
    working = chores(world, clock)
    await add_webhooks(world.database, old=timedelta(days=31), due=timedelta(days=31), new=timedelta(days=29))
    await working._tidy()
    assert await kept(world.database) == {"due", "new"}
    await add_webhooks(world.database, old=timedelta(days=31))
    clock.now = NOON + timedelta(minutes=59)
    await working._tidy()
    assert await kept(world.database) == {"due", "new", "old"}
    clock.now = NOON + timedelta(minutes=60)
    await working._tidy()
    assert await kept(world.database) == {"due", "new"}


async def test_a_busy_round_of_chores_tidies_too(world: World) -> None:
    await add_webhooks(world.database, old=timedelta(days=31))
    async with world.database.as_worker() as session:
        await store(session, ProviderKey.META, b"{}")
    await chores(world, Hands()).run_due()
    assert "old" not in await kept(world.database)


async def test_the_numbers_of_a_deleted_post_are_nothing_to_do(world: World) -> None:
    await chores(world, Hands()).sync_metrics(new_id())


async def test_a_post_deleted_while_its_numbers_are_asked_keeps_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    shown = await world.editor.post(f"/posts/{post['id']}/schedule")
    delivery_id = UUID(shown["deliveries"][0]["id"])

    async def numbers(*_: Any) -> Mapping[Metric, int | None]:
        async with world.database.as_worker() as session:
            await session.execute(delete(Delivery).where(Delivery.id == delivery_id))
        return {Metric.VIEWS: 7}

    monkeypatch.setattr(world.services.registry.networks[NetworkKey.FACEBOOK], "metrics", numbers)
    await chores(world, Hands()).sync_metrics(delivery_id)
    async with world.database.as_worker() as session:
        assert await session.scalar(select(func.count()).select_from(MetricSample)) == 0
