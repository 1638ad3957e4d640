"""A worker's memory with 5,000 deliveries in flight, and while it streams a video of 1 GB to the network."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bench import rows
from bench.ground import Ground, ground
from bench.job import Job
from bench.measure import memory_now, number, peak_memory
from bench.options import Options
from bench.side import SideFailed, phase, worker
from bench.side import run as run_side
from bench.sides import engine
from bench.table import print_goals, print_table
from bench.turns import at_most

IN_FLIGHT: Final = 5000
DELAY_S: Final = 3.0
GOAL_MB: Final = 500.0
VIDEO_MB: Final = 1000
GROWTH_GOAL_MB: Final = 50.0
UPLOADED_WITHIN_S: Final = 300.0
LOOK_EVERY_S: Final = 0.2
MB: Final = 1e6


@dataclass(slots=True)
class InFlight:
    """How many deliveries a worker had claimed at most."""

    most: int = field(default=0)

    @contextmanager
    def watch(self, job: Job) -> Iterator[None]:
        stop = threading.Event()
        looking = threading.Thread(target=self._look, args=(job.database_url, stop))
        looking.start()
        try:
            yield
        finally:
            stop.set()
            looking.join()

    def _look(self, database_url: str, stop: threading.Event) -> None:
        while not stop.wait(LOOK_EVERY_S):
            self.most = max(self.most, rows.count_states(database_url).get("publishing", 0))


def run(options: Options) -> Mapping[str, Any]:
    with ground() as at:
        posts = options.posts or IN_FLIGHT
        job = at.job(posts=posts, in_flight=posts, log_level=options.log_level, profiles=posts)
        job = at.with_database(replace(job, uploads=1, upload_mb=VIDEO_MB), "engine")
        in_flight = InFlight()
        side = engine(at, watch=in_flight.watch)
        seen = run_side(side, replace(job, uploads=0), at.standin, delay_s=DELAY_S)
        before, most = stream_video(at, job)
    crowd_mb, growth_mb = seen.memory_bytes / MB, (most - before) / MB
    cells = [
        [f"{in_flight.most:,} deliveries in flight", number(crowd_mb)],
        ["idle", number(before / MB)],
        [f"while a video of {VIDEO_MB:,} MB goes out", number(most / MB)],
    ]
    print_table("Memory of a worker", ("what it does", "at most MB"), cells)
    found = {
        "bench": "memory",
        "in_flight": in_flight.most,
        "memory_mb": crowd_mb,
        "video_growth_mb": growth_mb,
    }
    is_crowd = in_flight.most >= 0.95 * posts
    print_goals(
        [
            (
                f"MB with {posts:,} in flight below {GOAL_MB:.0f}",
                crowd_mb,
                at_most(crowd_mb, GOAL_MB) if is_crowd else None,
            ),
            (f"MB that a video of {VIDEO_MB:,} MB adds", growth_mb, at_most(growth_mb, GROWTH_GOAL_MB)),
        ]
    )
    return found


def stream_video(at: Ground, job: Job) -> tuple[int, int]:
    """A worker's bytes before the video is due, and the most while it went out. Raises SideFailed."""
    at.standin.reset(delay_s=0.02)
    phase(engine(at), "enqueue", replace(job, posts=0, uploads=0))
    with worker(engine(at), job) as pids:
        time.sleep(2)
        before = memory_now(pids)
        phase(engine(at), "enqueue", replace(job, posts=0, due_at=time.time()))
        deadline = time.monotonic() + UPLOADED_WITHIN_S
        while not at.standin.counts()["reels"]:
            if time.monotonic() > deadline:
                raise SideFailed(f"the video was not published within {UPLOADED_WITHIN_S:.0f} s")
            time.sleep(LOOK_EVERY_S)
        uploaded = at.standin.counts()["uploaded_bytes"]
        if uploaded < VIDEO_MB << 20:
            raise SideFailed(f"only {uploaded:,} bytes of the video arrived")
        return before, peak_memory(pids)
