"""The commands in docs/operations.md do make a backup, and bring it back."""

import base64
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest

from postline import migrations
from postline.accounts.people import Newcomer, account_exists, create_account
from postline.core.words import Role
from postline.db.embedded import EmbeddedServer, ensure_server
from postline.db.engine import Database
from tests.support.rows import read_delivery, scheduled_deliveries

pytestmark = pytest.mark.anyio

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION: Final = PAGE[PAGE.index("## Backup and restore") : PAGE.index("\n## Keys")]
FIND, DUMP, RESTORE, COPY = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
QUICK: Final = {"fsync": "off"}


@pytest.fixture
def source(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = ensure_server(tmp_path / "source", QUICK)
    migrations.upgrade(server.url())
    yield server
    server.destroy()


def _run(script: str, folder: Path, data_dir: Path) -> None:
    """As an operator would type it, in `folder`."""
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "POSTLINE_DATA_DIR": str(data_dir),
        "POSTLINE_SECRET_KEYS": base64.b64encode(bytes(32)).decode(),
    }
    done = subprocess.run(
        ["sh", "-e", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


async def test_a_dump_is_restored_into_an_empty_folder(source: EmbeddedServer, tmp_path: Path) -> None:
    account_id = await create_account(
        source.url(), "Harbor", "UTC", Newcomer("ada@example.com", "Ada", "correct horse", Role.ADMINISTRATOR)
    )
    before = Database(source.url())
    [delivery_id] = await scheduled_deliveries(before, 1)
    await before.dispose()
    (tmp_path / "source" / "media").mkdir()
    (tmp_path / "source" / "media" / "photo.jpg").write_bytes(b"picture")
    _run(FIND + DUMP, tmp_path, tmp_path / "source")
    restored = tmp_path / "restored"
    restored.mkdir()
    _run(FIND + RESTORE, tmp_path, restored)
    server = ensure_server(restored)
    try:
        assert await account_exists(server.url(), account_id)
        after = Database(server.url())
        assert (await read_delivery(after, delivery_id)).state == "scheduled"
        await after.dispose()
        assert (restored / "media" / "photo.jpg").read_bytes() == b"picture"
        assert _protected(server.url()) == _protected(source.url()) > 0
    finally:
        server.destroy()


async def test_a_folder_copied_while_the_server_stands_still_can_be_put_back(
    source: EmbeddedServer, tmp_path: Path
) -> None:
    account_id = await create_account(
        source.url(), "Harbor", "UTC", Newcomer("ada@example.com", "Ada", "correct horse", Role.ADMINISTRATOR)
    )
    backup = tmp_path / "backup"
    backup.mkdir()
    _run(COPY, tmp_path, tmp_path / "source")
    copies = {source.place.data_dir: backup / "data"}
    if (home := source.place.cluster.parent) != source.place.data_dir:
        copies[home] = backup / "cluster"
        _copy(home, copies[home])
    source.destroy()
    for place, copy in copies.items():
        shutil.rmtree(place, ignore_errors=True)
        _copy(copy, place)
    server = ensure_server(source.place.data_dir, QUICK)
    assert await account_exists(server.url(), account_id)


def _copy(source: Path, target: Path) -> None:
    """With owners and rights, as the page says."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _protected(url: str) -> int:
    """How many policies guard rows."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_policies WHERE roles <> '{public}'").fetchone()
        assert row is not None
        return int(row[0])
