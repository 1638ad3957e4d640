"""Calls that a network would refuse for their number are held back, each token by itself."""

from datetime import timedelta

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey
from postline.networks.apps import TikTokApp
from postline.networks.base import Target
from postline.networks.budget import Budget
from postline.networks.http import HttpClient
from postline.networks.registry import build
from postline.networks.tiktok.limits import CALLS_PER_MINUTE, GROUPS
from tests.networks.support import Ticks


@pytest.fixture
def budget(ticks: Ticks) -> Budget:
    return Budget("TikTok", {"init": 3, "status": 30}, ticks)


def wait_of(budget: Budget, group: str, token: str) -> timedelta | None:
    """How long a call has to wait; None: it was counted and may be sent now."""
    try:
        budget.spend(group, token)
    except NetworkError as error:
        return error.retry_after
    return None


def test_a_call_that_is_held_back_is_known_not_to_have_been_sent(budget: Budget) -> None:
    for _ in range(3):
        budget.spend("init", "mine")
    with pytest.raises(NetworkError) as caught:
        budget.spend("init", "mine")
    error = caught.value
    assert (error.kind, error.code, error.is_definite) == (ErrorKind.RATE_LIMITED, "budget", True)
    assert error.message.endswith(".")
    assert "mine" not in repr(budget.sent)


def test_it_waits_until_the_oldest_call_is_a_minute_old(budget: Budget, ticks: Ticks) -> None:
    for at in (100.0, 110.0, 130.0):
        ticks.now = at
        budget.spend("init", "mine")
    ticks.now = 140.0
    assert wait_of(budget, "init", "mine") == timedelta(seconds=20)
    ticks.now = 160.0
    assert wait_of(budget, "init", "mine") is None
    assert wait_of(budget, "init", "mine") == timedelta(seconds=10)


def test_no_minute_ever_has_more_calls_than_the_limit(budget: Budget, ticks: Ticks) -> None:
    sent = []
    for _ in range(400):
        ticks.now += 0.7
        if wait_of(budget, "init", "mine") is None:
            sent.append(ticks.now)
    assert len(sent) > 10
    assert all(later - first >= 60 for first, later in zip(sent, sent[3:], strict=False))


def test_a_call_that_was_held_back_costs_nothing(budget: Budget, ticks: Ticks) -> None:
    for _ in range(10):
        wait_of(budget, "init", "mine")
    ticks.now += 60
    assert [wait_of(budget, "init", "mine") for _ in range(3)] == [None] * 3


def test_tokens_and_groups_do_not_hold_each_other_back(budget: Budget) -> None:
    for _ in range(4):
        wait_of(budget, "init", "mine")
    assert wait_of(budget, "init", "another's") is None
    assert wait_of(budget, "status", "mine") is None


def test_what_has_no_limit_always_passes(budget: Budget) -> None:
    assert [wait_of(budget, "oauth", "mine") for _ in range(100)] == [None] * 100


def test_what_is_left_is_told_of_the_busiest_token(budget: Budget, ticks: Ticks) -> None:
    for token in ("a", "b", "b"):
        budget.spend("init", token)
    assert budget.left() == {"init": 1.0, "status": 30.0}
    ticks.now += 60
    assert budget.left() == {"init": 3.0, "status": 30.0}


def test_idle_tokens_are_forgotten(budget: Budget, ticks: Ticks) -> None:
    for number in range(1000):
        ticks.now += 1
        budget.spend("init", f"token {number}")
    assert len(budget.sent) <= 121


def test_every_group_of_tiktok_has_a_limit() -> None:
    assert set(GROUPS.values()) == set(CALLS_PER_MINUTE)


@pytest.mark.anyio
async def test_tiktok_is_not_called_once_too_often(ticks: Ticks) -> None:
    async with HttpClient() as http:
        nowhere = "http://127.0.0.1:1"
        app = TikTokApp(client_key="k", client_secret="s", api_url=nowhere, auth_url=nowhere)
        registry = build(http, None, app, ticks)
        target = Target(remote_id="1", access_token="mine", user_token="mine")
        codes = []
        for _ in range(CALLS_PER_MINUTE["creator_info"] + 1):
            with pytest.raises(NetworkError) as caught:
                await registry.networks[NetworkKey.TIKTOK].publishing_options(target)
            codes.append(caught.value.code)
    assert codes == ["not_sent"] * CALLS_PER_MINUTE["creator_info"] + ["budget"]
    assert registry.calls_left()["creator_info"] == 0
