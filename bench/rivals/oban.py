"""Oban for Python: a job a post with `scheduled_at`, one instance with its stager's own interval of a second."""

from datetime import UTC, datetime
from typing import Any, Final

import oban  # type: ignore[import-not-found]  # in the rivals' environment alone
import oban.schema  # type: ignore[import-not-found]  # as above

from bench import child
from bench.calls import Calls
from bench.job import Job
from postline.networks.http import HttpClient

BATCH: Final = 1000
CALLS: Final[list[Calls]] = []


class Publish:
    async def process(self, job: Any) -> None:
        await CALLS[0].publish(job.args["place"])


publish = oban.worker(queue="posts")(Publish)


async def enqueue(job: Job) -> None:
    pool = await oban.Oban.create_pool(job.database_url)
    await oban.schema.install(pool)
    due = datetime.fromtimestamp(job.due_at, UTC)
    async with oban.Oban(pool=pool) as queue:
        for first in range(0, job.posts, BATCH):
            places = range(first, min(first + BATCH, job.posts))
            await queue.enqueue_many(publish.new({"place": place}, scheduled_at=due) for place in places)
    await pool.close()


async def work(job: Job) -> None:
    stop = child.on_signal()
    pool = await oban.Oban.create_pool(job.database_url, max_size=20)
    async with HttpClient() as http, oban.Oban(pool=pool, queues={"posts": job.in_flight}):
        CALLS.append(Calls.over(http, job))
        await child.serve_until(stop)
    await pool.close()


if __name__ == "__main__":
    child.main(enqueue, work)
