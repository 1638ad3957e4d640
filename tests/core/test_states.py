"""Deliveries move along one table, and nowhere else."""

from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postline.core.states import DeliveryState as S
from postline.core.states import IllegalMove, move

# Written out a second time on purpose: a change of the table in the code must be meant.
LEGAL: Final[dict[S, set[S]]] = {
    S.HELD: {S.SCHEDULED, S.BLOCKED, S.CANCELLED},
    S.SCHEDULED: {S.PUBLISHING, S.HELD, S.BLOCKED, S.UNCONFIRMED, S.FAILED, S.CANCELLED},
    S.PUBLISHING: {S.SCHEDULED, S.PUBLISHED, S.FAILED, S.UNCONFIRMED, S.BLOCKED, S.HELD, S.CANCELLED},
    S.UNCONFIRMED: {S.PUBLISHING, S.SCHEDULED, S.PUBLISHED, S.FAILED, S.BLOCKED, S.CANCELLED},
    S.BLOCKED: {S.SCHEDULED, S.HELD, S.CANCELLED},
    S.FAILED: {S.SCHEDULED, S.HELD, S.CANCELLED},
    S.PUBLISHED: set(),
    S.CANCELLED: {S.HELD},
}
LEGAL_PAIRS: Final = [(current, to) for current in S for to in S if to in LEGAL[current]]
ILLEGAL_PAIRS: Final = [(current, to) for current in S for to in S if to not in LEGAL[current] | {current}]


@pytest.mark.parametrize(("current", "to"), LEGAL_PAIRS)
def test_a_legal_move_is_made(current: S, to: S) -> None:
    assert move(current, to) is to


@pytest.mark.parametrize(("current", "to"), ILLEGAL_PAIRS)
def test_any_other_move_is_refused_and_names_both_states(current: S, to: S) -> None:
    with pytest.raises(IllegalMove, match=f"^a delivery cannot go from {current} to {to}$"):
        move(current, to)


@pytest.mark.parametrize("state", list(S))
def test_staying_where_one_is_is_legal(state: S) -> None:
    assert move(state, state) is state


@given(wanted=st.lists(st.sampled_from(S), max_size=30))
def test_published_is_final(wanted: list[S]) -> None:
    state = S.PUBLISHED
    for to in wanted:
        with suppress(IllegalMove):
            state = move(state, to)
    assert state is S.PUBLISHED


@given(wanted=st.lists(st.sampled_from(S), max_size=60))
def test_only_what_was_publishing_or_unconfirmed_becomes_published(wanted: list[S]) -> None:
    state = S.HELD
    for to in wanted:
        before = state
        with suppress(IllegalMove):
            state = move(state, to)
        if state is S.PUBLISHED and before is not S.PUBLISHED:
            assert before in {S.PUBLISHING, S.UNCONFIRMED}


@given(wanted=st.lists(st.sampled_from(S), max_size=60))
def test_what_may_be_live_is_never_taken_back(wanted: list[S]) -> None:
    state = S.UNCONFIRMED
    for to in wanted:
        before = state
        with suppress(IllegalMove):
            state = move(state, to)
        if before is S.UNCONFIRMED:
            assert state is not S.HELD


@pytest.mark.parametrize("state", [state for state in S if state not in {S.PUBLISHED, S.CANCELLED}])
def test_every_state_that_is_not_final_has_a_way_on(state: S) -> None:
    assert any(move(state, to) for to in LEGAL[state])
