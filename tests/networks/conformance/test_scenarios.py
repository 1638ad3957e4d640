"""What networks are known to do wrong, one by one, over real HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest

from postline.core.errors import ErrorKind
from postline.core.outcomes import CannotTell, Receipt
from postline.core.words import Format, Metric, NetworkKey
from tests.networks.conformance.acts import failure, settle
from tests.networks.conformance.cases import CASES, FB, IG, PUBLIC, TT
from tests.networks.conformance.conftest import World
from tests.networks.support import Delivery, order
from tests.support.files import mp4

pytestmark = pytest.mark.anyio


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
