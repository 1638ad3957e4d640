"""Keeps a world in a folder: records as JSON documents in SQLite, written a moment after the change, media as files.

A crash loses at most the last moment; nothing on a request's way waits for the disk.
"""

import asyncio
import json
import sqlite3
from contextlib import closing, suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from postline.sandbox.world import Record, Table, World

FLUSH_EVERY_SECONDS = 0.25

Change = tuple[str, str, str | None]


class Store:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "sandbox.sqlite3"
        with closing(self._connect()) as database:
            database.execute("pragma journal_mode = wal")
            database.execute(
                "create table if not exists documents (kind text, id text, body text, primary key (kind, id)) strict"
            )
            database.commit()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file)

    def load(self, world: World) -> None:
        """Fill the world with what was stored, and its indexes and quotas with what follows from it.

        Fields that records no longer have are left out: the folder may be an older version's.
        """
        tables = {table.record.__name__: table for table in world.tables}
        with closing(self._connect()) as database:
            for kind, body in database.execute("select kind, body from documents order by rowid"):
                table = tables[kind]
                known = _from_json(body)
                table.load(table.record(**{name: known[name] for name in _names(table.record) if name in known}))
        for post in sorted(world.posts, key=lambda post: post.created_at):
            world.index_post(post)
            world.count(f"{post.network}.posts", post.profile_id, post.created_at)
        for comment in sorted(world.comments, key=lambda comment: comment.created_at):
            world.index_comment(comment)

    async def run(self, world: World) -> None:
        """Write changes until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(FLUSH_EVERY_SECONDS)
                if changes := _changes(world):
                    await asyncio.to_thread(self._write, changes)
        finally:
            with suppress(sqlite3.OperationalError):
                self._write(_changes(world))

    def _write(self, changes: list[Change]) -> None:
        with closing(self._connect()) as database:
            database.executemany(
                "insert or replace into documents (kind, id, body) values (?, ?, ?)",
                [change for change in changes if change[2] is not None],
            )
            database.executemany(
                "delete from documents where kind = ? and id = ?",
                [change[:2] for change in changes if change[2] is None],
            )
            database.commit()


def _changes(world: World) -> list[Change]:
    return [
        (table.record.__name__, row_id, None if row is None else _to_json(row))
        for table in world.tables
        for row_id, row in _taken(table)
    ]


def _taken(table: Table[Record]) -> list[tuple[str, Record | None]]:
    return list(table.take_changes().items())


def _names(record: type[Any]) -> list[str]:
    return [each.name for each in fields(record)]


def _to_json(row: Any) -> str:
    return json.dumps(asdict(row), separators=(",", ":"))


def _from_json(body: str) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(body).items()}
