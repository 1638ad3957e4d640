"""The burst again with 1,000,000 posts scheduled for later, and the plan by which the claim finds what is due."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import psycopg

from bench import rows
from bench.ground import ground
from bench.options import Options
from bench.progress import say
from bench.side import phase
from bench.sides import engine
from bench.table import print_goals
from bench.turns import at_least, take_turns
from postline.core.words import NetworkKey
from postline.db.engine import WORKER_ROLE
from postline.delivery.claim import CLAIM, LaneKey

POSTS: Final = 10_000
DELAY_S: Final = 0.02
GOAL: Final = 0.95
EMPTY: Final = "empty table"
FULL: Final = "with backlog"
LANE: Final = LaneKey(NetworkKey.FACEBOOK, is_upload=False)
CLAIMED: Final = {"limit": 300, "owner": "bench", "lease": timedelta(seconds=30), **LANE._asdict()}


def run(options: Options) -> Mapping[str, Any]:
    with ground() as at:
        posts = options.posts or POSTS
        job = at.job(posts=posts, in_flight=options.in_flight, log_level=options.log_level)
        empty, full = at.with_database(job, "empty"), at.with_database(job, "backlog")
        phase(engine(at), "enqueue", replace(full, posts=1, due_at=0))
        backlog = rows.add_backlog(full.database_url, options.backlog)
        say(f"{backlog:,} deliveries are scheduled for later")
        turns = {name: (engine(at, name), chosen) for name, chosen in ((EMPTY, empty), (FULL, full))}
        results = take_turns(turns, at.standin, options.runs, frozenset(turns), delay_s=DELAY_S)
        phase(engine(at), "enqueue", replace(full, due_at=1))
        plan = explain(full.database_url)
    results.show(f"Backlog: {posts:,} posts due in one second beside {backlog:,} for later, {job.in_flight} in flight")
    print("\nThe claim's plan with all of that in the table:\n")
    print("\n".join(plan))
    is_by_index = not any("Seq Scan on deliveries" in line for line in plan)
    ratio = results.ratio(FULL, EMPTY)
    found = {
        "bench": "backlog",
        "backlog": backlog,
        "ratio_to_empty": ratio,
        "posts_per_s": {name: results.median(name, "posts/s") for name in results.runs},
        "lateness_p99_s": {name: results.median(name, "p99") for name in results.runs},
        "claim_reads_by_index_only": is_by_index,
    }
    print_goals(
        [
            (f"at least {GOAL} × the posts a second over an empty table", ratio, at_least(ratio, GOAL)),
            ("the claim reads deliveries by an index only", None, is_by_index),
        ]
    )
    return found


def explain(database_url: str) -> list[str]:
    """The claim as it runs, with its times and pages; nothing stays claimed."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ANALYZE deliveries")
    with psycopg.connect(database_url, options=f"-c role={WORKER_ROLE}") as connection:
        rows_of_plan = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {CLAIM}", CLAIMED).fetchall()
        connection.rollback()
    return [line for (line,) in rows_of_plan]
