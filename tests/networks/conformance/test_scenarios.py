"""What the networks are known to do wrong, one by one, over real HTTP."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Found, NotFound, Receipt
from postline.core.words import Format, Metric, NetworkKey
from postline.sandbox.settings import Settings
from tests.networks.conformance.cases import CASES, FB, IG, PUBLIC, TT
from tests.networks.conformance.conftest import World
from tests.networks.support import Delivery, order
from tests.support.files import mp4

pytestmark = pytest.mark.anyio


async def failure(delivery: Delivery) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        await delivery.publish()
    return caught.value


def settle(world: World, **changes: Any) -> None:
    """Change the sandbox's settings."""
    settings: Settings = world.sandbox.world.settings
    world.sandbox.world.settings = settings.changed(changes)


# Instagram


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


ALREADY = {
    "instagram reel": "instagram.media_publish",
    "facebook reel": "facebook.video_reels.finish",
}


@pytest.mark.parametrize(("name", "endpoint"), ALREADY.items(), ids=ALREADY)
async def test_a_refusal_because_it_is_published_already_is_no_failure(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(endpoint, {"error": {"code": 100, "message": "already published"}, "after": True}, times=1)
    settle(world, video_seconds=0.0)
    await delivery.publish()
    assert world.posts == 1


# Facebook


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


UPLOADS = {
    "facebook video": (FB, Format.FEED, "meta.uploads.send"),
    "facebook reel": (FB, Format.REEL, "facebook.upload"),
    "facebook video story": (FB, Format.STORY, "facebook.upload"),
    "instagram reel": (IG, Format.REEL, "instagram.upload"),
}


@pytest.mark.parametrize(("network", "format", "endpoint"), UPLOADS.values(), ids=UPLOADS)
async def test_an_upload_that_was_cut_goes_on_where_it_stopped(
    network: NetworkKey, format: Format, endpoint: str, world: World
) -> None:
    big = mp4() + (2_500_000).to_bytes(4, "big") + b"free" + bytes(2_500_000 - 8)
    item = world.media.add(big, "video/mp4")
    target = await world.target(network)
    chosen = order(network, format, item, caption="")
    delivery = Delivery(world.registry.networks[network], chosen, target, world.media, world.clock)
    world.fault(endpoint, {"upload_bytes": 1_000_000}, times=2)
    await delivery.publish()
    [post] = world.sandbox.world.posts
    assert post.media == (item.sha256,)
    assert delivery.restarts == 0
    assert world.calls(endpoint) == 3


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


COVERS = {
    "facebook video with cover, for an audience": FB,
    "facebook reel with cover and first comment": FB,
    "instagram reel with cover image": IG,
}


@pytest.mark.parametrize("name", COVERS)
async def test_a_cover_is_the_image_that_was_chosen(name: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    await delivery.publish()
    [post] = world.sandbox.world.posts
    cover = delivery.order.media[0].cover
    assert cover is not None
    shown = {video.cover for video in world.sandbox.world.videos} | {post.cover}
    assert cover.sha256 in shown


# All


NO_ADDRESS = {
    "facebook text": "facebook.post",
    "instagram image": "instagram.media.get",
    "facebook photo story": "facebook.stories",
}


@pytest.mark.parametrize(("name", "endpoint"), NO_ADDRESS.items(), ids=NO_ADDRESS)
@pytest.mark.parametrize("fault", [{"error": {"code": 10}}, {"error": {"code": 2}}], ids=["refused", "faulty"])
async def test_a_live_post_without_an_address_is_published_all_the_same(
    name: str, endpoint: str, fault: object, world: World
) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(endpoint, fault)
    receipt = await delivery.publish()
    assert receipt.permalink is None
    assert receipt.remote_id
    assert world.posts == 1


@pytest.mark.parametrize("name", ["facebook text", "facebook reel", "instagram image", "instagram reel"])
async def test_one_metric_that_is_no_more_does_not_hide_the_others(name: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    receipt = await delivery.publish()
    world.clock.advance(timedelta(hours=3))
    world.fault("*insights*", {"error": {"code": 100, "message": "(#100) invalid metric"}}, times=1)
    numbers = await delivery.network.metrics(delivery.target, receipt, delivery.order.format)
    assert numbers[Metric.VIEWS]
    asked = [each for each in world.sandbox.sandbox.journal.since() if each["endpoint"].endswith("insights")]
    assert asked[0]["fault"]
    assert len(asked) == 1 + len(asked[0]["params"]["metric"].split(","))


async def test_facebook_has_nothing_to_ask(world: World) -> None:
    assert await world.registry.networks[FB].publishing_options(await world.target(FB)) == {}


# TikTok


async def test_a_large_video_is_sent_in_chunks_and_goes_on_after_a_break(world: World) -> None:
    small = mp4()
    padding = 64_000_001 - len(small)
    item = world.media.add(small + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8), "video/mp4")
    target = await world.target(TT)
    chosen = order(TT, Format.REEL, item, options=PUBLIC)
    delivery = Delivery(world.registry.networks[TT], chosen, target, world.media, world.clock)
    world.fault("tiktok.upload", "drop_after", nth=2)
    assert (await failure(delivery)).kind is ErrorKind.AMBIGUOUS
    await delivery.publish()
    [post] = world.sandbox.world.posts
    assert post.media == (item.sha256,)
    assert delivery.restarts == 0


async def test_an_upload_that_came_too_late_is_begun_anew(world: World) -> None:
    settle(world, tiktok_upload_seconds=60.0)
    delivery = await world.delivery(CASES["tiktok video"])
    world.fault("tiktok.upload", "drop_before", times=1)
    await failure(delivery)
    world.clock.advance(timedelta(hours=1, minutes=1))
    await delivery.publish()
    assert world.posts == 1
    assert delivery.restarts == 1


async def test_a_private_post_is_published_without_an_address_or_numbers(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video"])
    delivery.order = replace(delivery.order, options={"privacy_level": "SELF_ONLY"})
    receipt = await delivery.publish()
    assert receipt == Receipt(f"publish:{delivery.checkpoint.publish_id}", None)
    numbers = await delivery.network.metrics(delivery.target, receipt, Format.REEL)
    assert set(numbers.values()) == {None}


async def test_a_public_post_that_is_moderated_for_long_gets_its_numbers_later(world: World) -> None:
    settle(world, tiktok_moderation_seconds=1800.0)
    delivery = await world.delivery(CASES["tiktok video"])
    receipt = await delivery.publish()
    assert receipt.permalink is None
    world.clock.advance(timedelta(hours=1))
    assert (await delivery.network.metrics(delivery.target, receipt, Format.REEL))[Metric.VIEWS]


async def test_private_photos_whose_answer_is_lost_are_left_to_people(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok photos"])
    delivery.order = replace(delivery.order, options={"privacy_level": "SELF_ONLY"})
    world.fault("tiktok.content_init", "drop_after", times=1)
    await failure(delivery)
    assert isinstance(await delivery.look_up(), CannotTell)


async def test_what_the_creator_switched_off_goes_back_to_the_author(world: World) -> None:
    [creator] = world.sandbox.world.creators
    world.sandbox.world.creators.put(replace(creator, duet_disabled=True))
    delivery = await world.delivery(CASES["tiktok video"])
    delivery.order = replace(delivery.order, options=PUBLIC | {"allow_duet": True})
    error = await failure(delivery)
    assert (error.kind, error.code) == (ErrorKind.CONTENT_REJECTED, "creator_may_not")
    assert world.calls("tiktok.video_init") == 0


async def test_everything_is_disallowed_that_was_not_chosen(world: World) -> None:
    await (await world.delivery(CASES["tiktok video"])).publish()
    [sent] = [each for each in world.sandbox.sandbox.journal.since() if each["endpoint"] == "tiktok.video_init"]
    info = sent["params"]["post_info"]
    assert [info[f"disable_{name}"] for name in ("comment", "duet", "stitch")] == [True, True, True]
    assert [info[name] for name in ("brand_content_toggle", "brand_organic_toggle", "is_aigc")] == [False, False, False]


async def test_an_unaudited_app_is_the_operator_s_to_change(world: World) -> None:
    settle(world, audited=False)
    error = await failure(await world.delivery(CASES["tiktok video"]))
    assert error.kind in (ErrorKind.APP_NOT_READY, ErrorKind.CONTENT_REJECTED)
    assert world.posts == 0


async def test_photos_from_an_unverified_address_are_the_operator_s_to_change(world: World) -> None:
    settle(world, tiktok_verified_prefixes=["https://media.example.com/"])
    error = await failure(await world.delivery(CASES["tiktok photos"]))
    assert (error.kind, error.code) == (ErrorKind.APP_NOT_READY, "url_ownership_unverified")


async def test_the_composer_gets_what_tiktok_wants_shown(world: World) -> None:
    options = await world.registry.networks[TT].publishing_options(await world.target(TT))
    assert options["nickname"] == "Harbor Coffee"
    assert "SELF_ONLY" in options["privacy_options"]
    assert options["declaration"]["text"] == "By posting, you agree to TikTok's Music Usage Confirmation"
    assert options["video_max_s"] > 0
    assert {"comment_disabled", "duet_disabled", "stitch_disabled"} <= set(options)
