"""PgQueuer: a job a post with `execute_after`, one queue manager on asyncpg."""

import asyncio
import time
from datetime import timedelta
from typing import Any, Final

import asyncpg  # type: ignore[import-not-found]  # in the rivals' environment alone
import pgqueuer  # type: ignore[import-not-found]  # in the rivals' environment alone

from bench import child
from bench.calls import Calls
from bench.job import Job
from postline.networks.http import HttpClient

BATCH: Final = 1000
DEQUEUE: Final = 100


async def enqueue(job: Job) -> None:
    async with asyncpg.create_pool(job.database_url) as pool:
        queries = pgqueuer.Queries(pgqueuer.AsyncpgPoolDriver(pool))
        await queries.install()
        for first in range(0, job.posts, BATCH):
            places = range(first, min(first + BATCH, job.posts))
            payloads = [str(place).encode() for place in places]
            wait = timedelta(seconds=job.due_at - time.time())
            count = len(payloads)
            await queries.enqueue(["publish"] * count, payloads, [0] * count, execute_after=[wait] * count)


async def work(job: Job) -> None:
    stop = child.on_signal()
    async with HttpClient() as http, asyncpg.create_pool(job.database_url) as pool:
        calls = Calls.over(http, job)
        queuer = pgqueuer.PgQueuer(pgqueuer.AsyncpgPoolDriver(pool))

        async def publish(taken: Any) -> None:
            await calls.publish(int(taken.payload))

        queuer.entrypoint("publish")(publish)
        options = {"batch_size": min(DEQUEUE, job.in_flight // 2), "max_concurrent_tasks": job.in_flight}
        await child.serve_until(stop, asyncio.create_task(queuer.run(**options)))


if __name__ == "__main__":
    child.main(enqueue, work)
