"""What follows from an outcome. The one place where trying again, asking a person or giving up is decided."""

from dataclasses import dataclass
from datetime import timedelta

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Effect
from postline.core.retry import Policy
from postline.core.states import DeliveryState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where a delivery stood when a call failed.

    `effect`: of the step that was being run. `is_committed`: the step that may publish was done before.
    `attempt`: failures so far. `lookups`: questions asked so far about an unknown outcome.
    """

    effect: Effect
    is_committed: bool
    attempt: int = 0
    lookups: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The next state and when to act again (`wait` None: no machine acts again; a person may).

    `keeps_step_open`: the outcome of the step in flight stays unknown and must be looked up first.
    """

    state: S
    wait: timedelta | None = None
    costs_attempt: bool = False
    costs_lookup: bool = False
    keeps_step_open: bool = False


def decide(error: NetworkError, at: Situation, policy: Policy, jitter: float) -> Decision:
    """What follows from a failed step. `jitter` in [0, 1]."""
    if at.effect is Effect.ONCE and not error.is_definite:
        return _look_up(at, policy)
    match error.kind:
        case ErrorKind.AMBIGUOUS:
            return _look_up(at, policy) if at.is_committed or at.effect is Effect.ONCE else _retry(at, policy, jitter)
        case ErrorKind.RATE_LIMITED:
            return Decision(state=S.SCHEDULED, wait=error.retry_after or policy.rate_limit_default)
        case ErrorKind.TRANSIENT:
            return _retry(at, policy, jitter, error.retry_after)
        case ErrorKind.RECONNECT_NEEDED:
            return Decision(state=S.BLOCKED)
        case ErrorKind.CONTENT_REJECTED:
            return Decision(state=S.FAILED)
        case ErrorKind.APP_NOT_READY:
            return Decision(state=S.UNCONFIRMED if at.is_committed else S.BLOCKED)


def decide_unknown(reason: CannotTell | NetworkError, at: Situation, policy: Policy) -> Decision:
    """What follows when a look-up could not tell whether the post is live: ask again later, in the end ask a person."""
    decision = _look_up(at, policy)
    if isinstance(reason, NetworkError) and reason.retry_after is not None and decision.wait is not None:
        return Decision(
            state=decision.state, wait=max(decision.wait, reason.retry_after), costs_lookup=True, keeps_step_open=True
        )
    return decision


def _look_up(at: Situation, policy: Policy) -> Decision:
    wait = policy.lookups[at.lookups] if at.lookups < len(policy.lookups) else None
    return Decision(state=S.UNCONFIRMED, wait=wait, costs_lookup=True, keeps_step_open=True)


def _retry(at: Situation, policy: Policy, jitter: float, retry_after: timedelta | None = None) -> Decision:
    bound = policy.max_reads if at.is_committed else policy.max_attempts
    if at.attempt + 1 >= bound:
        return Decision(state=S.UNCONFIRMED if at.is_committed else S.FAILED, costs_attempt=True)
    wait = max(policy.backoff(at.attempt + 1, jitter), retry_after or timedelta(0))
    return Decision(state=S.SCHEDULED, wait=wait, costs_attempt=True)
