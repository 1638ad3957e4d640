"""A worker is told to end while it publishes: it ends in time and leaves nothing half done."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
import pytest

from postline.delivery.worker import GRACE
from tests.delivery.disaster.scene import Scene, scene_over, until
from tests.support.processes import worker_process

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

POSTS: Final = 100
HANGING: Final = 3
SPARE: Final = timedelta(seconds=10)  # for the rest of the process on a busy machine
HELD: Final = "SELECT count(*) FROM deliveries WHERE state = 'publishing' AND run_at > now()"


async def test_a_stopped_worker_ends_in_time_and_another_finishes(database_url: str, tmp_path: Path) -> None:
    async with scene_over(database_url, tmp_path) as scene:
        await scene.plan(POSTS)
        await _stop_under_load(scene, tmp_path, lambda: scene.live_count() >= POSTS // 4)
        assert scene.states().keys() <= {"scheduled", "publishing", "published"}
        with worker_process(scene.worker_env(), tmp_path / "next.log"):
            await scene.until_published()
        await scene.assert_exactly_once()


async def test_calls_that_do_not_end_are_handed_back_when_the_grace_is_over(database_url: str, tmp_path: Path) -> None:
    async with scene_over(database_url, tmp_path) as scene:
        await scene.plan(POSTS)
        rule = {"match": {"endpoint": "instagram.media_publish", "times": HANGING}, "action": {"hang_after": True}}
        hang = scene.sandbox.sandbox.faults.add(rule)
        await _stop_under_load(scene, tmp_path, lambda: hang.applied == HANGING)
        assert scene.states()["publishing"] == HANGING
        with worker_process(scene.worker_env(), tmp_path / "next.log"):
            await scene.until_published()
        await scene.assert_exactly_once()
        assert scene.journal("found") == HANGING


async def _stop_under_load(scene: Scene, folder: Path, condition: Callable[[], bool]) -> None:
    """Its lease is so long that nothing but handing back frees what it holds."""
    with worker_process(scene.worker_env(POSTLINE_LEASE_SECONDS="3600"), folder / "stopped.log") as worker:
        await until(condition, 60)
        worker.send_signal(signal.SIGTERM)
        await asyncio.to_thread(worker.wait, (GRACE + SPARE).total_seconds())
    assert worker.returncode == 0
    with psycopg.connect(scene.database_url) as connection:
        assert connection.execute(HELD).fetchone() == (0,)
