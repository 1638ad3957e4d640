"""Instagram containers: what each kind takes and refuses, tags, places, covers and collaborators."""

import json
from typing import Any

import pytest

from postline.sandbox.meta.container_rules import judge_video
from postline.sandbox.records import Media
from postline.sandbox.settings import Settings
from tests.sandbox.clients import Meta, Stage
from tests.sandbox.media_files import VIDEO_FACTS, clip, picture
from tests.sandbox.test_instagram import container, publish, status

pytestmark = pytest.mark.anyio

Error = tuple[int, int | None]
NOWHERE = "http://127.0.0.1:9/a"
KINDS: dict[str, dict[str, str]] = {
    "image": {"image_url": NOWHERE},
    "reel": {"media_type": "REELS", "video_url": NOWHERE},
    "image item": {"image_url": NOWHERE, "is_carousel_item": "true"},
    "video item": {"media_type": "VIDEO", "video_url": NOWHERE, "is_carousel_item": "true"},
    "carousel": {"media_type": "CAROUSEL", "children": "1,2"},
    "story": {"media_type": "STORIES", "image_url": NOWHERE},
}
"""One of each kind: those with a picture are refused for it at last, after all else."""

VALUES: dict[str, str] = {
    "caption": "a",
    "alt_text": "a",
    "collaborators": '["anna"]',
    "user_tags": '[{"username":"anna"}]',
    "location_id": "104820175634927310",
    "cover_url": NOWHERE,
    "thumb_offset": "500",
    "audio_name": "Song",
    "share_to_feed": "false",
    "trial_params": '{"graduation_strategy":"MANUAL"}',
    "is_ai_generated": "true",
}
NOT_ALLOWED: dict[str, str] = {
    "image": "cover_url thumb_offset audio_name share_to_feed trial_params",
    "reel": "alt_text",
    "image item": "caption collaborators location_id cover_url thumb_offset audio_name share_to_feed is_ai_generated",
    "video item": "caption alt_text collaborators user_tags location_id cover_url audio_name is_ai_generated",
    "carousel": "alt_text user_tags cover_url thumb_offset audio_name trial_params",
    "story": "alt_text collaborators location_id cover_url thumb_offset audio_name share_to_feed trial_params",
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in NOT_ALLOWED.items() for name in names.split()]
)
async def test_a_kind_of_container_does_not_take(meta: Meta, kind: str, name: str) -> None:
    reply = await meta.post(f"{meta.instagram}/media", **KINDS[kind], **{name: VALUES[name]})
    assert reply.error == (100, None)
    assert reply.body["error"]["message"] == f"(#100) param {name} is not allowed"


def tags(*tags: dict[str, Any]) -> dict[str, str]:
    return {"user_tags": json.dumps(tags)}


