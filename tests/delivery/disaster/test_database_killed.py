"""PostgreSQL is killed while a worker publishes, and comes back: nothing is lost, nothing goes out twice."""

from pathlib import Path

import pytest

from postline.db.embedded import kept_running
from tests.delivery.disaster.scene import kill_server, own_server, scene_over, until
from tests.support.processes import worker_process

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

POSTS = 200


async def test_a_killed_database_that_comes_back_neither_loses_nor_repeats(tmp_path: Path) -> None:
    with own_server(tmp_path / "data") as server:
        async with scene_over(server.url(), tmp_path) as scene:
            await scene.plan(POSTS)
            async with kept_running(tmp_path / "data"):
                with worker_process(scene.worker_env(), tmp_path / "worker.log") as worker:
                    for live in (POSTS // 4, POSTS // 2):
                        await scene.until_live(live)
                        await until(lambda: scene.states().get("publishing", 0) > 0, 30)
                        kill_server(server)
                        await until(lambda: server.status().is_running, 60)
                    await scene.until_published()
                    assert worker.poll() is None, "the worker that saw it all is still the same process"
            await scene.assert_exactly_once()
