"""The schema moves one additive migration ahead while workers run, and a new worker takes over from an old one."""

import asyncio
import signal
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.delivery.disaster.scene import scene_over, until
from tests.support.processes import worker_process

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

POSTS: Final = 200
PUBLISHED: Final = "delivery.published"
TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def test_old_and_new_workers_publish_together_across_a_migration(database_url: str, tmp_path: Path) -> None:
    """Columns are added to every table; statements that were prepared before go on."""
    old_log, new_log = tmp_path / "old.log", tmp_path / "new.log"
    async with scene_over(database_url, tmp_path) as scene:
        await scene.plan(POSTS)
        with worker_process(scene.worker_env(), old_log) as old:
            await scene.until_live(POSTS // 5)
            await asyncio.to_thread(migrate, database_url)
            so_far = published(old_log)
            with worker_process(scene.worker_env(), new_log):
                await until(lambda: published(new_log) > 0 and published(old_log) > so_far, 60)
                old.send_signal(signal.SIGTERM)
                await scene.until_published()
        await scene.assert_exactly_once()
    assert "Error" not in old_log.read_text() + new_log.read_text()


def migrate(url: str) -> None:
    """As a migration does it: one transaction that waits only briefly for locks."""
    with psycopg.connect(url) as connection:
        connection.execute("SET lock_timeout = '5s'")
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(SQL("ALTER TABLE {} ADD COLUMN of_a_later_release text").format(Identifier(table)))


def published(log: Path) -> int:
    return log.read_text().count(PUBLISHED)
