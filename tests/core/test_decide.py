"""What follows from each kind of failure, wherever the delivery stood."""

from datetime import timedelta
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postline.core.decide import Decision, Situation, decide, decide_unknown
from postline.core.errors import ErrorKind as K
from postline.core.errors import NetworkError
from postline.core.outcomes import CannotTell, Effect
from postline.core.retry import Policy
from postline.core.states import DeliveryState as S
from postline.core.states import move

POLICY: Final = Policy()
E: Final = Effect

RETRY: Final = Decision(state=S.SCHEDULED, wait=timedelta(seconds=4), costs_attempt=True)
WAIT: Final = Decision(state=S.SCHEDULED, wait=timedelta(minutes=1))
LOOK_UP: Final = Decision(state=S.UNCONFIRMED, wait=timedelta(seconds=2), costs_lookup=True, keeps_step_open=True)
BLOCK: Final = Decision(state=S.BLOCKED)
FAIL: Final = Decision(state=S.FAILED)
ASK_A_PERSON: Final = Decision(state=S.UNCONFIRMED)

# By kind: what follows (while preparing, in the commit, after the commit) when the network itself answered.
ANSWERED: Final = {
    K.TRANSIENT: (RETRY, RETRY, RETRY),
    K.RATE_LIMITED: (WAIT, WAIT, WAIT),
    K.RECONNECT_NEEDED: (BLOCK, BLOCK, BLOCK),
    K.CONTENT_REJECTED: (FAIL, FAIL, FAIL),
    K.APP_NOT_READY: (BLOCK, BLOCK, ASK_A_PERSON),
    K.AMBIGUOUS: (RETRY, LOOK_UP, LOOK_UP),
}


def _rows() -> dict[str, tuple[NetworkError, Situation, Decision]]:
    rows = {}
    for (kind, outcomes), effect, is_committed, is_definite in product(
        ANSWERED.items(), E, (False, True), (False, True)
    ):
        preparing, committing, after = outcomes
        expected = after if is_committed else committing if effect is E.ONCE else preparing
        if effect is E.ONCE and (not is_definite or kind is K.AMBIGUOUS):
            expected = LOOK_UP
        name = (
            f"{kind}, {'told by the network' if is_definite else 'on the way'}, in a {effect} step, "
            f"{'after' if is_committed else 'before'} the commit"
        )
        error = NetworkError(kind, "code", "A sentence.", is_definite=is_definite)
        rows[name] = (error, Situation(effect=effect, is_committed=is_committed), expected)
    return rows


ROWS: Final = _rows()


@pytest.mark.parametrize(("error", "at", "expected"), ROWS.values(), ids=ROWS)
def test_what_follows_from(error: NetworkError, at: Situation, expected: Decision) -> None:
    assert decide(error, at, POLICY, jitter=1) == expected


NAMED: Final[dict[str, tuple[NetworkError, Situation, Decision]]] = {
    "the last try before the commit fails the delivery": (
        NetworkError(K.TRANSIENT, "500", "A sentence."),
        Situation(effect=E.REPEATABLE, is_committed=False, attempt=POLICY.max_attempts - 1),
        Decision(state=S.FAILED, costs_attempt=True),
    ),
    "the last but one is followed by another": (
        NetworkError(K.TRANSIENT, "500", "A sentence."),
        Situation(effect=E.REPEATABLE, is_committed=False, attempt=POLICY.max_attempts - 2),
        Decision(state=S.SCHEDULED, wait=timedelta(seconds=4 * 2**6), costs_attempt=True),
    ),
    "the last read after the commit asks a person": (
        NetworkError(K.TRANSIENT, "500", "A sentence."),
        Situation(effect=E.READ, is_committed=True, attempt=POLICY.max_reads - 1),
        Decision(state=S.UNCONFIRMED, costs_attempt=True),
    ),
    "reading after the commit is tried for longer than preparing": (
        NetworkError(K.TRANSIENT, "500", "A sentence."),
        Situation(effect=E.READ, is_committed=True, attempt=POLICY.max_attempts),
        Decision(state=S.SCHEDULED, wait=POLICY.cap, costs_attempt=True),
    ),
    "a network's wait is longer than ours": (
        NetworkError(K.TRANSIENT, "503", "A sentence.", retry_after=timedelta(minutes=2)),
        Situation(effect=E.READ, is_committed=False),
        Decision(state=S.SCHEDULED, wait=timedelta(minutes=2), costs_attempt=True),
    ),
    "a network's wait is shorter than ours": (
        NetworkError(K.TRANSIENT, "503", "A sentence.", retry_after=timedelta(seconds=1)),
        Situation(effect=E.READ, is_committed=False),
        RETRY,
    ),
    "a rate limit waits as long as it was told": (
        NetworkError(K.RATE_LIMITED, "429", "A sentence.", retry_after=timedelta(hours=1)),
        Situation(effect=E.READ, is_committed=False, attempt=POLICY.max_attempts),
        Decision(state=S.SCHEDULED, wait=timedelta(hours=1)),
    ),
    "the last look-up is followed by a person": (
        NetworkError(K.TRANSIENT, "timeout", "A sentence."),
        Situation(effect=E.ONCE, is_committed=False, lookups=len(POLICY.lookups)),
        Decision(state=S.UNCONFIRMED, wait=None, costs_lookup=True, keeps_step_open=True),
    ),
}


