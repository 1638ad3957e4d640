import json

import aiohttp
import pytest

from tests.sandbox.clients import Meta, Reply, Stage
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio


async def test_a_text_is_live_at_once_and_reads_back(stage: Stage, meta: Meta) -> None:
    made = await meta.post(f"{meta.page}/feed", message="Good morning #coffee")
    post_id = made.body["id"]

    assert post_id.startswith(f"{meta.page}_")
    read = await meta.get(post_id, fields="message,permalink_url,is_published,application")
    assert read.body["message"] == "Good morning #coffee"
    assert read.body["is_published"] is True
    assert read.body["application"]["id"] == "sandbox-meta-app"
    [live] = await stage.live(network="facebook")
    assert (live["remote_id"], live["format"]) == (post_id, "text")
    page = await meta.call("GET", read.body["permalink_url"])
    assert page.status == 200
    assert "Good morning #coffee" in page.body


async def test_fields_of_a_new_post_come_back_in_the_same_answer(meta: Meta) -> None:
    made = await meta.post(f"{meta.page}/feed?fields=id,permalink_url", message="Hello")
    assert made.body["permalink_url"].endswith(made.body["id"])


async def test_staged_photos_become_one_post_in_their_order(stage: Stage, meta: Meta) -> None:
    ids = []
    for shade in (10, 200):
        url = stage.host.put(f"{shade}.jpg", picture(shade=shade))
        staged = await meta.post(f"{meta.page}/photos", url=url, published="false")
        ids.append(staged.body["id"])
    assert await stage.live() == []

    made = await meta.post(
        f"{meta.page}/feed",
        message="Two",
        **{f"attached_media[{index}]": json.dumps({"media_fbid": photo_id}) for index, photo_id in enumerate(ids)},
    )

    listed = await meta.get(
        f"{meta.page}/published_posts", fields="id,message,attachments{media_type,target,subattachments{target}}"
    )
    [post] = listed.body["data"]
    assert post["id"] == made.body["id"]
    pictures = post["attachments"]["data"][0]["subattachments"]["data"]
    assert [each["target"]["id"] for each in pictures] == ids
    again = await meta.post(f"{meta.page}/feed", attached_media=json.dumps([{"media_fbid": ids[0]}]))
    assert again.error == (100, 1366051)


async def test_a_photo_can_be_sent_as_a_file_and_published_at_once(stage: Stage, meta: Meta) -> None:
    form = aiohttp.FormData({"message": "Fresh"})
    form.add_field("source", picture(), filename="a.jpg")
    headers = {"Authorization": f"Bearer {meta.page_token}"}
    made = await meta.call("POST", f"/v26.0/{meta.page}/photos", data=form, headers=headers)
    assert set(made.body) == {"id", "post_id"}
    [live] = await stage.live()
    assert (live["remote_id"], live["media_count"]) == (made.body["post_id"], 1)


async def test_a_photo_story_is_listed_with_its_photo_and_goes_after_a_day(stage: Stage, meta: Meta) -> None:
    url = stage.host.put("a.jpg", picture())
    photo = (await meta.post(f"{meta.page}/photos", url=url, published="false")).body["id"]
    made = await meta.post(f"{meta.page}/photo_stories", photo_id=photo)
    assert made.body["success"] is True
    stage.clock.advance(1)

    listed = await meta.get(f"{meta.page}/stories", status="PUBLISHED")
    assert [(row["post_id"], row["media_id"]) for row in listed.body["data"]] == [(made.body["post_id"], photo)]
    assert (await meta.get(f"{meta.page}/published_posts")).body["data"] == []
    stage.clock.advance(86_400)
    assert (await meta.get(f"{meta.page}/stories")).body["data"] == []
    assert await stage.live() == []


@pytest.mark.parametrize(("edge", "extra"), [("video_reels", {"video_state": "PUBLISHED"}), ("video_stories", {})])
async def test_a_video_is_live_only_when_finished_and_processed(
    stage: Stage, meta: Meta, edge: str, extra: dict[str, str]
) -> None:
    started = await meta.post(f"{meta.page}/{edge}", upload_phase="start")
    video = started.body["video_id"]
    assert (await meta.upload(started.body["upload_url"], clip())).body["success"] is True
    stage.clock.advance(5)
    assert await stage.live() == []

    finished = await meta.post(
        f"{meta.page}/{edge}", upload_phase="finish", video_id=video, description="Pour", **extra
    )

    assert finished.body["success"] is True
    status = (await meta.get(video, fields="status,permalink_url")).body["status"]
    assert status["video_status"] == "ready"
    assert status["publishing_phase"]["publish_status"] == "published"
    assert len(await stage.live()) == 1


async def test_a_reel_finished_while_processing_is_published_later(stage: Stage, meta: Meta) -> None:
    started = await meta.post(f"{meta.page}/video_reels", upload_phase="start")
    video = started.body["video_id"]
    await meta.upload(started.body["upload_url"], clip())
    await meta.post(f"{meta.page}/video_reels", upload_phase="finish", video_id=video, video_state="PUBLISHED")

    early = (await meta.get(video, fields="status")).body["status"]
    stage.clock.advance(2)
    late = (await meta.get(video, fields="status,post_id")).body

    assert (early["video_status"], early["publishing_phase"]["status"]) == ("processing", "not_started")
    assert late["status"]["publishing_phase"]["status"] == "complete"
    assert late["post_id"] == (await stage.live())[0]["remote_id"]
    twice = await meta.post(f"{meta.page}/video_reels", upload_phase="finish", video_id=video, video_state="PUBLISHED")
    assert twice.error == (100, None)


