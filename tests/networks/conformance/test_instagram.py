"""What Instagram is known to do wrong, one by one, over real HTTP."""

from datetime import timedelta

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Found, NotFound
from postline.core.words import Format, Metric
from tests.networks.conformance.acts import failure, settle
from tests.networks.conformance.cases import CASES, IG
from tests.networks.conformance.conftest import World
from tests.networks.support import Delivery, order

pytestmark = pytest.mark.anyio


async def test_a_post_blocked_as_spam_that_is_live_counts_as_published(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.media_publish", {"error": {"code": 4, "subcode": 2207051}, "after": True}, times=1)
    receipt = await delivery.publish()
    assert world.posts == 1
    assert receipt.permalink is not None


async def test_a_post_blocked_as_spam_that_is_not_live_is_not_sent_again(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.media_publish", {"error": {"code": 4, "subcode": 2207051}})
    error = await failure(delivery)
    assert (error.kind, error.is_definite) == (ErrorKind.CONTENT_REJECTED, True)
    assert world.calls("instagram.media_publish") == 1


async def test_publishing_too_early_waits(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.media_publish", {"error": {"code": 9007, "subcode": 2207027}}, times=2)
    await delivery.publish()
    assert world.posts == 1
    assert world.calls("instagram.media_publish") == 3


async def test_an_expired_container_is_prepared_anew(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.media_publish", {"status": 429}, times=1)
    assert (await failure(delivery)).kind is ErrorKind.RATE_LIMITED
    world.clock.advance(timedelta(hours=25))
    await delivery.publish()
    assert world.posts == 1
    assert delivery.restarts == 1


async def test_an_expired_container_is_known_not_to_be_published(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.media_publish", "drop_before", times=1)
    await failure(delivery)
    world.clock.advance(timedelta(hours=25))
    assert isinstance(await delivery.look_up(), NotFound)
    await delivery.publish()
    assert world.posts == 1


async def test_the_daily_quota_waits(world: World) -> None:
    settle(world, instagram_posts_per_day=0)
    error = await failure(await world.delivery(CASES["instagram image"]))
    assert (error.kind, error.code, error.is_definite) == (ErrorKind.RATE_LIMITED, "quota-used-up", True)
    assert error.retry_after == timedelta(minutes=30)
    assert world.calls("instagram.media") == 0


async def test_a_quota_that_is_used_up_in_between_waits_too(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.media_publish", {"error": {"code": 9, "subcode": 2207042}}, times=1)
    error = await failure(delivery)
    assert (error.kind, error.code, error.is_definite) == (ErrorKind.RATE_LIMITED, "9/2207042", True)
    await delivery.publish()
    assert world.posts == 1


async def test_a_quota_that_instagram_does_not_tell_stops_nothing(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.content_publishing_limit", {"error": {"code": 100}})
    await delivery.publish()
    assert world.posts == 1


async def test_a_container_that_one_token_cannot_see_is_read_with_the_other(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.container", {"error": {"code": 100, "subcode": 33}}, times=1)
    await delivery.publish()
    assert world.posts == 1


async def test_a_container_that_no_token_can_see_says_nothing_about_the_post(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image"])
    world.fault("instagram.media_publish", "drop_after", times=1)
    await failure(delivery)
    world.fault("instagram.container", {"error": {"code": 100, "subcode": 33}}, times=2)
    with pytest.raises(NetworkError) as caught:
        await delivery.look_up()
    assert caught.value.kind is ErrorKind.TRANSIENT
    assert isinstance(await delivery.look_up(), Found)


async def test_a_post_among_twins_keeps_its_id_unknown_rather_than_wrong(world: World) -> None:
    first = await world.delivery(CASES["instagram image"])
    await first.publish()
    twin = await world.delivery(CASES["instagram image"])
    twin.since = first.since
    world.fault("instagram.media_publish", "drop_after", times=1)
    await failure(twin)
    assert isinstance(await twin.look_up(), Found)
    receipt = await twin.publish()
    assert (receipt.remote_id, receipt.permalink) == (f"container:{twin.checkpoint.container_id}", None)
    numbers = await twin.network.metrics(twin.target, receipt, Format.FEED)
    assert set(numbers.values()) == {None}


async def test_a_broken_video_is_the_author_s_to_change(world: World) -> None:
    item = world.media.add(b"no video at all" * 100, "video/mp4")
    target = await world.target(IG)
    delivery = Delivery(world.registry.networks[IG], order(IG, Format.REEL, item), target, world.media, world.clock)
    error = await failure(delivery)
    assert error.kind is ErrorKind.CONTENT_REJECTED
    assert world.posts == 0


async def test_instagram_tells_its_quota(world: World) -> None:
    await (await world.delivery(CASES["instagram image"])).publish()
    options = await world.registry.networks[IG].publishing_options(await world.target(IG))
    assert options == {"quota_used": 1, "quota_total": 50, "quota_duration_s": 86400}


async def test_a_single_video_in_the_feed_has_a_reel_s_numbers(world: World) -> None:
    delivery = await world.delivery(CASES["instagram single feed video"])
    receipt = await delivery.publish()
    world.clock.advance(timedelta(hours=3))
    numbers = await delivery.network.metrics(delivery.target, receipt, Format.FEED)
    assert numbers[Metric.WATCH_TIME_MS] is not None
