"""1, 2 and 4 workers over one database, the networks 200 ms away: does each add its share, do they wait on locks?"""

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from bench.ground import ground
from bench.job import Job
from bench.measure import number
from bench.options import Options
from bench.sides import engine
from bench.table import print_goals, print_table
from bench.turns import Results, at_most, middle, take_turns

POSTS: Final = 3000
WORKERS: Final = (1, 2, 4)
DELAY_S: Final = 0.2
IN_FLIGHT: Final = 100  # so few that one worker waits for the network, not for a core
NEAR_LINEAR: Final = 0.85
LOCKS_GOAL: Final = 0.02
EVERY_S: Final = 0.05
IDLE: Final = ("Activity", "Client")
ACTIVITY: Final = """
    SELECT state, wait_event_type, wait_event FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Waits:
    """What the workers' database connections were doing, looked at twenty times a second."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

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

    def share_of_locks(self) -> float:
        """Of the connections that had something to do."""
        total = self.seen.total()
        return sum(count for name, count in self.seen.items() if name.startswith("Lock")) / total if total else 0.0

    def _look(self, database_url: str, stop: threading.Event) -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            while not stop.wait(EVERY_S):
                for state, kind, event in connection.execute(ACTIVITY):
                    if state == "active" and kind not in IDLE:
                        self.seen[f"{kind}: {event}" if kind else "running"] += 1


def run(options: Options) -> Mapping[str, Any]:
    waits = {number: Waits() for number in WORKERS}
    with ground() as at:
        posts = options.posts or POSTS
        in_flight = min(options.in_flight, IN_FLIGHT)
        job = at.with_database(at.job(posts=posts, in_flight=in_flight, log_level=options.log_level), "engine")
        turns = {
            _name(count): (engine(at, _name(count), workers=count, watch=waits[count].watch), job) for count in WORKERS
        }
        results = take_turns(turns, at.standin, options.runs, frozenset(turns), delay_s=DELAY_S)
    results.show(f"Scale-out: {posts:,} posts, {in_flight} in flight for each worker, {DELAY_S * 1000:.0f} ms a call")
    speed_up = {count: middle(results.ratio(_name(count), _name(1)) or 0.0) for count in WORKERS}
    busy = {count: busy_share(results, _name(count)) for count in WORKERS}
    locks = {count: waits[count].share_of_locks() for count in WORKERS}
    cells = [
        [_name(count), number(speed_up[count]), f"{busy[count]:.0%}", f"{locks[count]:.1%}", _common(waits[count])]
        for count in WORKERS
    ]
    columns = ("workers", "speed-up", "cores busy", "lock waits", "active connections were")
    print_table(
        "What it came to, and what the database's connections did (samples of pg_stat_activity)", columns, cells
    )
    most_locked = max(locks.values())
    found = {
        "bench": "scale-out",
        "speed_up": {str(count): each for count, each in speed_up.items()},
        "cores_busy": {str(count): each for count, each in busy.items()},
        "lock_waits": most_locked,
    }
    free = [count for count in WORKERS[1:] if busy[count] < NEAR_LINEAR]
    linear = all(speed_up[count] >= NEAR_LINEAR * count for count in free) if free else None
    print_goals(
        [
            ("each worker adds its share until the cores are full", None, linear),
            ("share of lock waits", most_locked, at_most(most_locked, LOCKS_GOAL)),
        ]
    )
    return found


def busy_share(results: Results, name: str) -> float:
    """Of the machine's cores, by the workers and the database; the stand-in comes on top."""
    shares = [
        (run.worker_cpu_s + run.store_cpu_s) / (run.total_s * (os.cpu_count() or 1)) for run in results.runs[name]
    ]
    return sum(shares) / len(shares)


def _name(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def _common(waits: Waits) -> str:
    total = waits.seen.total()
    return ", ".join(f"{name} {count / total:.0%}" for name, count in waits.seen.most_common(4))
