"""How often and how long the networks are asked."""

from datetime import timedelta

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.polling import MAX_RESTARTS, PollingCheckpoint, ask_again_after, begin_anew, wait, waited
from tests.networks.support import START

PACES = {0: 1, 4: 1, 5: 2, 19: 2, 20: 5, 59: 5, 60: 15, 359: 15, 360: 60, 2159: 60, 2160: 600, 90_000: 600, -5: 1}
GONE = NetworkError(ErrorKind.TRANSIENT, "gone", "It is gone.")


@pytest.mark.parametrize(("elapsed", "pace"), PACES.items())
def test_questions_come_fast_at_first(elapsed: int, pace: int) -> None:
    assert ask_again_after(timedelta(seconds=elapsed)) == timedelta(seconds=pace)


def test_no_minute_has_more_questions_than_tiktok_allows_for_all_posts() -> None:
    elapsed, asked = timedelta(), 0
    while elapsed < timedelta(minutes=1):
        elapsed, asked = elapsed + ask_again_after(elapsed), asked + 1
    assert asked <= 30


def test_a_wait_remembers_when_it_began() -> None:
    first = wait(PollingCheckpoint(), START, "Not yet.")
    later = START + timedelta(minutes=2)
    second = wait(first.checkpoint, later, "Not yet.")
    assert second.checkpoint.waiting_since == START
    assert waited(second.checkpoint, later) == timedelta(minutes=2)
    assert (first.after, second.after) == (timedelta(seconds=1), timedelta(seconds=15))


def test_beginning_anew_is_bounded() -> None:
    checkpoint = PollingCheckpoint(waiting_since=START)
    for count in range(1, MAX_RESTARTS + 1):
        checkpoint = begin_anew(checkpoint, GONE).checkpoint
        assert checkpoint == PollingCheckpoint(restarts=count)
    with pytest.raises(NetworkError) as caught:
        begin_anew(checkpoint, GONE)
    assert caught.value.kind is ErrorKind.CONTENT_REJECTED
