"""The limit: the same HTTP client making the same calls, as many in flight, with no database and no queue."""

import asyncio
import time
from collections.abc import Iterator

from bench import child
from bench.calls import Calls
from bench.job import Job
from postline.collector import spare_the_collector
from postline.networks.http import HttpClient


async def work(job: Job) -> None:
    stop = child.on_signal()
    spare_the_collector()
    async with HttpClient() as http:
        calls = Calls.over(http, job)
        places = iter(range(job.posts))
        child.tell_ready()
        await asyncio.sleep(job.due_at - time.time())
        async with asyncio.TaskGroup() as group:
            for _ in range(job.in_flight):
                group.create_task(_publish_all(calls, places))
        await stop.wait()


async def _publish_all(calls: Calls, places: Iterator[int]) -> None:
    for place in places:
        await calls.publish(place)


if __name__ == "__main__":
    child.main(child.nothing_to_enqueue, work)
