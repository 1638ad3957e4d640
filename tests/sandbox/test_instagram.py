import asyncio
import json

import pytest

from tests.sandbox.clients import Meta, Reply, Stage
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio


async def container(meta: Meta, **params: str) -> str:
    made = await meta.post(f"{meta.instagram}/media", **params)
    assert "id" in made.body, made.body
    return str(made.body["id"])


async def publish(meta: Meta, container_id: str) -> Reply:
    return await meta.post(f"{meta.instagram}/media_publish", creation_id=container_id)


async def status(meta: Meta, container_id: str) -> tuple[str, str]:
    body = (await meta.get(container_id, fields="status_code,status")).body
    return body["status_code"], body["status"]


async def test_an_image_is_processed_published_and_read_back(stage: Stage, meta: Meta) -> None:
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()), caption="Latte #art")
    assert (await status(meta, made))[0] == "IN_PROGRESS"
    assert (await publish(meta, made)).error == (9007, 2207027)
    stage.clock.advance(1)
    assert (await status(meta, made))[0] == "FINISHED"

    published = await publish(meta, made)

    fields = "id,caption,permalink,shortcode,media_type,media_product_type,timestamp"
    media = (await meta.get(published.body["id"], fields=fields)).body
    assert (media["caption"], media["media_type"], media["media_product_type"]) == ("Latte #art", "IMAGE", "FEED")
    assert media["permalink"] == f"{stage.sandbox.url}/instagram/p/{media['shortcode']}"
    assert (await meta.call("GET", media["permalink"])).status == 200
    assert (await status(meta, made))[0] == "PUBLISHED"
    assert (await publish(meta, made)).error == (100, None)
    assert len(await stage.live(network="instagram")) == 1


async def test_publishing_a_container_twice_at_once_makes_one_post(stage: Stage, meta: Meta) -> None:
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(1)
    replies = await asyncio.gather(*(publish(meta, made) for _ in range(8)))
    assert sorted(reply.status for reply in replies) == [200] + [400] * 7
    assert len(await stage.live()) == 1


async def test_a_reel_is_fetched_after_its_container_was_made(stage: Stage, meta: Meta) -> None:
    made = await container(meta, media_type="REELS", video_url=stage.host.put("a.mp4", clip()), caption="Pour")
    await stage.settle()
    assert (await status(meta, made))[0] == "IN_PROGRESS"
    stage.clock.advance(2)

    media_id = (await publish(meta, made)).body["id"]

    media = (await meta.get(media_id, fields="media_type,media_product_type,permalink")).body
    assert (media["media_type"], media["media_product_type"]) == ("VIDEO", "REELS")
    assert "/instagram/reel/" in media["permalink"]


async def test_a_reel_can_be_uploaded_in_two_parts(stage: Stage, meta: Meta) -> None:
    made = (await meta.post(f"{meta.instagram}/media", media_type="REELS", upload_type="resumable")).body
    data = clip()
    await meta.upload(made["uri"], data[:100], size=len(data))
    progress = (await meta.get(made["id"], fields="video_status")).body["video_status"]
    assert progress["uploading_phase"] == {"status": "in_progress", "bytes_transferred": 100}
    assert (await meta.upload(made["uri"], data[100:], offset=100, size=len(data))).body["success"] is True
    stage.clock.advance(2)
    assert (await status(meta, made["id"]))[0] == "FINISHED"


async def test_a_carousel_keeps_the_order_of_its_children(stage: Stage, meta: Meta) -> None:
    urls = [stage.host.put(f"{shade}.jpg", picture(shade=shade)) for shade in (1, 2, 3)]
    children = [await container(meta, image_url=url, is_carousel_item="true") for url in urls]
    parent = await container(meta, media_type="CAROUSEL", children=",".join(children), caption="Three")
    stage.clock.advance(1)

    assert (await publish(meta, children[0])).error == (100, 2207023)
    media_id = (await publish(meta, parent)).body["id"]

    media = (await meta.get(media_id, fields="media_type,children{id}")).body
    assert media["media_type"] == "CAROUSEL_ALBUM"
    assert [child["id"] for child in media["children"]["data"]] == children
    [live] = await stage.live()
    assert (live["format"], live["media_count"]) == ("carousel", 3)


@pytest.mark.parametrize("kind", ["image", "video"])
async def test_a_story_stands_in_the_stories_list_only(stage: Stage, meta: Meta, kind: str) -> None:
    data = picture(1_080, 1_920) if kind == "image" else clip()
    made = await container(meta, media_type="STORIES", **{f"{kind}_url": stage.host.put("a", data)})
    await stage.settle()
    stage.clock.advance(2)
    media_id = (await publish(meta, made)).body["id"]

    assert [row["id"] for row in (await meta.get(f"{meta.instagram}/stories")).body["data"]] == [media_id]
    assert (await meta.get(f"{meta.instagram}/media")).body["data"] == []


