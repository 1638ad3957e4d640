"""Nothing is late in silence, nothing is told twice, and watching costs nothing."""

import asyncio
import re
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from postline.db.engine import Database
from postline.delivery.watchdog import BATCH, MARK, REMIND_EVERY, Watchdog
from postline.events.models import AuditEvent
from postline.telemetry import REGISTRY
from tests.operations.rows import add_waiting, ago, change, delivery_in, scans
from tests.support.rows import scheduled_deliveries
from tests.support.world import World

pytestmark = pytest.mark.anyio

LIMIT: Final = timedelta(minutes=10)

LATE: Final = {  # name: columns of a delivery that must become an incident
    "no worker took it": {"due_at": ago(minutes=11), "run_at": ago(minutes=11)},
    "it backs off beyond its limit": {"due_at": ago(minutes=11), "run_at": ago(hours=-3), "reason": "It is busy."},
    "a worker has had it for long": {"due_at": ago(minutes=11), "state": "publishing", "run_at": ago(minutes=-1)},
    "its worker died": {"due_at": ago(minutes=11), "state": "publishing", "run_at": ago(minutes=11)},
    "the network does not say": {"due_at": ago(minutes=11), "state": "unconfirmed", "run_at": ago(hours=-3)},
    "a person must decide": {"due_at": ago(minutes=11), "state": "unconfirmed", "run_at": None},
}
FINE: Final = {  # name: columns of a delivery that must not
    "it is late within its limit": {"due_at": ago(minutes=9), "run_at": ago(minutes=9)},
    "it is late within its limit and backs off": {"due_at": ago(minutes=9), "run_at": ago(minutes=-1)},
    "it waits for its time": {"due_at": ago(days=-1), "run_at": ago(days=-1)},
    "it is accepted and the network works on it": {
        "due_at": ago(hours=1),
        "run_at": ago(minutes=-1),
        "is_committed": True,
    },
    "it is live": {"due_at": ago(hours=1), "state": "published", "run_at": None},
    "it waits for a reconnect": {"due_at": ago(hours=1), "state": "blocked", "run_at": None},
    "it was taken out": {"due_at": ago(hours=1), "state": "cancelled", "run_at": None},
}


async def _events(database: Database, delivery_id: UUID) -> list[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.subject_id == delivery_id).order_by(AuditEvent.id)
    async with database.as_worker() as session:
        return list(await session.scalars(query))


@pytest.mark.parametrize("columns", LATE.values(), ids=LATE)
async def test_what_is_late_becomes_one_incident(database: Database, columns: dict[str, object]) -> None:
    delivery_id = await delivery_in(database, **columns)
    watchdog = Watchdog(database, LIMIT)
    assert [late.id for late in await watchdog.look()] == [delivery_id]
    assert await watchdog.look() == []
    [event] = await _events(database, delivery_id)
    kind = "unconfirmed" if columns.get("state") == "unconfirmed" else "late"
    assert (event.verb, event.actor, event.subject_type) == (f"delivery.{kind}", "Postline", "delivery")
    assert "Page" in event.message
    assert event.message.endswith(".")


@pytest.mark.parametrize("columns", FINE.values(), ids=FINE)
async def test_what_is_as_it_should_be_is_left_alone(database: Database, columns: dict[str, object]) -> None:
    delivery_id = await delivery_in(database, **columns)
    assert await Watchdog(database, LIMIT).look() == []
    assert await _events(database, delivery_id) == []


async def test_an_incident_is_logged_as_an_error_and_counted(database: Database) -> None:
    delivery_id = await delivery_in(database, due_at=ago(minutes=30), run_at=ago(minutes=30), error_code="not_sent")
    labels = {"network": "facebook", "kind": "late"}
    before = REGISTRY.get_sample_value("postline_incidents_total", labels) or 0
    with capture_logs() as logs:
        await Watchdog(database, LIMIT).look()
    assert (REGISTRY.get_sample_value("postline_incidents_total", labels) or 0) == before + 1
    [entry] = logs
    assert (entry["event"], entry["log_level"]) == ("delivery.incident", "error")
    assert (entry["delivery"], entry["error_code"]) == (str(delivery_id), "not_sent")
    assert entry["late_s"] == pytest.approx(1800, abs=30)


