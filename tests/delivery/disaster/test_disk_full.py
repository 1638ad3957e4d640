"""The disk under the database fills up while a worker publishes, and is freed again."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import psycopg
import pytest

from postline.db.embedded import kept_running
from tests.delivery.disaster.scene import own_server, scene_over, until
from tests.support.processes import worker_process

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

POSTS: Final = 200
DISK_BYTES: Final = 256 * 1024**2
PIECE: Final = bytes(64 * 1024)
WITHIN_S: Final = 60


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own in memory, which users other than root may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        disk = Path(folder) / "disk"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=755", "tmpfs", str(disk)]
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            pytest.skip(f"a small file system cannot be mounted here, which needs root: {mounted.stderr.strip()}")
        try:
            yield disk
        finally:
            subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves not a byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(PIECE)
    return ballast


async def test_a_full_disk_that_is_freed_neither_loses_nor_repeats(small_disk: Path, tmp_path: Path) -> None:
    """Writes are refused for want of space; the server itself survives."""
    with own_server(small_disk / "data") as server:
        async with scene_over(server.url(), tmp_path) as scene:
            await scene.plan(POSTS)
            with worker_process(scene.worker_env(), tmp_path / "worker.log") as worker:
                await scene.until_live(POSTS // 4)
                ballast = fill(small_disk)
                await until(lambda: is_full(server.status().log_dir), WITHIN_S)
                ballast.unlink()
                await scene.until_published()
                assert worker.poll() is None
            await scene.assert_exactly_once()


async def test_a_server_that_a_full_disk_ends_comes_back_with_everything(small_disk: Path, tmp_path: Path) -> None:
    """Without room for its log PostgreSQL gives up whole, also at recovering; it starts again once there is room."""
    with own_server(small_disk / "data") as server:
        async with scene_over(server.url(), tmp_path) as scene:
            await scene.plan(POSTS)
            with worker_process(scene.worker_env(), tmp_path / "worker.log") as worker:
                await scene.until_live(POSTS // 4)
                ballast = fill(small_disk)
                use_up_the_log(server.url())
                await until(lambda: server.status().pid is None, WITHIN_S)
                ballast.unlink()
                async with kept_running(small_disk / "data"):
                    await scene.until_published()
                assert worker.poll() is None
            await scene.assert_exactly_once()


def is_full(log_dir: Path) -> bool:
    return any("No space left on device" in log.read_text() for log in log_dir.glob("*.log"))


def use_up_the_log(url: str) -> None:
    """Begin one segment after the other until there is no room for another."""
    with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
        while True:
            connection.execute("SELECT pg_current_xact_id()")
            connection.execute("SELECT pg_switch_wal()")
