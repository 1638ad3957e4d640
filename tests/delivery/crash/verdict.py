"""What must hold for each post after everything that happened, and the counts that are told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from tests.delivery.crash.stage import Line, Row, Subject


class Wrong(StrEnum):
    """What must never be."""

    DUPLICATES = "duplicates"  # live more than once
    COMMENTED_TWICE = "commented_twice"
    LOST = "lost"  # not live, or live and not known to be, though nobody cancelled it
    SILENT = "silent"  # ended, or left to people, without a word why
    LATE_WRITES = "late_writes"  # somebody who had lost the delivery wrote into its history
    UNKNOWN = "needlessly_unconfirmed"  # left to a person though the network can tell


WORDS: Final = {"published": {"published", "resolved"}, "cancelled": {"cancelled"}}
EVIDENCE: Final = frozenset({"cannot_tell", "failed", "restarted"})


@dataclass
class Tally:
    """Counts of everything so far.

    `refused_writes`: how often a worker was told that a delivery is no longer its own. `missed`: what should have
    happened to a worker and did not. `quitters`: workers that ended by themselves. `untold`: what went wrong since
    somebody looked last.
    """

    runs: int = 0
    kills: int = 0
    live: int = 0
    unconfirmed: int = 0
    cancelled: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    wrong: dict[Wrong, list[str]] = field(default_factory=lambda: {each: [] for each in Wrong})
    refused_writes: int = 0
    missed: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    quitters: int = 0

    def blame(self, wrong: Wrong, subject: Subject, text: str) -> None:
        found = f"{subject} ({subject.delivery_id}): {text}"
        self.wrong[wrong].append(found)
        self.untold.append(f"{wrong}: {found}")

    @property
    def is_good(self) -> bool:
        return not any(self.wrong.values()) and not self.missed and not self.quitters

    def to_json(self) -> dict[str, Any]:
        counts = {"runs": self.runs, "kills": self.kills, "live": self.live}
        counts |= {str(wrong): len(found) for wrong, found in self.wrong.items()}
        counts |= {"missed": len(self.missed), "quitters": self.quitters, "unconfirmed": self.unconfirmed}
        counts |= {"cancelled": self.cancelled, "refused_writes": self.refused_writes}
        return counts | {"acts": dict(sorted(self.acts.items()))}


def judge(tally: Tally, subject: Subject, row: Row, history: Sequence[Line], live: Sequence[Mapping[str, Any]]) -> None:
    """Everything is over: look at one post."""
    tally.runs += 1
    tally.live += len(live)
    tally.cancelled += row.state == "cancelled"
    if len(live) > 1:
        tally.blame(Wrong.DUPLICATES, subject, f"live {len(live)} times: {[post['permalink'] for post in live]}")
    if any(post["comments"].count(subject.comment) > 1 for post in live):
        tally.blame(Wrong.COMMENTED_TWICE, subject, f"under one post stands more than once {subject.comment!r}")
    told = f"it is {row.state} ({row.reason}), live {len(live)} times"
    is_live = row.state == "published"
    if row.state not in WORDS or is_live != bool(live):
        tally.blame(Wrong.LOST, subject, told)
    elif not WORDS[row.state] & {line.kind for line in history}:
        tally.blame(Wrong.SILENT, subject, f"{told}, and its history does not say why")
    if any(later.fence < earlier.fence for earlier, later in pairwise(history)):
        tally.blame(Wrong.LATE_WRITES, subject, str(history))


def judge_unknown(tally: Tally, subject: Subject, row: Row, history: Sequence[Line], *, is_expected: bool) -> None:
    """It is left to a person: with a reason and with evidence, and only where the network cannot tell."""
    tally.unconfirmed += 1
    if not row.reason or not EVIDENCE & {line.kind for line in history}:
        tally.blame(Wrong.SILENT, subject, f"unconfirmed for the reason {row.reason!r}, with the history {history}")
    if not is_expected:
        tally.blame(Wrong.UNKNOWN, subject, f"{row.reason}")