@pytest.mark.parametrize(("error", "at", "expected"), NAMED.values(), ids=NAMED)
def test_bounds(error: NetworkError, at: Situation, expected: Decision) -> None:
    assert decide(error, at, POLICY, jitter=1) == expected


COMMIT: Final = Situation(effect=E.ONCE, is_committed=False, lookups=3)
UNKNOWN: Final[dict[str, tuple[CannotTell | NetworkError, Situation, Decision]]] = {
    "the network cannot tell yet": (
        CannotTell("It does not say."),
        COMMIT,
        Decision(state=S.UNCONFIRMED, wait=POLICY.lookups[3], costs_lookup=True, keeps_step_open=True),
    ),
    "the question itself fails": (
        NetworkError(K.TRANSIENT, "500", "A sentence."),
        COMMIT,
        Decision(state=S.UNCONFIRMED, wait=POLICY.lookups[3], costs_lookup=True, keeps_step_open=True),
    ),
    "the question is rate limited": (
        NetworkError(K.RATE_LIMITED, "429", "A sentence.", retry_after=timedelta(days=1)),
        COMMIT,
        Decision(state=S.UNCONFIRMED, wait=timedelta(days=1), costs_lookup=True, keeps_step_open=True),
    ),
    "all questions are asked": (
        CannotTell("It does not say."),
        Situation(effect=E.ONCE, is_committed=False, lookups=len(POLICY.lookups)),
        Decision(state=S.UNCONFIRMED, wait=None, costs_lookup=True, keeps_step_open=True),
    ),
}


@pytest.mark.parametrize(("reason", "at", "expected"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_outcome(reason: CannotTell | NetworkError, at: Situation, expected: Decision) -> None:
    assert decide_unknown(reason, at, POLICY) == expected


errors = st.builds(
    NetworkError,
    kind=st.sampled_from(K),
    code=st.just("code"),
    message=st.just("A sentence."),
    retry_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=2)),
    is_definite=st.booleans(),
)
situations = st.builds(
    Situation,
    effect=st.sampled_from(E),
    is_committed=st.booleans(),
    attempt=st.integers(0, 100),
    lookups=st.integers(0, 20),
)
jitters = st.floats(0, 1)


@given(errors, situations, jitters)
def test_every_decision_is_a_legal_move_of_a_running_delivery(
    error: NetworkError, at: Situation, jitter: float
) -> None:
    decision = decide(error, at, POLICY, jitter)
    assert move(S.PUBLISHING, decision.state) is decision.state


@given(errors, situations, jitters)
def test_what_is_scheduled_always_has_a_next_time(error: NetworkError, at: Situation, jitter: float) -> None:
    decision = decide(error, at, POLICY, jitter)
    assert (decision.wait is not None) or decision.state is not S.SCHEDULED


@given(errors, situations, jitters)
def test_a_commit_without_an_answer_is_never_repeated_without_a_look(
    error: NetworkError, at: Situation, jitter: float
) -> None:
    decision = decide(error, at, POLICY, jitter)
    if at.effect is E.ONCE and not error.is_definite:
        assert (decision.state, decision.keeps_step_open) == (S.UNCONFIRMED, True)


@given(errors, situations, jitters)
def test_after_the_commit_a_passing_failure_never_says_failed(
    error: NetworkError, at: Situation, jitter: float
) -> None:
    if at.is_committed and error.kind in {K.TRANSIENT, K.RATE_LIMITED, K.AMBIGUOUS}:
        assert decide(error, at, POLICY, jitter).state is not S.FAILED
