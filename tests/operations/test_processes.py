"""The watchdog and the numbers in the processes that an operator runs."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from postline.api.app import create_app
from postline.db.engine import Database
from postline.delivery import watchdog
from postline.events.models import AuditEvent
from tests.operations.rows import ago, delivery_in
from tests.support.processes import environment, worker_process
from tests.support.world import settings_for

pytestmark = pytest.mark.anyio

NOWHERE = "http://127.0.0.1:1"


async def _undecided(database: Database) -> UUID:
    """Late, and nothing that a worker would touch."""
    return await delivery_in(database, due_at=ago(hours=1), state="unconfirmed", run_at=None)


async def _soon(condition: Callable[[], Awaitable[bool]], within_s: float = 60) -> None:
    async with asyncio.timeout(within_s):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


def _is_told(database: Database, delivery_id: UUID) -> Callable[[], Awaitable[bool]]:
    async def told() -> bool:
        async with database.as_worker() as session:
            verbs = await session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_id == delivery_id))
            return list(verbs) == ["delivery.unconfirmed"]

    return told


async def test_a_worker_raises_incidents_and_shows_their_count(database: Database, tmp_path: Path) -> None:
    delivery_id = await _undecided(database)
    settings = settings_for(NOWHERE, NOWHERE, tmp_path)
    env = environment(settings, database.url) | {"POSTLINE_METRICS_PORT": "0", "POSTLINE_LOG_JSON": "true"}
    log = tmp_path / "worker.log"

    async def shown() -> bool:
        return "worker.shows_numbers" in log.read_text() and "delivery.incident" in log.read_text()

    with worker_process(env, log):
        await _soon(_is_told(database, delivery_id))
        await _soon(shown)
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        [port] = [line["port"] for line in lines if line["event"] == "worker.shows_numbers"]
        [incident] = [line for line in lines if line["event"] == "delivery.incident"]
        async with httpx.AsyncClient(timeout=30) as http:
            numbers = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    assert incident["delivery"] == str(delivery_id)
    assert 'postline_incidents_total{kind="unconfirmed",network="facebook"} 1.0' in numbers


async def test_a_server_raises_them_too_when_no_worker_lives(database: Database, tmp_path: Path) -> None:
    delivery_id = await _undecided(database)
    app = create_app(settings_for(NOWHERE, NOWHERE, tmp_path), database.url)
    async with app.router.lifespan_context(app):
        await _soon(_is_told(database, delivery_id))


async def test_the_watchdog_goes_on_when_the_database_is_back(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    look = watchdog.Watchdog.look

    async def away_at_first(self: watchdog.Watchdog) -> object:
        nonlocal looks
        looks += self.database is database  # another test's server may live in this process, with a watchdog of its own
        if looks == 1 and self.database is database:
            raise OperationalError("", {}, Exception("it is away"))
        return await look(self)

    monkeypatch.setattr(watchdog.Watchdog, "look", away_at_first)
    monkeypatch.setattr(watchdog, "LOOK_EVERY", timedelta(milliseconds=10))
    delivery_id = await _undecided(database)
    with capture_logs() as logs:
        async with watchdog.running_watchdog(database, settings_for(NOWHERE, NOWHERE, tmp_path)):
            await _soon(_is_told(database, delivery_id))
    assert "watchdog.cannot_look" in [line["event"] for line in logs]
