"""10,000 photo posts over 1,000 profiles due in one second: the engine beside the limit and beside the rivals."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Final

from bench.ground import ground
from bench.options import Options
from bench.side import Side
from bench.sides import ENGINE, LIMIT, MAKERS, Sides
from bench.stores import NotInstalled
from bench.table import print_goals
from bench.turns import Results, at_least, at_most, take_turns

POSTS: Final = 10_000
DELAY_S: Final = 0.02
RATIO_GOALS: Final = (
    ("ratio_to_limit", "the limit's posts a second", 0.8),
    ("ratio_to_best_rival", "the best rival's", 1.2),
    ("ratio_to_celery", "Celery's", 5),
    ("ratio_to_procrastinate", "Procrastinate's", 5),
)
LATENESS_GOAL: Final = 1.25


def run(options: Options) -> Mapping[str, Any]:
    with ground() as at, ExitStack() as servers:
        posts = options.posts or POSTS
        job = at.job(posts=posts, in_flight=options.in_flight, log_level=options.log_level)
        job = at.with_database(job, "engine")
        sides, skipped = make(Sides(at, servers), options)
        turns = {name: (side, job) for name, side in sides.items()}
        results = take_turns(turns, at.standin, options.runs, frozenset({LIMIT, ENGINE}), delay_s=DELAY_S)
    results.skipped.update(skipped)
    results.show(
        f"Burst: {posts:,} posts over {job.profiles:,} profiles due in one second, {job.in_flight} in flight, "
        f"{DELAY_S * 1000:.0f} ms a call, {options.runs} runs"
    )
    found = summary(results)
    show_goals(found)
    return found


def make(sides: Sides, options: Options) -> tuple[dict[str, Side], dict[str, str]]:
    """The sides that are wanted and can be had, and why others cannot."""
    made, skipped = {}, {}
    for name in MAKERS:
        if options.wants(name):
            try:
                made[name] = sides.make(name)
            except NotInstalled as reason:
                skipped[name] = str(reason)
    return made, skipped


def summary(results: Results) -> dict[str, Any]:
    """Medians and ratios; None: not measured."""
    pace = {name: results.median(name, "posts/s") or 0.0 for name in results.runs}
    rivals = {name: found for name, found in pace.items() if name not in (LIMIT, ENGINE)}
    best = max(rivals, key=lambda name: rivals[name], default=None)
    is_limit_complete = all(each.is_complete for each in results.runs.get(LIMIT, ()))
    return {
        "bench": "burst",
        "ratio_to_limit": results.ratio(ENGINE, LIMIT),
        "ratio_to_best_rival": results.ratio(ENGINE, best),
        "best_rival": best,
        "ratio_to_celery": results.ratio(ENGINE, "celery"),
        "ratio_to_procrastinate": results.ratio(ENGINE, "procrastinate"),
        "lateness_p99_s": results.median(ENGINE, "p99"),
        "limit_total_s": results.median(LIMIT, "total s") if is_limit_complete else None,
        "posts_per_s": pace,
        "cpu_s_per_1000": {name: results.median(name, "CPU s/1,000") for name in results.runs},
        "memory_mb": {name: results.median(name, "memory MB") for name in results.runs},
        "skipped": results.skipped,
    }


def show_goals(found: Mapping[str, Any]) -> None:
    limit_s = found["limit_total_s"]
    latest = LATENESS_GOAL * limit_s if limit_s is not None else None
    print_goals(
        [
            *(
                (f"at least {goal} × {text}", found[name], at_least(found[name], goal))
                for name, text, goal in RATIO_GOALS
            ),
            (
                f"seconds of p99 lateness below {LATENESS_GOAL} × the limit's whole time",
                found["lateness_p99_s"],
                at_most(found["lateness_p99_s"], latest),
            ),
        ]
    )
