"""CPU and memory of processes by Linux's /proc, and the statistics of runs."""

import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")
KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of runs, with the least and the greatest of them."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.least)}–{number(self.most)})"


def spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def number(value: float) -> str:
    """Three significant digits, never an exponent."""
    if value == 0 or abs(value) >= 100:  # noqa: PLR2004 - from here on there are three digits before the point
        return f"{value:,.0f}"
    return f"{value:.3g}"


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of processes, all they started, and what those left behind when they ended."""
    ticks = sum(sum(map(int, stat[11:15])) for stat in _tree(roots).values())
    return ticks / TICKS_PER_SECOND


def peak_memory(roots: Iterable[int]) -> int:
    """Bytes: the sum of what each process of the trees has had resident at most."""
    return sum(_status(pid, "VmHWM") for pid in _tree(roots))


def memory_now(roots: Iterable[int]) -> int:
    """Bytes resident now."""
    return sum(_status(pid, "VmRSS") for pid in _tree(roots))


def forget_peak(roots: Iterable[int]) -> None:
    """Let the peak begin at what is resident now."""
    for pid in _tree(roots):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _tree(roots: Iterable[int]) -> dict[int, list[str]]:
    """Processes by id with the fields of their stat after the name: state, parent, …"""
    stats: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stats[int(entry.name)] = (entry / "stat").read_text().rpartition(") ")[2].split()
            except OSError:  # it has ended since
                continue
    found, waiting = {}, list(roots)
    while waiting:
        pid = waiting.pop()
        if pid in stats and pid not in found:
            found[pid] = stats[pid]
            waiting += [child for child, stat in stats.items() if int(stat[1]) == pid]
    return found


def _status(pid: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KIB for line in lines if line.startswith(field + ":")), 0)
