"""What Facebook is known to do wrong, one by one, over real HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Found, NotFound
from postline.core.words import Format
from tests.networks.conformance.acts import failure, settle
from tests.networks.conformance.cases import CASES, FB
from tests.networks.conformance.conftest import World
from tests.networks.support import Delivery, order
from tests.support.files import mp4

pytestmark = pytest.mark.anyio


async def test_a_refused_repetition_that_was_our_own_earlier_try_is_published(world: World) -> None:
    delivery = await world.delivery(CASES["facebook text"])
    world.fault("facebook.feed", {"error": {"code": 506}, "after": True}, times=1)
    receipt = await delivery.publish()
    assert world.posts == 1
    assert receipt.permalink is not None


async def test_a_repetition_of_an_earlier_try_that_shows_late_is_looked_up_again(world: World) -> None:
    delivery = await world.delivery(CASES["facebook photo story"])
    world.fault("facebook.photo_stories", "drop_before", times=1)
    await failure(delivery)
    assert isinstance(await delivery.look_up(), NotFound)
    world.fault("facebook.photo_stories", {"error": {"code": 100, "subcode": 1366051}, "after": True}, times=1)
    error = await failure(delivery)
    assert (error.kind, error.is_definite) == (ErrorKind.AMBIGUOUS, False)
    assert isinstance(await delivery.look_up(), Found)
    await delivery.publish()
    assert world.posts == 1


async def test_a_refused_repetition_of_something_else_is_the_author_s_to_change(world: World) -> None:
    delivery = await world.delivery(CASES["facebook text"])
    world.fault("facebook.feed", {"error": {"code": 506}})
    assert (await failure(delivery)).kind is ErrorKind.CONTENT_REJECTED


async def test_a_post_that_is_not_listed_at_once_is_not_called_absent(world: World) -> None:
    delivery = await world.delivery(CASES["facebook text"])
    world.fault("facebook.feed", "drop_before", times=1)
    await failure(delivery)
    world.clock.advance(timedelta(minutes=4))
    answer = await delivery.network.find(delivery.call, delivery.order, delivery.stored())
    assert isinstance(answer, CannotTell)


async def test_a_commit_long_after_the_first_call_is_still_given_time_to_be_listed(world: World) -> None:
    delivery = await world.delivery(CASES["facebook text"])
    world.fault("facebook.feed", {"status": 429}, times=1)
    await failure(delivery)
    world.clock.advance(timedelta(hours=3))
    world.fault("facebook.feed", "drop_before", times=1)
    await failure(delivery)
    world.clock.advance(timedelta(minutes=2))
    answer = await delivery.network.find(delivery.call, delivery.order, delivery.stored())
    assert isinstance(answer, CannotTell)


async def test_photos_are_told_apart_by_what_was_staged_and_not_by_the_text(world: World) -> None:
    settle(world, facebook_refuses_duplicates=False)
    await (await world.delivery(CASES["facebook photos"])).publish()
    twin = await world.delivery(CASES["facebook photos"])
    world.fault("facebook.feed", "drop_before", times=1)
    await failure(twin)
    assert isinstance(await twin.look_up(), NotFound)


async def test_a_text_is_not_mistaken_for_a_photo_with_the_same_words(world: World) -> None:
    settle(world, facebook_refuses_duplicates=False)
    await (await world.delivery(CASES["facebook photo"])).publish()
    text = await world.delivery(CASES["facebook text"])
    world.fault("facebook.feed", "drop_before", times=1)
    await failure(text)
    assert isinstance(await text.look_up(), NotFound)


async def test_a_reel_that_fails_in_processing_is_the_author_s_to_change(world: World) -> None:
    item = world.media.add(mp4(width=400, height=400), "video/mp4")
    target = await world.target(FB)
    delivery = Delivery(world.registry.networks[FB], order(FB, Format.REEL, item), target, world.media, world.clock)
    error = await failure(delivery)
    assert (error.kind, error.code) == (ErrorKind.CONTENT_REJECTED, "1363127")
    assert world.posts == 0


async def test_a_video_that_is_processed_for_hours_is_left_to_people(world: World) -> None:
    settle(world, video_seconds=86_400.0)
    error = await failure(await world.delivery(CASES["facebook reel"]))
    assert (error.kind, error.code) == (ErrorKind.AMBIGUOUS, "still_processing")


async def test_a_code_for_calls_of_the_page_waits_as_long_as_the_header_says(world: World) -> None:
    delivery = await world.delivery(CASES["facebook text"])
    usage = '{"1":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":12}]}'
    body = '{"error":{"message":"(#80001) too many calls","type":"OAuthException","code":80001}}'
    headers = {"X-Business-Use-Case-Usage": usage}
    world.fault("facebook.feed", {"status": 400, "body": body, "headers": headers})
    error = await failure(delivery)
    assert (error.kind, error.retry_after) == (ErrorKind.RATE_LIMITED, timedelta(minutes=12))


NEARLY = {"X-Business-Use-Case-Usage": '{"1":[{"type":"pages","call_count":96,"estimated_time_to_regain_access":0}]}'}


async def test_a_limit_that_is_nearly_used_up_stops_calls_before_they_are_sent(world: World) -> None:
    target, chosen = await world.target(FB), CASES["facebook reel"].order(world.media)
    delivery = Delivery(world.registry.networks[FB], chosen, target, world.media, world.clock)
    world.fault("facebook.video_reels.start", {"headers": NEARLY}, times=1)
    error = await failure(delivery)
    assert (error.kind, error.is_definite) == (ErrorKind.RATE_LIMITED, True)
    assert error.retry_after is not None
    assert world.calls("facebook.upload") == 0
    assert world.registry.usage()["pages"] == 96
    world.clock.advance(error.retry_after)
    await delivery.publish()
    assert world.posts == 1


async def test_a_limit_that_is_nearly_used_up_stops_no_look_up(world: World) -> None:
    delivery = await world.delivery(CASES["facebook reel"])
    world.fault("facebook.video_reels.finish", {"headers": NEARLY, "status": 500, "body": "oops", "after": True})
    await failure(delivery)
    assert isinstance(await delivery.look_up(), Found)
    await delivery.publish()
    assert world.posts == 1
    with pytest.raises(NetworkError) as caught:
        await delivery.network.metrics(delivery.target, await delivery.publish(), Format.REEL)
    assert caught.value.kind is ErrorKind.RATE_LIMITED


async def test_a_video_whose_list_facebook_does_not_show_is_left_to_people(world: World) -> None:
    delivery = await world.delivery(CASES["facebook video"])
    world.fault("facebook.videos", "drop_after", times=1)
    await failure(delivery)
    world.fault("facebook.videos.list", {"error": {"code": 100}})
    assert isinstance(await delivery.look_up(), CannotTell)


async def test_a_video_is_told_apart_by_its_length(world: World) -> None:
    await (await world.delivery(CASES["facebook video"])).publish()
    target = await world.target(FB)
    longer = world.media.add(mp4(length_s=9), "video/mp4", duration_ms=9000)
    network = world.registry.networks[FB]
    twin = Delivery(network, order(FB, Format.FEED, longer), target, world.media, world.clock)
    world.fault("facebook.videos", "drop_before", times=1)
    await failure(twin)
    assert isinstance(await twin.look_up(), NotFound)


def crowd(world: World, count: int) -> None:
    """Have the Page publish as many more of what it just published, all with words and ids of their own."""
    made = world.sandbox.world
    [ours] = made.posts
    moment = made.now()
    for number in range(count):
        video_id = made.new_id("9")
        if video := made.videos.get(ours.object_ids[0]) if ours.object_ids else None:
            made.videos.put(replace(video, id=video_id, description=f"Other {number}", created_at=moment))
        post_id = f"{ours.profile_id}_{made.new_id('8')}"
        twin = replace(ours, id=post_id, object_ids=(video_id,), caption=f"Other {number}")
        made.add_post(replace(twin, created_at=moment, live_at=moment))


LISTED = {
    "facebook text": "facebook.feed",
    "facebook photo": "facebook.feed",
    "facebook video": "facebook.videos",
    "facebook photo story": "facebook.photo_stories",
}


@pytest.mark.parametrize(("name", "commit"), LISTED.items(), ids=LISTED)
async def test_a_post_is_found_behind_many_newer_ones(name: str, commit: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(commit, "drop_after", times=1)
    await failure(delivery)
    world.clock.advance(timedelta(minutes=10))
    crowd(world, 70)
    assert isinstance(await delivery.look_up(), Found)


@pytest.mark.parametrize(("name", "commit"), LISTED.items(), ids=LISTED)
async def test_a_list_without_end_does_not_prove_absence(name: str, commit: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(commit, "drop_after", times=1)
    await failure(delivery)
    world.clock.advance(timedelta(minutes=10))
    crowd(world, 270)
    assert isinstance(await delivery.look_up(), CannotTell)
