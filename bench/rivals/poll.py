"""What many schedulers do in a Django command: every 15 seconds ten due rows, one after the other."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import psycopg

from bench import child
from bench.calls import Calls
from bench.job import Job
from postline.networks.http import HttpClient

EVERY_S: Final = 15.0
TABLE: Final = """
    CREATE TABLE posts (
        id int PRIMARY KEY, status text NOT NULL DEFAULT 'scheduled', scheduled_at timestamptz NOT NULL
    );
    CREATE INDEX ON posts (scheduled_at) WHERE status = 'scheduled';
"""
DUE: Final = "SELECT id FROM posts WHERE status = 'scheduled' AND scheduled_at <= now() ORDER BY scheduled_at LIMIT 10"
ADD: Final = "INSERT INTO posts (id, scheduled_at) SELECT id, %s FROM generate_series(0, %s) AS id"
DONE: Final = "UPDATE posts SET status = 'published' WHERE id = %s"


async def enqueue(job: Job) -> None:
    with psycopg.connect(job.database_url) as connection:
        connection.execute(TABLE)
        connection.execute(ADD, [datetime.fromtimestamp(job.due_at, UTC), job.posts - 1])


async def work(job: Job) -> None:
    stop = child.on_signal()
    async with HttpClient() as http, await psycopg.AsyncConnection.connect(job.database_url, autocommit=True) as rows:
        running = asyncio.create_task(_poll(Calls.over(http, job), rows))
        await child.serve_until(stop, running)


async def _poll(calls: Calls, rows: psycopg.AsyncConnection) -> None:
    while True:
        due = await (await rows.execute(DUE)).fetchall()
        for (place,) in due:
            await calls.publish(place)
            await rows.execute(DONE, [place])
        await asyncio.sleep(EVERY_S)


if __name__ == "__main__":
    child.main(enqueue, work)
