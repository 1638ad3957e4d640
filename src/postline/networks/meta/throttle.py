"""Meta's limits acted on: a call that would be refused is not sent, as going on raises the counters.

Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting, read 2026-09-11.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from typing import Final

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.meta.usage import APP, PAGES, Usage

NEARLY_FULL: Final = 95.0
FULL: Final = 100.0
LOOK_AGAIN: Final = timedelta(minutes=1)
REFUSED_WAIT: Final = timedelta(minutes=15)
APP_CODES: Final = frozenset({4, 341})
# Of one person, Page or account. A code for one kind of call (613) or for posts a day (9) stops nothing else.
TOKEN_CODES: Final = frozenset({17, 32, 80001, 80002})
OURS: Final = frozenset({APP, PAGES, "instagram"})

Key = tuple[str, str]  # a network and a token's hash, or APP and nothing


@dataclass(slots=True)
class Throttle:
    """Of one process: who makes no calls until when. Tokens are kept as hashes.

    At 95 % only what is urgent goes on: questions about what is under way. At 100 %, or after a refusal, nothing does.
    """

    clock: Callable[[], float] = monotonic
    closed: dict[Key, float] = field(default_factory=dict)
    narrow: dict[Key, float] = field(default_factory=dict)
    percent: dict[str, float] = field(default_factory=dict)

    def usage(self) -> Mapping[str, float]:
        """By limit ("app", "pages", "instagram", …): the percentage used, as Meta told last."""
        return dict(self.percent)

    def note(self, network: str, token: str, told: Sequence[Usage]) -> None:
        """What an answer's headers told of the app, and of the Page, account or person behind the token."""
        for usage in told:
            self.percent[usage.name] = usage.percent
            if usage.name not in OURS:
                continue  # advertising and messages have limits of their own
            key = _key(usage.name, network, token)
            if usage.percent >= FULL or usage.regain_after:
                self._shut(self.closed, key, usage.regain_after or LOOK_AGAIN)
            elif usage.percent >= NEARLY_FULL:
                self._shut(self.narrow, key, LOOK_AGAIN)

    def note_refusal(self, network: str, token: str, code: int | None, wait: timedelta | None) -> None:
        """Meta refused a call for its limits: of the whole app, or of this token."""
        if code in APP_CODES | TOKEN_CODES:
            key = _key(APP if code in APP_CODES else "", network, token)
            self._shut(self.closed, key, wait or REFUSED_WAIT)

    def check(self, network: str, token: str, *, is_urgent: bool) -> None:
        """Raises NetworkError RATE_LIMITED, with nothing sent, while this token or the app must make no calls."""
        if not self.closed and not self.narrow:
            return
        now = self.clock()
        shut = [self.closed] if is_urgent else [self.closed, self.narrow]
        keys = (_key(APP, network, token), _key("", network, token))
        until = max(table.get(key, 0.0) for table in shut for key in keys)
        if until > now:
            text = f"{network} has nearly used up its calls. Postline waits and goes on by itself."
            wait = timedelta(seconds=until - now)
            raise NetworkError(ErrorKind.RATE_LIMITED, "calls_used_up", text, wait, is_definite=True)

    def _shut(self, table: dict[Key, float], key: Key, wait: timedelta) -> None:
        now = self.clock()
        for old in [each for each, until in table.items() if until <= now]:
            del table[old]
        table[key] = max(table.get(key, 0.0), now + wait.total_seconds())


def _key(limit: str, network: str, token: str) -> Key:
    return (APP, "") if limit == APP else (network, sha256(token.encode()).hexdigest())
