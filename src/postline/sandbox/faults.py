"""Faults on demand: rules that delay, refuse, cut or corrupt matching calls, by chance (seeded) or by count."""

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

CUTS: Final = ("drop_before", "drop_after", "hang_after", "garbage")
ACTIONS: Final = (*CUTS, "delay_ms", "status", "error", "headers")
MATCHES: Final = ("network", "endpoint", "nth", "times", "probability", "seed")


@dataclass(slots=True, kw_only=True)
class Rule:
    """`nth`: the first matching call to hit, counted from 1. `times`: how many calls to hit (0: all).

    Actions (one, or `delay_ms` with another):
    `delay_ms`; `status` with `body` and `headers`; `headers` alone: added to the network's own answer;
    `error`: in the network's envelope, e.g. {"code": 190, "subcode": 463, "message": "…"}, {"code": "internal_error"};
    `cut`: drop_before (nothing is done), drop_after (done, no answer), hang_after (done, never an answer) or garbage
    (done, answered with broken HTML). With `after`, status and error replace the answer of a call that was carried out.
    """

    id: int
    network: str = ""
    endpoint: str = ""
    nth: int = 1
    times: int = 0
    probability: float = 1.0
    seed: int = 0
    delay_ms: int = 0
    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None
    cut: str = ""
    after: bool = False
    seen: int = 0
    applied: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def is_due(self, endpoint: str) -> bool:
        """Count this call if it matches, and tell whether the rule would apply to it."""
        if self.network and endpoint.partition(".")[0] != self.network:
            return False
        if self.endpoint and not fnmatchcase(endpoint, self.endpoint):
            return False
        self.seen += 1
        if self.seen < self.nth or (self.times and self.applied >= self.times):
            return False
        return self.probability >= 1.0 or self.chance.random() < self.probability

    def describe(self) -> dict[str, Any]:
        """The rule as JSON, as it can be sent again, with its counts."""
        match: dict[str, Any] = {name: value for name in ("network", "endpoint") if (value := getattr(self, name))}
        if self.nth > 1 or self.times:
            match |= {"nth": self.nth, "times": self.times}
        if self.probability < 1.0:
            match |= {"probability": self.probability, "seed": self.seed}
        action: dict[str, Any] = {"delay_ms": self.delay_ms} if self.delay_ms else {}
        if self.cut:
            action[self.cut] = True
        if self.status:
            action |= {"status": self.status, "body": self.body}
        if self.headers:
            action["headers"] = dict(self.headers)
        if self.error is not None:
            action["error"] = dict(self.error)
        if self.after:
            action["after"] = True
        return {"id": self.id, "match": match, "action": action, "seen": self.seen, "applied": self.applied}

    @property
    def summary(self) -> str:
        """What it does, in a word, for the journal."""
        if self.cut:
            return self.cut
        if self.error is not None:
            return f"error {self.error.get('code')}"
        if self.status:
            return f"status {self.status}"
        return f"delay {self.delay_ms} ms" if self.delay_ms else "headers"


class Faults:
    """The rules in force; the first that is due at a call is applied to it."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._ids = itertools.count(1)

    def add(self, described: Mapping[str, Any]) -> Rule:
        """Add a rule {"match": {…}, "action": {…} or "drop_after"}. Raises ValueError if it makes no sense."""
        match, action = described.get("match", {}), described.get("action", {})
        if isinstance(action, str):
            action = {action: True}
        if not isinstance(match, Mapping) or not isinstance(action, Mapping):
            raise ValueError("match and action must be objects")
        if unknown := set(match) - set(MATCHES):
            raise ValueError(f"match has no {sorted(unknown)}; it has {MATCHES}")
        if unknown := set(action) - {*ACTIONS, "body", "after"}:
            raise ValueError(f"action has no {sorted(unknown)}; it has {ACTIONS}, body, after")
        if not set(action) & set(ACTIONS):
            raise ValueError(f"action must be one of {ACTIONS}")
        seed = int(match.get("seed", 0))
        rule = Rule(
            id=next(self._ids),
            network=str(match.get("network", "")),
            endpoint=str(match.get("endpoint", "")),
            nth=int(match.get("nth", 1)),
            times=int(match.get("times", 1 if "nth" in match else 0)),
            probability=float(match.get("probability", 1.0)),
            seed=seed,
            delay_ms=int(action.get("delay_ms", 0)),
            status=int(action.get("status", 0)),
            body=str(action.get("body", "")),
            headers=dict(action.get("headers", {})),
            error=action.get("error"),
            cut=next((cut for cut in CUTS if action.get(cut)), ""),
            after=bool(action.get("after", False)),
            chance=random.Random(seed),
        )
        self.rules.append(rule)
        return rule

    def pick(self, endpoint: str) -> Rule | None:
        """The rule to apply to this call. Every rule counts the call, whichever is applied."""
        due = [rule for rule in self.rules if rule.is_due(endpoint)]
        if not due:
            return None
        due[0].applied += 1
        return due[0]

    def clear(self) -> None:
        self.rules.clear()