SPANS: Final = {
    "61 min": timedelta(minutes=61, seconds=5),
    "11 min": timedelta(minutes=11),
    "3 h": timedelta(hours=3.9),
}


@pytest.mark.parametrize(("told", "late"), SPANS.items(), ids=SPANS)
async def test_the_incident_says_how_late_it_is_and_why(database: Database, told: str, late: timedelta) -> None:
    reason = "Facebook cannot be reached."
    delivery_id = await delivery_in(database, due_at=-late, run_at=ago(minutes=-5), reason=reason)
    await Watchdog(database, LIMIT).look()
    [event] = await _events(database, delivery_id)
    assert re.fullmatch(rf"The post to .+ is {told} late and not out yet\. {re.escape(reason)}", event.message)


async def test_a_decision_that_nobody_takes_is_asked_for_again_each_day(database: Database) -> None:
    delivery_id = await delivery_in(database, due_at=ago(days=2), state="unconfirmed", run_at=None)
    watchdog = Watchdog(database, LIMIT)
    await watchdog.look()
    await change(database, delivery_id, incident_at=ago(hours=23))
    assert await watchdog.look() == []
    await change(database, delivery_id, incident_at=ago(seconds=REMIND_EVERY.total_seconds() + 60))
    assert [late.id for late in await watchdog.look()] == [delivery_id]
    assert [event.verb for event in await _events(database, delivery_id)] == ["delivery.unconfirmed"] * 2


async def test_the_administrators_are_told_once_and_led_to_the_post(world: World) -> None:
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    post = await world.editor.post(f"/posts/{post['id']}/schedule", {})
    delivery_id = UUID(post["deliveries"][0]["id"])
    late = {"due_at": ago(hours=3), "run_at": ago(hours=3), "incident_at": None}
    for _ in range(2):  # the second time within the hour
        await change(world.database, delivery_id, **late)
        await Watchdog(world.database, LIMIT).look()
    [notice] = (await world.admin.get("/notices"))["items"]
    assert (notice["kind"], notice["subject"], notice["path"]) == ("incident", "Posts are late", f"/posts/{post['id']}")
    assert notice["message"].endswith("is 3 h late and not out yet. No worker has taken it yet.")
    for client in (world.editor, world.stranger):
        assert (await client.get("/notices"))["items"] == []


async def test_many_late_posts_are_one_notice(world: World) -> None:
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook", "instagram", "tiktok"))
    scheduled = await world.editor.post(f"/posts/{post['id']}/schedule", {})
    for delivery in scheduled["deliveries"]:
        await change(world.database, UUID(delivery["id"]), due_at=ago(hours=3), run_at=ago(hours=3))
    await Watchdog(world.database, LIMIT).look()
    [notice] = (await world.admin.get("/notices"))["items"]
    assert notice["path"] == "/activity"
    assert notice["message"].endswith("2 more are listed under Activity.")


async def test_watchdogs_at_once_tell_each_delivery_once(database: Database) -> None:
    ids = await scheduled_deliveries(database, 40, due_in=-timedelta(hours=1))
    looks = await asyncio.gather(*(Watchdog(database, LIMIT).look() for _ in range(5)))
    assert sorted(late.id for found in looks for late in found) == sorted(ids)


async def test_what_a_worker_is_writing_at_this_moment_is_left_for_the_next_look(database: Database) -> None:
    delivery_id = await delivery_in(database, due_at=ago(minutes=30), run_at=ago(minutes=30))
    async with database.as_worker() as session:
        await session.execute(text("SELECT FROM deliveries WHERE id = :id FOR UPDATE"), {"id": delivery_id})
        async with asyncio.timeout(5):
            assert await Watchdog(database, LIMIT).look() == []
    assert [late.id for late in await Watchdog(database, LIMIT).look()] == [delivery_id]


async def test_what_waits_for_later_is_not_even_read(database: Database) -> None:
    await scheduled_deliveries(database, 3, due_in=-timedelta(hours=1))
    await add_waiting(database, 20_000)
    parameters = {"limit": LIMIT, "remind": REMIND_EVERY, "batch": BATCH}
    async with database.as_worker() as session:
        plan = list(await session.scalars(text(f"EXPLAIN {MARK.text}"), parameters))
    assert scans(plan) == {"deliveries_run_at_ix", "deliveries_begun_ix", "deliveries_pkey"}
    assert len(await Watchdog(database, LIMIT).look()) == 3