async def test_a_video_that_cannot_be_fetched_ends_its_container_in_an_error(stage: Stage, meta: Meta) -> None:
    made = await container(meta, media_type="REELS", video_url=f"{stage.host.url}/none.mp4")
    await stage.settle()
    assert await status(meta, made) == ("ERROR", "Error: Media upload has failed with error code 2207052")
    assert (await publish(meta, made)).error == (-1, 2207032)


async def test_a_reel_under_three_seconds_ends_in_an_error(stage: Stage, meta: Meta) -> None:
    made = await container(meta, media_type="REELS", video_url=stage.host.put("a.mp4", clip(seconds=1)))
    await stage.settle()
    stage.clock.advance(2)
    assert (await status(meta, made))[0] == "ERROR"


async def test_a_container_expires_after_a_day(stage: Stage, meta: Meta) -> None:
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(86_401)
    assert (await status(meta, made))[0] == "EXPIRED"
    assert (await publish(meta, made)).error == (24, 2207008)


REFUSED_IMAGES = {
    "a PNG": (picture(kind="PNG"), (36001, 2207005)),
    "a picture too tall": (picture(600, 1_080), (36003, 2207009)),
    "a picture too wide": (picture(1_080, 500), (36003, 2207009)),
    "junk": (b"junk", (36001, 2207005)),
}


@pytest.mark.parametrize("name", REFUSED_IMAGES)
async def test_an_image_is_refused_that_is(stage: Stage, meta: Meta, name: str) -> None:
    data, error = REFUSED_IMAGES[name]
    made = await meta.post(f"{meta.instagram}/media", image_url=stage.host.put("a", data))
    assert made.error == error


REFUSED_CONTAINERS = {
    "no media": ({}, (100, None)),
    "a caption over 2,200": ({"caption": "x" * 2_201}, (36004, 2207010)),
    "31 hashtags": ({"caption": "#a " * 31}, (36004, 2207010)),
    "an unknown media_type": ({"media_type": "CLIP"}, (100, 2207023)),
    "a lone VIDEO": ({"media_type": "VIDEO", "video_url": "http://127.0.0.1/a"}, (100, 2207023)),
    "a caption on a carousel item": ({"is_carousel_item": "true", "caption": "a"}, (100, None)),
    "a carousel of one": ({"media_type": "CAROUSEL", "children": "1"}, (100, 2207028)),
    "a carousel of strangers": ({"media_type": "CAROUSEL", "children": "1,2"}, (24, 2207008)),
    "alt text on a reel": ({"media_type": "REELS", "alt_text": "a"}, (100, None)),
    "a negative thumb_offset": ({"media_type": "REELS", "thumb_offset": "-1"}, (1, 2207057)),
    "a tag outside the picture": ({"user_tags": json.dumps([{"username": "a", "x": 2, "y": 0}])}, (100, None)),
    "an image that is not there": ({"image_url": "http://127.0.0.1:9/a.jpg"}, (9004, 2207052)),
}


@pytest.mark.parametrize("name", REFUSED_CONTAINERS)
async def test_a_container_is_refused_for(meta: Meta, name: str) -> None:
    params, error = REFUSED_CONTAINERS[name]
    assert (await meta.post(f"{meta.instagram}/media", **params)).error == error


async def test_the_daily_limit_is_told_and_kept(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"instagram_posts_per_day": 1})
    url = stage.host.put("a.jpg", picture())
    made = [await container(meta, image_url=url) for _ in range(2)]
    stage.clock.advance(1)
    await publish(meta, made[0])
    limit = await meta.get(f"{meta.instagram}/content_publishing_limit", fields="quota_usage,config")
    assert limit.body["data"] == [{"quota_usage": 1, "config": {"quota_total": 1, "quota_duration": 86400}}]
    assert (await publish(meta, made[1])).error == (9, 2207042)


async def test_media_can_be_commented_on_and_deleted(stage: Stage, meta: Meta) -> None:
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(1)
    media_id = (await publish(meta, made)).body["id"]
    await meta.post(f"{media_id}/comments", message="First")
    surprised = await meta.post(f"{media_id}/comments", message="Second", fields="id")
    assert surprised.error == (20, 1772107)
    comments = (await meta.get(f"{media_id}/comments", fields="text,username")).body["data"]
    assert [(row["text"], row["username"]) for row in comments] == [
        ("First", "harborcoffee"),
        ("Second", "harborcoffee"),
    ]
    assert (await meta.delete(media_id)).body == {"success": True, "deleted_id": media_id}
    assert await stage.live() == []
