"""Faults on demand: rules that delay, refuse, cut, corrupt or disown matching calls, by chance (seeded) or by count."""

import itertools
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Final

from postline.sandbox.changes import changed

CUTS: Final[Mapping[str, str]] = {
    "drop_before": "nothing is done; the connection is closed",
    "reset_before": "nothing is done; the connection is reset",
    "hang_before": "nothing is done, and no answer ever comes",
    "drop_after": "it is done; the connection is closed",
    "reset_after": "it is done; the connection is reset",
    "hang_after": "it is done, and no answer ever comes",
    "truncate_after": "it is done; the connection is closed in the middle of the answer's body",
    "garbage": "it is done, and answered with broken HTML and 502",
    "garbage_json": "it is done, and answered with broken JSON and 200",
}
WHEN: Final = ("", "before", "after")
NETWORKS: Final = ("", "facebook", "instagram", "meta", "tiktok")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which calls a rule hits. `endpoint` is a name or pattern of `GET /sandbox/endpoints`.

    `nth`: the first matching call to hit, counted from 1. `times`: how many calls to hit (0: all).
    """

    network: str = ""
    endpoint: str = ""
    nth: int = 1
    times: int = 0
    probability: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What happens to a call: one of `cut`, `status` (with `body`) and `error`, or none of them; and any of the others.

    `cut` is a key of CUTS; in JSON it stands by itself, as {"drop_after": true}. `error` is in the network's envelope,
    e.g. {"code": 190, "subcode": 463}, {"code": "internal_error"}. `headers` are added to whatever is answered, e.g.
    {"Retry-After": "3"}. With `after`, status and error replace the answer of a call that was carried out.
    `delay_ms` passes before anything is done, `hold_ms` before the answer goes out, `trickle_ms` between pieces of its
    body, each of `trickle_bytes`. Of a raw body that is uploaded only `upload_bytes` arrive (0: all), and then the
    connection is closed. `revoke_token` ends the token that
    the call carries, `remove_app` all tokens of the person behind it as if they removed the app: "before" or "after".
    """

    delay_ms: int = 0
    hold_ms: int = 0
    upload_bytes: int = 0
    cut: str = ""
    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] = field(default_factory=dict)
    after: bool = False
    trickle_ms: int = 0
    trickle_bytes: int = 1
    revoke_token: str = ""
    remove_app: str = ""

    @property
    def carries_out(self) -> bool:
        """Whether the network does what the call asks for."""
        if self.cut:
            return not self.cut.endswith("_before")
        return self.after or not (self.status or self.error)


@dataclass(slots=True, kw_only=True)
class Rule:
    id: int
    match: Match
    action: Action
    seen: int = 0
    applied: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def is_due(self, endpoint: str) -> bool:
        """Count this call if it matches, and tell whether the rule would apply to it."""
        match = self.match
        if match.network and endpoint.partition(".")[0] != match.network:
            return False
        if match.endpoint and not fnmatchcase(endpoint, match.endpoint):
            return False
        self.seen += 1
        if self.seen < match.nth or (match.times and self.applied >= match.times):
            return False
        return match.probability >= 1.0 or self.chance.random() < match.probability

    def describe(self) -> dict[str, Any]:
        """The rule as JSON, as it can be sent again, with its counts."""
        match = _unlike(self.match, Match())
        if "nth" in match:
            match["times"] = self.match.times
        action = _unlike(self.action, Action())
        if cut := action.pop("cut", ""):
            action[cut] = True
        return {"id": self.id, "match": match, "action": action, "seen": self.seen, "applied": self.applied}

    @property
    def summary(self) -> str:
        """What it does, in a word, for the journal."""
        action = self.action
        if action.cut:
            return action.cut
        if action.error:
            return f"error {action.error.get('code')}"
        if action.status:
            return f"status {action.status}"
        return ", ".join(_unlike(action, Action()))


class Faults:
    """The rules in force; the first that is due at a call is applied to it."""

    def __init__(self, endpoints: Collection[str] = ()) -> None:
        self.endpoints = endpoints
        """The names there are; empty: any will do."""
        self.rules: list[Rule] = []
        self._ids = itertools.count(1)

    def add(self, described: Mapping[str, Any]) -> Rule:
        """Add a rule {"match": {…}, "action": {…} or "drop_after"}. Raises ValueError if it makes no sense."""
        match, action = described.get("match", {}), described.get("action", {})
        if isinstance(action, str):
            action = {action: True}
        if not isinstance(match, Mapping) or not isinstance(action, Mapping):
            raise ValueError("match and action must be objects")
        made = self._match(match)
        rule = Rule(id=next(self._ids), match=made, action=_action(action), chance=random.Random(made.seed))
        self.rules.append(rule)
        return rule

    def _match(self, described: Mapping[str, Any]) -> Match:
        match = changed(Match(times=1 if "nth" in described else 0), described, "match.")
        if match.network not in NETWORKS:
            raise ValueError(f"match.network must be one of {', '.join(NETWORKS[1:])}, not {match.network!r}")
        if match.nth < 1:
            raise ValueError("match.nth counts from 1")
        if match.probability > 1:
            raise ValueError("match.probability must be between 0 and 1")
        if match.endpoint and self.endpoints and not any(fnmatchcase(name, match.endpoint) for name in self.endpoints):
            raise ValueError(f"match.endpoint {match.endpoint!r} matches no endpoint; see GET /sandbox/endpoints")
        return match

    def pick(self, endpoint: str) -> Rule | None:
        """The rule to apply to this call. Every rule counts the call, whichever is applied."""
        if not self.rules:
            return None
        due = [rule for rule in self.rules if rule.is_due(endpoint)]
        if not due:
            return None
        due[0].applied += 1
        return due[0]

    def clear(self) -> None:
        self.rules.clear()


def _action(described: Mapping[str, Any]) -> Action:
    plain = {name: value for name, value in described.items() if name not in CUTS}
    cuts = [name for name in CUTS if described.get(name)]
    if unknown := set(plain) - {each.name for each in fields(Action)} | ({"cut"} & set(plain)):
        names = sorted({each.name for each in fields(Action)} - {"cut"} | set(CUTS))
        raise ValueError(f"action has no {', '.join(sorted(unknown))}; it has {', '.join(names)}")
    action = changed(Action(cut=cuts[0] if cuts else ""), plain, "action.")
    if len([*cuts, *(name for name in ("status", "error") if plain.get(name))]) > 1:
        raise ValueError("an action has one of status, error and a cut, not several")
    if action.status and not 100 <= action.status <= 599:
        raise ValueError("action.status must be between 100 and 599")
    if action.revoke_token not in WHEN or action.remove_app not in WHEN:
        raise ValueError("action.revoke_token and action.remove_app must be before or after")
    if action.trickle_bytes < 1:
        raise ValueError("action.trickle_bytes must be at least 1")
    if not all(isinstance(value, str) for value in action.headers.values()):
        raise ValueError("action.headers must be texts")
    if not set(_unlike(action, Action())) - {"body", "after", "trickle_bytes"}:
        raise ValueError(f"an action must do something: {', '.join([*CUTS, 'status', 'error', 'delay_ms'])}, …")
    return action


def _unlike(record: Match | Action, blank: Match | Action) -> dict[str, Any]:
    """The fields in which a record is not like a blank one."""
    values = {each.name: getattr(record, each.name) for each in fields(record)}
    return {name: value for name, value in values.items() if value != getattr(blank, name)}
