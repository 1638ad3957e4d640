"""Procrastinate: a job a post with `schedule_at`, one worker that asks for due jobs every second, not every five."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

import procrastinate  # type: ignore[import-not-found]  # in the rivals' environment alone

from bench import child
from bench.calls import Calls
from bench.job import Job
from postline.networks.http import HttpClient

BATCH: Final = 1000


def make_app(job: Job) -> Any:
    return procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=job.database_url, max_size=20))


async def enqueue(job: Job) -> None:
    app = make_app(job)
    due = datetime.fromtimestamp(job.due_at, UTC)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        deferrer = app.configure_task("publish", schedule_at=due)
        for first in range(0, job.posts, BATCH):
            await deferrer.batch_defer_async(
                *({"place": place} for place in range(first, min(first + BATCH, job.posts)))
            )


async def work(job: Job) -> None:
    stop = child.on_signal()
    app = make_app(job)
    async with HttpClient() as http, app.open_async():
        app.task(name="publish")(Calls.over(http, job).publish)
        options = {"concurrency": job.in_flight, "fetch_job_polling_interval": 1.0, "install_signal_handlers": False}
        running = asyncio.create_task(app.run_worker_async(**options))
        await child.serve_until(stop, running)


if __name__ == "__main__":
    child.main(enqueue, work)