async def test_a_reel_of_the_wrong_size_fails_in_processing_and_is_never_live(stage: Stage, meta: Meta) -> None:
    started = await meta.post(f"{meta.page}/video_reels", upload_phase="start")
    await meta.upload(started.body["upload_url"], clip(width=360, height=640))
    video = started.body["video_id"]
    done = await meta.post(f"{meta.page}/video_reels", upload_phase="finish", video_id=video, video_state="PUBLISHED")
    stage.clock.advance(10)

    status = (await meta.get(video, fields="status")).body["status"]
    assert done.body["success"] is True
    assert status["video_status"] == "error"
    assert status["processing_phase"]["errors"][0]["code"] == 1363127
    assert await stage.live() == []


async def test_an_upload_that_broke_off_resumes_at_the_bytes_received(meta: Meta) -> None:
    started = await meta.post(f"{meta.page}/video_reels", upload_phase="start")
    url, video, data = started.body["upload_url"], started.body["video_id"], clip()
    half = len(data) // 2
    cut = await meta.upload(url, data[:half], size=len(data))
    assert cut.body["debug_info"]["type"] == "PartialRequestError"
    status = (await meta.get(video, fields="status")).body["status"]
    assert status["uploading_phase"]["bytes_transferred"] == half

    assert (await meta.upload(url, data, offset=3, size=len(data))).body["debug_info"]["type"] == "OffsetInvalidError"
    assert (await meta.upload(url, data[half:], offset=half, size=len(data))).body["success"] is True


async def test_a_feed_video_arrives_in_chunks(stage: Stage, meta: Meta) -> None:
    data = clip()
    edge = f"{meta.page}/videos"
    started = (await meta.post(edge, upload_phase="start", file_size=str(len(data)))).body
    session = started["upload_session_id"]

    async def transfer(start_offset: str) -> Reply:
        form = aiohttp.FormData({"upload_phase": "transfer", "upload_session_id": session})
        form.add_field("start_offset", start_offset)
        form.add_field("video_file_chunk", data, filename="clip.mp4")
        headers = {"Authorization": f"Bearer {meta.page_token}"}
        return await meta.call("POST", f"/v26.0/{edge}", data=form, headers=headers)

    wrong = await transfer("7")
    assert wrong.error == (6001, 1363037)
    assert wrong.body["error"]["error_data"]["start_offset"] == "0"
    moved = await transfer(started["start_offset"])
    assert moved.body["start_offset"] == moved.body["end_offset"] == str(len(data))
    done = await meta.post(edge, upload_phase="finish", upload_session_id=session, description="Film")

    assert done.body == {"success": True}
    stage.clock.advance(5)
    assert [(post["format"], post["caption"]) for post in await stage.live()] == [("video", "Film")]


async def test_a_deleted_post_is_gone(stage: Stage, meta: Meta) -> None:
    post_id = (await meta.post(f"{meta.page}/feed", message="Oops")).body["id"]
    assert (await meta.delete(post_id)).body == {"success": True}
    assert (await meta.get(post_id)).error == (100, 33)
    assert await stage.live() == []


async def test_a_comment_reads_back(meta: Meta) -> None:
    post_id = (await meta.post(f"{meta.page}/feed", message="Hi")).body["id"]
    made = await meta.post(f"{post_id}/comments", message="First")
    listed = await meta.get(f"{post_id}/comments", fields="id,message,from")
    assert [(row["id"], row["message"], row["from"]["id"]) for row in listed.body["data"]] == [
        (made.body["id"], "First", meta.page)
    ]


async def test_a_scheduled_post_goes_live_at_its_time(stage: Stage, meta: Meta) -> None:
    at = int(stage.clock.now) + 1_200
    await meta.post(f"{meta.page}/feed", message="Later", published="false", scheduled_publish_time=str(at))
    assert await stage.live() == []
    assert len((await meta.get(f"{meta.page}/scheduled_posts")).body["data"]) == 1
    stage.clock.advance(1_201)
    assert len(await stage.live()) == 1


REFUSED_POSTS = {
    "an empty post": ({}, (100, 1349125)),
    "a message over 63,206 characters": ({"message": "x" * 63_207}, (100, 1349125)),
    "a link that is none": ({"link": "nonsense"}, (100, 2061006)),
    "a link to facebook.com": ({"link": "https://www.facebook.com/x"}, (100, 1609008)),
    "a photo of nobody": ({"attached_media": '[{"media_fbid":"1"}]'}, (100, 33)),
    "a scheduled time in five minutes": (
        {"message": "a", "published": "false", "scheduled_publish_time": "1790000300"},
        (100, 1363138),
    ),
}


@pytest.mark.parametrize("name", REFUSED_POSTS)
async def test_the_feed_refuses(stage: Stage, meta: Meta, name: str) -> None:
    params, error = REFUSED_POSTS[name]
    assert (await meta.post(f"{meta.page}/feed", **params)).error == error
    assert await stage.live() == []


async def test_the_feed_refuses_the_same_text_twice_in_a_row(meta: Meta) -> None:
    await meta.post(f"{meta.page}/feed", message="Same")
    assert (await meta.post(f"{meta.page}/feed", message="Same")).error == (506, None)


async def test_a_photo_that_is_none_or_cannot_be_fetched_is_refused(stage: Stage, meta: Meta) -> None:
    junk = stage.host.put("junk.jpg", b"not a picture")
    assert (await meta.post(f"{meta.page}/photos", url=junk)).error == (324, 2069019)
    assert (await meta.post(f"{meta.page}/photos", url=f"{stage.host.url}/none.jpg")).error == (324, 2069019)


async def test_publishing_takes_a_token_of_that_page(meta: Meta) -> None:
    assert (await meta.post(f"{meta.page}/feed", token=meta.user, message="a")).error == (200, None)
    assert (await meta.post(f"{meta.page}/feed", token=meta.bare_page_token, message="a")).error == (100, 33)
