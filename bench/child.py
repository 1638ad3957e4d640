"""How a side runs as a process of its own: `enqueue JOB` puts the posts in its queue, `work JOB` publishes them.

A side that works prints a line when it is ready and goes on until SIGTERM.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Final

import uvloop

from bench.job import Job

READY: Final = "ready"
Phase = Callable[[Job], Awaitable[None]]


def main(enqueue: Phase, work: Phase) -> None:
    phase, job = {"enqueue": enqueue, "work": work}[sys.argv[1]], Job.parse(sys.argv[2])

    async def run() -> None:
        await phase(job)

    uvloop.run(run())


def tell_ready() -> None:
    print(READY, flush=True)


def on_signal() -> asyncio.Event:
    """An event that SIGTERM sets."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def serve_until(stop: asyncio.Event, running: "asyncio.Task[None] | None" = None) -> None:
    """Tell that the side is ready, and wait for SIGTERM. Raises what ended the running side before."""
    tell_ready()
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, running} if running else {stopping}, return_when=asyncio.FIRST_COMPLETED)
    if running is not None:
        if running.done():
            await running
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def nothing_to_enqueue(job: Job) -> None:
    """For a side that keeps no queue."""
