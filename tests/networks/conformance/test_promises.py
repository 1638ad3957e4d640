"""What every network promises for every format, checked over real HTTP against the sandbox."""

from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Effect, Found, NotFound
from postline.core.preflight import check
from postline.core.words import Metric
from postline.networks.http import HttpClient
from tests.networks.conformance.cases import CASES, META_SECRET, TIKTOK_SECRET, Case, registry_for
from tests.networks.conformance.conftest import World
from tests.networks.support import Bytes, Delivery

pytestmark = pytest.mark.anyio
ROOM_FOR_MANY = {
    "facebook_reels_per_day": 1000,
    "instagram_posts_per_day": 1000,
    "tiktok_posts_per_day": 1000,
    "tiktok_pending_shares": 1000,
    "tiktok_access_seconds": 10_000_000.0,
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@every_case
def test_the_plan_has_exactly_one_step_that_may_publish(case: Case) -> None:
    order = case.order(Bytes())
    steps = registry_for(case, HttpClient(), "http://127.0.0.1").networks[case.network].plan(order)
    assert [step.effect for step in steps].count(Effect.ONCE) == 1
    assert steps[-1].effect is not Effect.ONCE
    assert len({step.name for step in steps}) == len(steps)


@every_case
def test_the_order_passes_preflight(case: Case) -> None:
    network = registry_for(case, HttpClient(), "http://127.0.0.1").networks[case.network]
    order = case.order(Bytes())
    problems = [*check(order, network.capabilities), *network.check(order)]
    assert [problem for problem in problems if problem.severity == "error"] == []


@every_case
async def test_it_publishes_once_and_gives_the_address(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    receipt = await delivery.publish()
    assert world.posts == 1
    assert world.calls(case.commit) == case.nth
    if case.is_draft:
        assert (receipt.permalink, list(world.sandbox.world.posts)) == (None, [])
        assert receipt.note
        return
    [post] = world.sandbox.world.posts
    assert post.caption == delivery.order.caption
    assert receipt.permalink is not None
    async with aiohttp.ClientSession() as browser, browser.get(receipt.permalink) as page:
        assert page.status == 200


@every_case
async def test_repeating_what_may_be_repeated_publishes_once(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    delivery.repeats_steps = True
    await delivery.publish()
    assert world.posts == 1


@every_case
async def test_a_commit_whose_answer_is_lost_is_found(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    world.fault(case.commit, "drop_after", nth=case.nth)
    error = await _failure(delivery)
    assert (error.kind, error.is_definite) == (ErrorKind.AMBIGUOUS, False)
    assert isinstance(await delivery.look_up(), Found if case.can_tell_presence else CannotTell)
    if case.can_tell_presence:
        await delivery.publish()
    assert world.posts == 1
    assert world.calls(case.commit) == case.nth


@every_case
async def test_a_commit_that_never_arrived_is_known_to_be_absent_or_left_open(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    world.fault(case.commit, "drop_before", nth=case.nth)
    assert not (await _failure(delivery)).is_definite
    answer = await delivery.look_up()
    if not case.can_tell_absence:
        assert isinstance(answer, CannotTell)
        return
    assert isinstance(answer, NotFound)
    await delivery.publish()
    assert world.posts == 1


@every_case
@pytest.mark.parametrize("cut", ["drop_before", "drop_after", "garbage"])
async def test_whichever_call_is_cut_there_is_never_a_second_post(case: Case, cut: str, world: World) -> None:
    world.sandbox.world.settings = world.sandbox.world.settings.changed(ROOM_FOR_MANY)
    delivery = await world.delivery(case)
    faults = world.sandbox.sandbox.faults
    for place in range(1, 40):
        before = world.posts
        caption = f"{delivery.order.caption} {place}" if delivery.order.caption else ""
        order = replace(delivery.order, caption=caption)
        faults.clear()
        rule = faults.add({"match": {"network": case.network, "nth": place}, "action": cut})
        receipt = await Delivery(
            delivery.network, order, delivery.target, world.media, world.clock
        ).publish_stubbornly()
        assert world.posts <= before + 1, f"call {place}"
        assert world.posts == before + 1 or receipt is None, f"call {place}"
        if not rule.applied:
            break
        world.clock.advance(timedelta(hours=1))
    assert place > 2
    assert not rule.applied


@every_case
async def test_an_unreadable_answer_to_the_commit_leaves_the_outcome_open(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    world.fault(case.commit, "garbage", nth=case.nth)
    assert not (await _failure(delivery)).is_definite
    assert isinstance(await delivery.look_up(), Found if case.can_tell_presence else CannotTell)


@every_case
async def test_an_expired_token_asks_for_a_reconnect(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    world.sandbox.world.end_tokens(lambda token: True, "expired")
    error = await _failure(delivery)
    assert (error.kind, error.is_definite) == (ErrorKind.RECONNECT_NEEDED, True)
    assert world.posts == 0


@every_case
async def test_too_many_calls_wait_as_long_as_the_network_says(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    world.fault(case.first, {"status": 429, "body": "slow down", "headers": {"Retry-After": "7"}})
    error = await _failure(delivery)
    assert (error.kind, error.retry_after) == (ErrorKind.RATE_LIMITED, timedelta(seconds=7))


@every_case
async def test_a_rate_limit_on_the_commit_is_known_not_to_have_published(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    world.fault(case.commit, {"status": 429, "body": "slow down"}, nth=case.nth)
    error = await _failure(delivery)
    assert (error.kind, error.is_definite) == (ErrorKind.RATE_LIMITED, True)
    await delivery.publish()
    assert world.posts == 1


@every_case
async def test_no_log_line_or_message_tells_a_secret(case: Case, world: World) -> None:
    with capture_logs() as lines:
        delivery = await world.delivery(case)
        world.fault(case.commit, {"status": 500, "body": "oops"}, nth=case.nth)
        error = await _failure(delivery)
        await delivery.look_up()
        await delivery.publish()
    shown = repr(lines) + str(error) + repr(error) + repr(error.__context__) + repr(delivery.target)
    secrets = [META_SECRET, TIKTOK_SECRET, *(token.id for token in world.sandbox.world.tokens)]
    secrets += [publish.upload_token for publish in world.sandbox.world.publishes if publish.upload_token]
    assert [secret for secret in secrets if secret in shown] == []
    named = {"network", "endpoint", "ms", "request_id"}
    calls = [line for line in lines if line["event"] == "network.call"]
    assert calls
    assert all(named - {"request_id"} <= set(line) for line in calls)


@every_case
async def test_numbers_are_counted_or_not_reported(case: Case, world: World) -> None:
    delivery = await world.delivery(case)
    receipt = await delivery.publish()
    world.clock.advance(timedelta(minutes=90))  # while a TikTok token lives
    numbers = await delivery.network.metrics(delivery.target, receipt, delivery.order.format)
    assert set(numbers) == set(Metric)
    assert bool(numbers[Metric.VIEWS]) is not case.is_draft
    assert all(value is None or value >= 0 for value in numbers.values())


async def _failure(delivery: Delivery) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        await delivery.publish()
    assert caught.value.message.endswith(".")
    return caught.value
