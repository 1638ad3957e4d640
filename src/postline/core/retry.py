"""How long to wait before the next try or look-up."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate


def seconds(*values: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=value) for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The bounds of trying.

    Back-off doubles from `base` to `cap`; chance picks a point in its second half. `lookups` are the waits between
    questions to a network about a post that may be live; after the last one a person decides.
    """

    max_attempts: int = 8
    max_reads: int = 60
    base: timedelta = timedelta(seconds=4)
    cap: timedelta = timedelta(minutes=15)
    rate_limit_default: timedelta = timedelta(minutes=1)
    lookups: tuple[timedelta, ...] = seconds(2, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600)

    def backoff(self, attempt: int, jitter: float) -> timedelta:
        """Wait after `attempt` failures (1 = after the first); `jitter` in [0, 1] picks a point in the second half.

        Raises ValueError if attempt < 1.
        """
        if attempt < 1:
            raise ValueError(f"attempt counts from 1, got {attempt}")
        full: timedelta = min(self.base * 2 ** min(attempt - 1, 20), self.cap)
        return full * (0.5 + jitter / 2)

    def lookup_span(self) -> timedelta:
        """How long an unknown outcome is looked up before a person must decide."""
        return list(accumulate(self.lookups))[-1]
