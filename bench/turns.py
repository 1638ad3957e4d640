"""Sides measured in turns, so that whatever else the machine does hits them alike, and the figures of their runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bench.job import Job
from bench.measure import Spread, number, quantile, spread
from bench.progress import say
from bench.side import Run, Side, SideFailed, StandIn, run
from bench.table import print_table

FIGURES: Final[Mapping[str, Callable[[Run], float]]] = {
    "posts/s": lambda run: run.posts_per_s,
    "total s": lambda run: run.total_s,
    "late p50 s": lambda run: quantile(run.first_calls_s, 0.5),
    "p95": lambda run: quantile(run.first_calls_s, 0.95),
    "p99": lambda run: quantile(run.first_calls_s, 0.99),
    "CPU s/1,000": lambda run: run.worker_cpu_s * 1000 / run.accepted,
    "store's": lambda run: run.store_cpu_s * 1000 / run.accepted,
    "stand-in's": lambda run: run.standin_cpu_s * 1000 / run.accepted,
    "memory MB": lambda run: run.memory_bytes / 1e6,
}


@dataclass(frozen=True, slots=True)
class Results:
    """Runs by side, in the order of the sides; why others were skipped."""

    runs: Mapping[str, Sequence[Run]]
    skipped: dict[str, str] = field(default_factory=dict)

    def median(self, name: str, of: str) -> float | None:
        """The median over a side's runs of one of FIGURES; None when it was not measured."""
        runs = self.runs.get(name)
        return spread([FIGURES[of](each) for each in runs]).median if runs else None

    def ratio(self, name: str, other: str | None, of: str = "posts/s") -> Spread | None:
        """A side's figure by another's in each turn; None when either was not measured."""
        ours, theirs = self.runs.get(name), self.runs.get(other or "")
        if not ours or not theirs:
            return None
        return spread([FIGURES[of](each) / FIGURES[of](beside) for each, beside in zip(ours, theirs, strict=True)])

    def show(self, title: str) -> None:
        rows = [[name, *_cells(runs)] for name, runs in self.runs.items()]
        print_table(f"{title}: median (least–most)", ("side", *FIGURES, "done"), rows)
        for name, reason in self.skipped.items():
            print(f"{name} was skipped: {reason}")


def take_turns(
    turns: Mapping[str, tuple[Side, Job]], standin: StandIn, runs: int, must: frozenset[str], **slowness: float
) -> Results:
    """All sides once, then all again. A side that fails is skipped, unless it is one that must not: then SideFailed."""
    found: dict[str, list[Run]] = {name: [] for name in turns}
    skipped: dict[str, str] = {}
    for turn in range(runs):
        for name, (side, job) in turns.items():
            if name in skipped:
                continue
            try:
                each = run(side, job, standin, **slowness)
                if not each.accepted:
                    raise SideFailed(f"{name} published nothing within {side.time_limit_s:.0f} s")
            except SideFailed as reason:
                if name in must:
                    raise
                skipped[name] = str(reason)
                continue
            say(
                f"run {turn + 1} of {name}: {each.accepted:,} of {each.asked:,} posts, {each.posts_per_s:,.0f} a second"
            )
            found[name].append(each)
    return Results({name: runs for name, runs in found.items() if runs and name not in skipped}, skipped)


def at_least(found: float | Spread | None, bound: float | None) -> bool | None:
    """Whether a figure, or its median, reaches its bound; None when one of them was not measured."""
    return None if found is None or bound is None else middle(found) >= bound


def at_most(found: float | Spread | None, bound: float | None) -> bool | None:
    """As `at_least`, from above."""
    return None if found is None or bound is None else middle(found) <= bound


def middle(found: float | Spread) -> float:
    return found.median if isinstance(found, Spread) else found


def _cells(runs: Sequence[Run]) -> list[Any]:
    figures = {name: spread([figure(each) for each in runs]) for name, figure in FIGURES.items()}
    is_complete = all(each.is_complete for each in runs)
    fewest = min(each.accepted for each in runs)
    texts = {name: number(each.median) for name, each in figures.items()}
    texts["posts/s"] = str(figures["posts/s"])
    texts["total s"] = str(figures["total s"]) if is_complete else "–"
    return [*texts.values(), "all" if is_complete else f"{fewest:,} of {runs[0].asked:,}"]