REFUSED: dict[str, tuple[str, dict[str, str], Error]] = {
    "four collaborators": ("image", {"collaborators": '["a","b","c","d"]'}, (100, None)),
    "a collaborator that is none": ("image", {"collaborators": '["a b"]'}, (100, None)),
    "a place that is none": ("image", {"location_id": "1"}, (100, None)),
    "a tag without a place on an image": ("image", tags({"username": "a"}), (100, None)),
    "a tag beside the image": ("image", tags({"username": "a", "x": 1.1, "y": 0.5}), (100, None)),
    "a tag at a word": ("image", tags({"username": "a", "x": "0.5", "y": 0.5}), (100, None)),
    "a tag of nobody": ("image", tags({"x": 0.5, "y": 0.5}), (100, None)),
    "a tag with a place on a reel": ("reel", tags({"username": "a", "x": 0.5, "y": 0.5}), (100, None)),
    "21 tags": ("image", tags(*[{"username": "a", "x": 0, "y": 0}] * 21), (100, 2207040)),
    "tags that are no list": ("image", {"user_tags": '{"username":"a"}'}, (100, None)),
    "a product that is none": ("image", {"product_tags": '[{"product_id":"x","x":0,"y":0}]'}, (100, 2207037)),
    "a product without a place": ("image", {"product_tags": '[{"product_id":"1"}]'}, (100, 2207036)),
    "a product with a place on a reel": (
        "reel",
        {"product_tags": '[{"product_id":"1","x":0,"y":0}]'},
        (100, 2207035),
    ),
    "alt text over 1,000": ("image", {"alt_text": "x" * 1_001}, (100, None)),
    "21 mentions": ("image", {"caption": "@a " * 21}, (36004, 2207010)),
    "a cover before the start": ("reel", {"thumb_offset": "-1"}, (1, 2207057)),
    "a cover that is not there": ("reel", {"cover_url": NOWHERE}, (9004, 2207052)),
    "an unknown trial": ("reel", {"trial_params": '{"graduation_strategy":"X"}'}, (100, None)),
    "three sponsors": ("image", {"branded_content_sponsor_ids": '["1","2","3"]'}, (100, None)),
    "an image and a video": ("story", {"video_url": NOWHERE}, (100, None)),
    "eleven items": ("carousel", {"children": ",".join("1" * 11)}, (100, 2207028)),
    "a carousel in a carousel": ("carousel", {"is_carousel_item": "true"}, (100, 2207023)),
    "a story in a carousel": ("story", {"is_carousel_item": "true"}, (100, 2207023)),
    "another kind of upload": ("reel", {"upload_type": "chunked"}, (100, None)),
    "an unknown parameter": ("image", {"captoin": "a"}, (100, None)),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_container_is_refused_for(stage: Stage, meta: Meta, name: str) -> None:
    kind, params, error = REFUSED[name]
    assert (await meta.post(f"{meta.instagram}/media", **{**KINDS[kind], **params})).error == error
    assert len(stage.sandbox.world.containers) == 0


async def test_all_that_an_image_carries_is_published_with_it(stage: Stage, meta: Meta) -> None:
    made = await container(
        meta,
        image_url=stage.host.put("a.jpg", picture()),
        alt_text="A cup",
        collaborators='["anna","ben.b"]',
        location_id=meta.bare_page,
        is_ai_generated="true",
        **tags({"username": "carl", "x": 0, "y": 1}),
    )
    stage.clock.advance(1)
    media = (await publish(meta, made)).body["id"]
    post = stage.sandbox.world.posts[media]
    assert (post.alt_text, post.tagged, post.place) == ("A cup", ("carl",), meta.bare_page)
    invited = (await meta.get(f"{media}/collaborators")).body["data"]
    assert [(row["username"], row["invite_status"]) for row in invited] == [("anna", "Pending"), ("ben.b", "Pending")]


async def test_a_reels_cover_is_a_picture_or_a_moment(stage: Stage, meta: Meta) -> None:
    video, cover = stage.host.put("a.mp4", clip()), stage.host.put("c.jpg", picture(540, 960))
    both = await container(meta, media_type="REELS", video_url=video, cover_url=cover, thumb_offset="900")
    moment = await container(
        meta, media_type="REELS", video_url=video, thumb_offset="900", audio_name="Song", share_to_feed="false"
    )
    await stage.settle()
    stage.clock.advance(2)
    posts = [stage.sandbox.world.posts[(await publish(meta, made)).body["id"]] for made in (both, moment)]
    assert [(bool(post.cover), post.cover_ms) for post in posts] == [(True, 0), (False, 900)]
    assert (await meta.get(posts[1].id, fields="is_shared_to_feed")).body["is_shared_to_feed"] is False
    shown = (await meta.get(posts[1].id, fields="thumbnail_url")).body["thumbnail_url"]
    assert shown.endswith(".jpg?at_ms=900")


async def test_a_cover_after_the_end_fails_in_processing(stage: Stage, meta: Meta) -> None:
    url = stage.host.put("a.mp4", clip())
    made = await container(meta, media_type="REELS", video_url=url, thumb_offset="3000")
    await stage.settle()
    stage.clock.advance(2)
    assert await status(meta, made) == ("ERROR", "Error: Media upload has failed with error code 2207057")


@pytest.mark.parametrize("cover", [picture(kind="PNG"), b"junk"], ids=["PNG", "junk"])
async def test_a_cover_must_be_a_jpeg(stage: Stage, meta: Meta, cover: bytes) -> None:
    params = {"media_type": "REELS", "upload_type": "resumable", "cover_url": stage.host.put("c", cover)}
    assert (await meta.post(f"{meta.instagram}/media", **params)).error == (36001, 2207005)


async def test_processing_ends_as_it_was_told_to(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"meta_processing_failure": 2207082})
    made = await container(meta, media_type="REELS", video_url=stage.host.put("a.mp4", clip()))
    await stage.settle()
    stage.clock.advance(2)
    assert await status(meta, made) == ("ERROR", "Error: Media upload has failed with error code 2207082")


