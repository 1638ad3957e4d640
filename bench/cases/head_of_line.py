"""50 uploads that take a minute each, beside 1,000 small posts: what the small ones notice of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bench.ground import ground
from bench.measure import number, quantile, spread
from bench.options import Options
from bench.side import Run
from bench.sides import engine
from bench.table import print_goals, print_table
from bench.turns import at_most, take_turns

POSTS: Final = 1000
UPLOADS: Final = 50
UPLOAD_S: Final = 60.0
DELAY_S: Final = 0.02
GOAL: Final = 1.2
ALONE: Final = "alone"
BESIDE: Final = "beside uploads"


def run(options: Options) -> Mapping[str, Any]:
    with ground() as at:
        posts = options.posts or POSTS
        job = at.job(posts=posts, in_flight=options.in_flight, log_level=options.log_level)
        job = at.with_database(replace(job, uploads=UPLOADS), "engine")
        # What the uploads have come to by then is none of the small posts' matter.
        side = {"settle": lambda job: None}
        turns = {ALONE: (engine(at, ALONE, **side), replace(job, uploads=0)), BESIDE: (engine(at, BESIDE, **side), job)}
        slow = {"delay_s": DELAY_S, "upload_s": UPLOAD_S}
        results = take_turns(turns, at.standin, options.runs, frozenset(turns), **slow)
    p99 = {name: spread([live_p99(each) for each in runs]) for name, runs in results.runs.items()}
    uploading = min(each.most_uploads_open for each in results.runs[BESIDE])
    cells = [[name, str(each), number(results.median(name, "p99") or 0)] for name, each in p99.items()]
    title = f"Head of line: {posts:,} small posts, with and without {UPLOADS} uploads of {UPLOAD_S:.0f} s"
    print_table(title, ("small posts", "p99 due → live s: median (least–most)", "p99 first call s"), cells)
    print(f"At least {uploading} uploads were under way at once.")
    pairs = zip(results.runs[BESIDE], results.runs[ALONE], strict=True)
    ratio = spread([live_p99(beside) / live_p99(alone) for beside, alone in pairs])
    found = {
        "bench": "head-of-line",
        "ratio_of_p99": ratio,
        "p99_s": {name: each.median for name, each in p99.items()},
        "uploads_at_once": uploading,
    }
    print_goals([(f"p99 at most {GOAL} × that without uploads", ratio, at_most(ratio, GOAL))])
    return found


def live_p99(run: Run) -> float:
    return quantile(run.accepted_s, 0.99)
