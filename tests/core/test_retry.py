"""Waits double up to a cap and are spread, so that many deliveries do not come back together."""

from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postline.core.retry import Policy, seconds

POLICY: Final = Policy(base=timedelta(seconds=4), cap=timedelta(minutes=15))

LONGEST: Final = {  # after so many failures: the longest wait
    1: timedelta(seconds=4),
    2: timedelta(seconds=8),
    3: timedelta(seconds=16),
    8: timedelta(seconds=512),
    9: timedelta(minutes=15),
    10_000: timedelta(minutes=15),
}


@pytest.mark.parametrize(("attempt", "longest"), LONGEST.items())
def test_the_wait_doubles_up_to_the_cap(attempt: int, longest: timedelta) -> None:
    assert POLICY.backoff(attempt, jitter=1) == longest


@pytest.mark.parametrize(("attempt", "longest"), LONGEST.items())
def test_the_shortest_wait_is_half_of_the_longest(attempt: int, longest: timedelta) -> None:
    assert POLICY.backoff(attempt, jitter=0) == longest / 2


@given(attempt=st.integers(1, 200), one=st.floats(0, 1), other=st.floats(0, 1))
def test_more_jitter_never_waits_less(attempt: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert POLICY.backoff(attempt, low) <= POLICY.backoff(attempt, high)


@pytest.mark.parametrize("attempt", [0, -1])
def test_attempts_count_from_one(attempt: int) -> None:
    with pytest.raises(ValueError, match="attempt counts from 1"):
        POLICY.backoff(attempt, jitter=0)


def test_a_person_is_asked_after_all_look_ups_together() -> None:
    assert Policy(lookups=seconds(2, 5, 15)).lookup_span() == timedelta(seconds=22)


def test_look_ups_become_rarer() -> None:
    assert list(Policy().lookups) == sorted(Policy().lookups)


def test_a_person_is_asked_within_a_day() -> None:
    assert Policy().lookup_span() < timedelta(days=1)
