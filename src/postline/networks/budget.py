"""Calls held back that a network would refuse: so many in any minute for each token, counted in this process."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from typing import Final

from postline.core.errors import ErrorKind, NetworkError

WINDOW: Final = timedelta(minutes=1)

Key = tuple[str, str]  # a group of endpoints and a token's hash


@dataclass(slots=True)
class Budget:
    """`per_minute`: by group of endpoints, how many calls one token may make in any minute. Tokens are kept as hashes.

    A bucket that fills up steadily would let twice as many through within a minute that begins when it is full, so the
    times of the calls themselves are kept, at most as many as the limit, for a minute. What another process sends with
    the same token is not seen here; the network's own refusal is obeyed all the same.
    """

    network: str
    per_minute: Mapping[str, int]
    clock: Callable[[], float] = monotonic
    sent: dict[Key, deque[float]] = field(default_factory=dict, repr=False)
    sweep_at: float = 0.0

    def spend(self, group: str, token: str) -> None:
        """Count a call that is about to be sent. Raises NetworkError RATE_LIMITED, uncounted, when it is one too many.

        A group without a limit always passes.
        """
        most = self.per_minute.get(group)
        if most is None:
            return
        now = self.clock()
        self._sweep(now)
        sent = self.sent.setdefault((group, sha256(token.encode()).hexdigest()), deque())
        _forget(sent, now)
        if len(sent) >= most:
            wait = timedelta(seconds=sent[0] - now) + WINDOW
            text = f"{self.network} takes no more of these calls within a minute. Postline waits and goes on by itself."
            raise NetworkError(ErrorKind.RATE_LIMITED, "budget", text, wait, is_definite=True)
        sent.append(now)

    def left(self) -> Mapping[str, float]:
        """By group: the calls left at this moment to the token that has made the most."""
        self._sweep(self.clock(), is_due=True)
        most_used = dict.fromkeys(self.per_minute, 0)
        for (group, _), sent in self.sent.items():
            most_used[group] = max(most_used[group], len(sent))
        return {group: float(most - most_used[group]) for group, most in self.per_minute.items()}

    def _sweep(self, now: float, *, is_due: bool = False) -> None:
        """Once a window, drop what has left it, so that memory is bounded by the tokens in use."""
        if now < self.sweep_at and not is_due:
            return
        self.sweep_at = now + WINDOW.total_seconds()
        for key, sent in list(self.sent.items()):
            _forget(sent, now)
            if not sent:
                del self.sent[key]


def _forget(sent: deque[float], now: float) -> None:
    while sent and sent[0] <= now - WINDOW.total_seconds():
        sent.popleft()
