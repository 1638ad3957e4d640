"""One post due each second on a machine with nothing else to do, and a worker with nothing to do."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import psycopg

from bench import rows
from bench.ground import Ground, ground
from bench.job import Job
from bench.measure import cpu_seconds, number, quantile
from bench.options import Options
from bench.side import Run, phase, worker
from bench.side import run as run_side
from bench.sides import engine
from bench.table import print_goals, print_table
from bench.turns import at_most

DELAY_S: Final = 0.02
LATE_GOAL_S: Final = 0.1
IDLE_GOAL_PERCENT: Final = 1.0
SETTLES_S: Final = 8.0
IDLE_S: Final = 20.0
BACKLOG: Final = 10_000
COMMITS: Final = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"


def run(options: Options) -> Mapping[str, Any]:
    with ground() as at:
        job = at.job(posts=options.posts or options.seconds, in_flight=options.in_flight, log_level=options.log_level)
        job = replace(at.with_database(job, "steady"), seconds_apart=1.0)
        seen = run_side(engine(at), job, at.standin, delay_s=DELAY_S)
        idle_cpu, transactions = measure_idle(at, job)
    late = [quantile(seen.first_calls_s, share) for share in (0.5, 0.95, 0.99)]
    busy = _percent(seen, job)
    rows_of_table = [
        ["first call after due, ms: p50, p95, p99", ", ".join(number(each * 1000) for each in late)],
        ["worker's CPU with a post a second, %", number(busy)],
        ["worker's CPU with nothing due, %", number(idle_cpu)],
        ["transactions a second with nothing due", number(transactions)],
    ]
    print_table(f"Steady: {job.posts} posts, one a second", ("what", "found"), rows_of_table)
    found = {
        "bench": "steady",
        "lateness_p50_s": late[0],
        "lateness_p99_s": late[2],
        "cpu_percent": busy,
        "idle_cpu_percent": idle_cpu,
        "idle_transactions_per_s": transactions,
    }
    print_goals(
        [
            ("seconds of p99 lateness below 0.1", late[2], at_most(late[2], LATE_GOAL_S)),
            ("an idle worker takes next to no CPU, in percent", idle_cpu, at_most(idle_cpu, IDLE_GOAL_PERCENT)),
        ]
    )
    return found


def measure_idle(at: Ground, job: Job) -> tuple[float, float]:
    """CPU in percent of a core, and transactions a second, of a worker whose next post is due tomorrow."""
    phase(engine(at), "enqueue", replace(job, posts=1, due_at=time.time() + 86_400))
    rows.add_backlog(job.database_url, BACKLOG)
    rows.settle_tables(job.database_url)
    with worker(engine(at), job) as pids, psycopg.connect(job.database_url, autocommit=True) as connection:
        time.sleep(SETTLES_S)
        cpu, began, done = cpu_seconds(pids), time.monotonic(), _transactions(connection)
        time.sleep(IDLE_S)
        took = time.monotonic() - began
        return 100 * (cpu_seconds(pids) - cpu) / took, (_transactions(connection) - done) / took


def _transactions(connection: psycopg.Connection) -> int:
    """Those of others: asking is one itself."""
    row = connection.execute(COMMITS).fetchone()
    assert row is not None
    return int(row[0])


def _percent(seen: Run, job: Job) -> float:
    return 100 * seen.worker_cpu_s / (job.posts * job.seconds_apart)
