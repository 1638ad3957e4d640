"""The clocks of two workers are wrong by an hour, one each way: the database's clock decides."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
import pytest

from postline.clock import Clock, utc_now
from postline.runtime import make_worker
from postline.services import open_services
from tests.delivery.disaster.scene import scene_over
from tests.support.world import QUICK

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

POSTS: Final = 60
DUE_IN: Final = timedelta(seconds=4)
WRONG_BY: Final = (timedelta(hours=1), timedelta(hours=-1))
ON_TIME: Final = """
    SELECT min(first_call_at - due_at) >= interval '0', max(first_call_at - due_at) < interval '1 minute'
    FROM deliveries
"""


def clock(wrong_by: timedelta) -> Clock:
    return lambda: utc_now() + wrong_by


async def test_workers_with_wrong_clocks_publish_once_and_on_time(database_url: str, tmp_path: Path) -> None:
    async with scene_over(database_url, tmp_path) as scene, contextlib.AsyncExitStack() as stack:
        workers = []
        for wrong_by in WRONG_BY:
            wrong = open_services(scene.world.services.settings, database_url, policy=QUICK, clock=clock(wrong_by))
            services = await stack.enter_async_context(wrong)
            workers.append(make_worker(services))
        running = [asyncio.create_task(worker.run()) for worker in workers]
        await scene.plan(POSTS, DUE_IN)
        await scene.until_published()
        for worker in workers:
            worker.stop()
        await asyncio.gather(*running)
        await scene.assert_exactly_once()
        with psycopg.connect(database_url) as connection:
            assert connection.execute(ON_TIME).fetchone() == (True, True)