async def test_a_carousel_waits_for_its_items_and_fails_with_them(stage: Stage, meta: Meta) -> None:
    image = await container(meta, image_url=stage.host.put("a.jpg", picture()), is_carousel_item="true")
    bad = stage.host.put("a.mp4", clip(seconds=1))
    video = await container(meta, media_type="VIDEO", video_url=bad, is_carousel_item="true")
    await stage.settle()
    parent = await container(meta, media_type="CAROUSEL", children=f"{image},{video}")
    assert (await status(meta, parent))[0] == "IN_PROGRESS"
    stage.clock.advance(2)
    assert (await status(meta, parent))[0] == "ERROR"
    assert (await meta.post(f"{meta.instagram}/media", media_type="CAROUSEL", children=f"{parent},{image}")).error == (
        100,
        2207023,
    )


async def test_the_quota_is_told_for_a_part_of_the_day_and_can_be_any(stage: Stage, meta: Meta) -> None:
    path = f"{meta.instagram}/content_publishing_limit"
    for total in (25, 100):
        await stage.control("POST", "settings", {"instagram_posts_per_day": total})
        [told] = (await meta.get(path, fields="config")).body["data"]
        assert told["config"]["quota_total"] == total
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(3_600)
    await publish(meta, made)
    stage.clock.advance(3_600)
    now = int(stage.clock.now)

    async def used(since: int = now - 86_000) -> int:
        return int((await meta.get(path, since=since)).body["data"][0]["quota_usage"])

    assert (await meta.get(path)).body["data"] == [{"quota_usage": 1}]
    assert [await used(), await used(now - 7_000), await used(now - 60)] == [1, 1, 0]
    assert (await meta.get(path, since=now - 90_000)).error == (100, None)


async def test_an_account_makes_so_many_containers_a_day(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"instagram_containers_per_day": 1})
    await container(meta, media_type="REELS", upload_type="resumable")
    assert (await meta.post(f"{meta.instagram}/media", media_type="REELS", upload_type="resumable")).error == (
        9,
        2207042,
    )


GOOD_VIDEO = {**VIDEO_FACTS, "bit_rate": 5_000_000}
JUDGED: dict[str, tuple[dict[str, Any], str, int]] = {
    "a good one": ({}, "REELS", 0),
    "a mute one": ({"audio": ""}, "REELS", 0),
    "VP9": ({"format": "vp9"}, "REELS", 2207026),
    "WebM": ({"container": "webm"}, "REELS", 2207026),
    "Opus sound": ({"audio": "opus"}, "REELS", 2207026),
    "over 25 Mbit/s": ({"bit_rate": 26_000_000}, "REELS", 2207026),
    "16 minutes": ({"seconds": 960.0}, "REELS", 2207026),
    "over 300 MB": ({"size": 300_000_001}, "REELS", 2207026),
    "20 frames a second": ({"fps": 20.0}, "REELS", 2207026),
    "over 1,920 wide": ({"width": 2_000}, "REELS", 2207026),
    "a minute and more in a story": ({"seconds": 61.0}, "STORY", 2207026),
    "over 100 MB in a story": ({"size": 100_000_001}, "STORY", 2207026),
    "a thread of a story": ({"width": 100}, "STORY", 2207026),
    "a thread of a reel": ({"width": 100}, "REELS", 0),
    "a picture": ({"kind": "image"}, "REELS", 2207026),
}


@pytest.mark.parametrize("name", JUDGED)
async def test_a_video_is_judged_by_its_bytes(name: str) -> None:
    change, product, subcode = JUDGED[name]
    assert judge_video(Media(**{**GOOD_VIDEO, **change}), product, 0, Settings()) == subcode
