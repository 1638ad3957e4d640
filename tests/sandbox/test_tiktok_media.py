"""How media reach TikTok, what is made of them, and how their processing may end."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from postline.sandbox.records import Creator, Media, Publish
from postline.sandbox.settings import ID_SHAPES
from postline.sandbox.tiktok import posting, published
from postline.sandbox.tiktok.posting import judge
from tests.sandbox.clients import Stage, TikTok
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio

# Uploads


PUTS: dict[str, tuple[dict[str, str | None], int]] = {
    "no Content-Range": ({"Content-Range": None}, 400),
    "a Content-Range that is none": ({"Content-Range": "0-8/9"}, 400),
    "another total": ({"Content-Range": "bytes 0-8/10"}, 400),
    "another length": ({"Content-Range": "bytes 0-7/9"}, 400),
    "a picture's type": ({"Content-Type": "image/jpeg"}, 400),
    "a part of the chunk": ({"Content-Range": "bytes 1-9/9"}, 416),
    "all in order": ({}, 201),
}


@pytest.mark.parametrize("name", PUTS)
async def test_bytes_are_sent_with(tiktok: TikTok, name: str) -> None:
    changes, status = PUTS[name]
    url = (await tiktok.init_file(9)).body["data"]["upload_url"]
    headers = {"Content-Type": "video/mp4", "Content-Range": "bytes 0-8/9"} | changes
    sent = {key: value for key, value in headers.items() if value is not None}
    reply = await tiktok.call("PUT", url, data=b"123456789", headers=sent, skip_auto_headers=["Content-Type"])
    assert reply.status == status


async def test_bytes_of_unknown_length_are_refused(tiktok: TikTok) -> None:
    url = (await tiktok.init_file(9)).body["data"]["upload_url"]

    async def pieces() -> Any:
        yield b"123456789"

    headers = {"Content-Type": "video/mp4", "Content-Range": "bytes 0-8/9"}
    assert (await tiktok.call("PUT", url, data=pieces(), headers=headers)).status == 400


async def test_a_lost_last_answer_can_be_found_by_status(stage: Stage, tiktok: TikTok) -> None:
    data = clip()
    init = (await tiktok.init_file(len(data))).body["data"]
    await stage.fault("tiktok.upload", "drop_after", times=2)  # the HTTP client repeats a lost PUT by itself
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await tiktok.put(init["upload_url"], data)
    assert (await tiktok.status(init["publish_id"]))["uploaded_bytes"] == len(data)
    again = await tiktok.put(init["upload_url"], data)
    assert (again.status, again.headers["Content-Range"]) == (416, f"bytes 0-{len(data) - 1}/{len(data)}")
    stage.clock.advance(5)
    assert len(await stage.live()) == 1


async def test_the_upload_of_a_person_who_left_is_dead(stage: Stage, tiktok: TikTok) -> None:
    url = (await tiktok.init_file(9)).body["data"]["upload_url"]
    await stage.control("POST", "deauthorize", {"provider": "tiktok", "user": tiktok.open_id})
    assert (await tiktok.put(url, b"123456789")).status == 403


# Pulls


async def test_a_download_has_an_hour(stage: Stage, tiktok: TikTok) -> None:
    init = await tiktok.init_pull(stage.host.put("slow-a.mp4", clip()))
    publish_id = init.body["data"]["publish_id"]
    assert publish_id.startswith("v_pub_url~")
    assert (await tiktok.status(publish_id))["status"] == "PROCESSING_DOWNLOAD"
    stage.clock.advance(3_600)
    told = await tiktok.status(publish_id)
    assert (told["status"], told["fail_reason"]) == ("FAILED", "video_pull_failed")
    stage.host.released.set()
    await stage.settle()
    stage.clock.advance(60)
    assert await stage.live() == []
    assert (await tiktok.status(publish_id))["status"] == "FAILED"


@pytest.mark.parametrize("stumbles", [[500], [0, 0, 0], [503, 0, 0, 500]], ids=["a 500", "cut off", "again and again"])
async def test_a_server_that_stumbles_is_asked_again(
    stage: Stage, tiktok: TikTok, stumbles: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "PULL_AGAIN_SECONDS", 0.01)
    stage.host.stumbles = stumbles.copy()
    await tiktok.init_pull(stage.host.put("a.mp4", clip()))
    await stage.settle()
    assert stage.host.asked == ["a.mp4"] * (len(stumbles) + 1)
    stage.clock.advance(60)
    assert len(await stage.live()) == 1


async def test_a_server_that_stays_down_is_given_up_when_the_hour_is_over(
    stage: Stage, tiktok: TikTok, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "PULL_AGAIN_SECONDS", 0.01)
    stage.host.stumbles = [500] * 10_000
    publish_id = (await tiktok.init_pull(stage.host.put("a.mp4", clip()))).body["data"]["publish_id"]
    assert (await tiktok.status(publish_id))["status"] == "PROCESSING_DOWNLOAD"
    stage.clock.advance(3_600)
    await stage.settle()
    told = await tiktok.status(publish_id)
    assert (told["status"], told["fail_reason"]) == ("FAILED", "video_pull_failed")


async def test_a_slow_download_can_be_cancelled_and_is_no_post_then(stage: Stage, tiktok: TikTok) -> None:
    publish_id = (await tiktok.init_pull(stage.host.put("slow-a.mp4", clip()))).body["data"]["publish_id"]
    reply = await tiktok.ask("post/publish/cancel", {"publish_id": publish_id})
    assert reply.body["error"]["code"] == "ok"
    told = await tiktok.status(publish_id)
    assert (told["status"], told["fail_reason"]) == ("FAILED", "publish_cancelled")
    assert (await tiktok.ask("post/publish/cancel", {"publish_id": publish_id})).error[0] == "publish_not_cancellable"
    stage.host.released.set()
    await stage.settle()
    stage.clock.advance(60)
    assert await stage.live() == []


async def test_an_upload_cannot_be_cancelled(tiktok: TikTok) -> None:
    publish_id = (await tiktok.init_file(9)).body["data"]["publish_id"]
    reply = await tiktok.ask("post/publish/cancel", {"publish_id": publish_id})
    assert reply.error == ("publish_not_cancellable", 400)


async def test_a_redirected_video_is_not_pulled(stage: Stage, tiktok: TikTok) -> None:
    url = stage.host.put("a.mp4", clip()).replace("a.mp4", "moved-a.mp4")
    publish_id = (await tiktok.init_pull(url)).body["data"]["publish_id"]
    await stage.settle()
    assert (await tiktok.status(publish_id))["fail_reason"] == "video_pull_failed"
    assert stage.host.asked == ["moved-a.mp4"]


async def test_a_photo_draft_reaches_the_inbox_and_may_become_several_posts(stage: Stage, tiktok: TikTok) -> None:
    url = stage.host.put("a.jpg", picture())
    publish_id = (await tiktok.init_photos([url], "MEDIA_UPLOAD", title="T")).body["data"]["publish_id"]
    await stage.settle()
    assert (await stage.control("POST", f"inbox/{publish_id}")).status == 400
    stage.clock.advance(1)
    assert (await tiktok.status(publish_id))["status"] == "SEND_TO_USER_INBOX"
    posted = [(await stage.control("POST", f"inbox/{publish_id}")).body["remote_id"] for _ in range(2)]
    stage.clock.advance(1)
    told = await tiktok.status(publish_id)
    assert (told["status"], told["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [int(each) for each in posted])


# What processing makes of them

GOOD_VIDEO = Media(
    id="a",
    kind="video",
    size=1_000_000,
    content_type="video/mp4",
    container="mp4",
    format="h264",
    width=1_080,
    height=1_920,
    seconds=30.0,
    fps=30.0,
)
VIDEOS: dict[str, tuple[dict[str, Any], str]] = {
    "a good one": ({}, ""),
    "WebM with VP9": ({"container": "webm", "format": "vp9"}, ""),
    "QuickTime with H.265": ({"container": "mov", "format": "hevc"}, ""),
    "Matroska": ({"container": "matroska"}, "file_format_check_failed"),
    "AVI": ({"container": "avi"}, "file_format_check_failed"),
    "AV1": ({"format": "av1"}, "file_format_check_failed"),
    "a picture": ({"kind": "image", "container": "", "format": "JPEG"}, "file_format_check_failed"),
    "over 4 GB": ({"size": 4 * 1024**3 + 1}, "file_format_check_failed"),
    "a side of 359": ({"width": 359}, "picture_size_check_failed"),
    "a side of 4,097": ({"height": 4_097}, "picture_size_check_failed"),
    "sides at the limits": ({"width": 360, "height": 4_096}, ""),
    "22 frames a second": ({"fps": 22.0}, "frame_rate_check_failed"),
    "23.976 frames a second": ({"fps": 23.976}, ""),
    "61 frames a second": ({"fps": 61.0}, "frame_rate_check_failed"),
    "as long as the creator may": ({"seconds": 180.0}, ""),
    "longer than the creator may": ({"seconds": 180.1}, "duration_check_failed"),
}


@pytest.mark.parametrize("name", VIDEOS)
def test_a_video_is_judged(name: str) -> None:
    changes, reason = VIDEOS[name]
    creator = Creator(id="c", union_id="u", username="n", nickname="N", max_video_seconds=180)
    publish = Publish(id="p", open_id="c", mode="direct", media_type="VIDEO", source="FILE_UPLOAD", created_at=0.0)
    assert judge(publish, creator, replace(GOOD_VIDEO, **changes)) == reason


@pytest.mark.parametrize(("seconds", "reason"), [(600.0, ""), (600.1, "duration_check_failed")])
def test_a_draft_may_have_ten_minutes_whatever_the_creator_may(seconds: float, reason: str) -> None:
    creator = Creator(id="c", union_id="u", username="n", nickname="N", max_video_seconds=180)
    publish = Publish(id="p", open_id="c", mode="inbox", media_type="VIDEO", source="FILE_UPLOAD", created_at=0.0)
    assert judge(publish, creator, replace(GOOD_VIDEO, seconds=seconds)) == reason


PICTURES: dict[str, tuple[bytes, str]] = {
    "a JPEG": (picture(), ""),
    "a WebP": (picture(kind="WEBP"), ""),
    "1080 by 1920": (picture(1_080, 1_920), ""),
    "a PNG": (picture(kind="PNG"), "file_format_check_failed"),
    "a GIF": (picture(kind="GIF"), "file_format_check_failed"),
    "1081 by 1081": (picture(1_081, 1_081), "picture_size_check_failed"),
    "no picture": (b"hello", "file_format_check_failed"),
    "over 20 MB": (picture().ljust(20_000_001, b"\0"), "file_format_check_failed"),
}


@pytest.mark.parametrize("name", PICTURES)
async def test_a_photo_is_judged_by_its_bytes(stage: Stage, tiktok: TikTok, name: str) -> None:
    data, reason = PICTURES[name]
    publish_id = (await tiktok.init_photos([stage.host.put("a", data)])).body["data"]["publish_id"]
    await stage.settle()
    stage.clock.advance(5)
    told = await tiktok.status(publish_id)
    assert (told["status"], told["fail_reason"]) == ("FAILED" if reason else "PUBLISH_COMPLETE", reason)


CONTAINERS = {"mp4": "mp4", "mov": "mov", "matroska": "matroska", "avi": "avi"}


@pytest.mark.parametrize("container", CONTAINERS)
async def test_a_container_is_told_by_its_bytes(stage: Stage, tiktok: TikTok, container: str) -> None:
    media = await stage.sandbox.sandbox.library.add(clip(container=container))
    assert (media.container, media.format, media.fps, media.kind) == (CONTAINERS[container], "h264", 24.0, "video")
    assert media.bit_rate > 0
    assert media.audio == ""


async def test_a_real_film_that_is_too_slow_fails(stage: Stage, tiktok: TikTok) -> None:
    publish_id = await tiktok.post_video(clip(fps=15))
    stage.clock.advance(5)
    assert (await tiktok.status(publish_id))["fail_reason"] == "frame_rate_check_failed"


async def test_the_cover_is_the_frame_or_the_photo_chosen(stage: Stage, tiktok: TikTok) -> None:
    first = await tiktok.post_video(clip(), video_cover_timestamp_ms=0)
    later = await tiktok.post_video(clip(), video_cover_timestamp_ms=2_500)
    beyond = await tiktok.post_video(clip(), video_cover_timestamp_ms=60_000)
    urls = [stage.host.put(f"{shade}.jpg", picture(shade=shade)) for shade in (1, 200)]
    photos = (await tiktok.init_photos(urls, cover=1)).body["data"]["publish_id"]
    await stage.settle()
    stage.clock.advance(5)
    covers = {}
    for publish_id in (first, later, beyond, photos):
        [post_id] = (await tiktok.status(publish_id))["publicaly_available_post_id"]
        asked = {"filters": {"video_ids": [str(post_id)]}}
        [video] = (await tiktok.ask("video/query", asked, fields="cover_image_url")).body["data"]["videos"]
        async with tiktok.session.get(video["cover_image_url"]) as answer:
            assert answer.content_type == "image/jpeg"
            covers[publish_id] = await answer.read()
    assert covers[first] == covers[beyond] != covers[later]
    library = stage.sandbox.sandbox.library
    second_photo = await library.add(picture(shade=200))
    assert covers[photos] == library.read(second_photo.id, still=True)


async def test_what_was_switched_on_is_kept(stage: Stage, tiktok: TikTok) -> None:
    flags = {"disable_comment": True, "disable_duet": False, "brand_organic_toggle": True, "is_aigc": True}
    await tiktok.post_video(clip(), **flags)
    stage.clock.advance(5)
    [post] = await stage.live()
    assert post["flags"] == ["brand_organic_toggle", "disable_comment", "is_aigc"]
    [video] = (await tiktok.ask("video/list", fields="id,is_aigc")).body["data"]["videos"]
    assert video == {"id": post["remote_id"], "is_aigc": True}


async def test_texts_are_cut_to_150_when_read_back_and_what_is_not_public_is_missing(
    stage: Stage, tiktok: TikTok
) -> None:
    shown = await tiktok.post_video(clip(), title="a" * 200)
    hidden = await tiktok.post_video(clip(), privacy_level="SELF_ONLY")
    stage.clock.advance(5)
    [post_id] = (await tiktok.status(shown))["publicaly_available_post_id"]
    secret = stage.sandbox.world.publishes[hidden].post_ids[0]
    asked = {"filters": {"video_ids": [str(post_id), secret, "7077642457847994444"]}}
    fields = "id,title,video_description,create_time,height,width"
    [video] = (await tiktok.ask("video/query", asked, fields=fields)).body["data"]["videos"]
    assert (video["id"], video["title"], video["video_description"]) == (str(post_id), "a" * 150, "a" * 150)
    assert (video["width"], video["height"]) == (540, 960)


async def test_a_cursor_may_be_any_moment_in_milliseconds(stage: Stage, tiktok: TikTok) -> None:
    await tiktok.post_video(clip())
    stage.clock.advance(5)
    between = int(stage.clock.now * 1_000)
    await tiktok.post_video(clip())
    stage.clock.advance(5)
    listed = (await tiktok.ask("video/list", {"cursor": between}, fields="id")).body["data"]
    assert (len(listed["videos"]), listed["has_more"]) == (1, False)


# Endings on demand

REASONS = ("internal", "spam_risk", "spam_risk_text", "spam_risk_too_many_posts", "picture_size_check_failed")


@pytest.mark.parametrize("reason", REASONS)
async def test_processing_can_be_told_to_end_with(stage: Stage, tiktok: TikTok, reason: str) -> None:
    await stage.control("POST", "settings", {"tiktok_fail_reason": reason})
    publish_id = await tiktok.post_video(clip())
    assert (await tiktok.status(publish_id))["status"] == "PROCESSING_UPLOAD"
    stage.clock.advance(1)
    told = await tiktok.status(publish_id)
    assert (told["status"], told["fail_reason"]) == ("FAILED", reason)
    assert await stage.live() == []


async def test_processing_can_be_told_never_to_end(stage: Stage, tiktok: TikTok) -> None:
    await stage.control("POST", "settings", {"tiktok_never_ends": True, "tiktok_access_seconds": 10**9})
    await tiktok.connect()
    publish_id = await tiktok.post_video(clip())
    stage.clock.advance(7 * 86_400)
    assert (await tiktok.status(publish_id))["status"] == "PROCESSING_UPLOAD"
    assert await stage.live() == []


async def test_processing_takes_as_long_as_set(stage: Stage, tiktok: TikTok) -> None:
    await stage.control("POST", "settings", {"tiktok_video_seconds": 120, "tiktok_moderation_seconds": 600})
    publish_id = await tiktok.post_video(clip())
    seen = []
    for seconds in (119, 1, 599, 1):
        stage.clock.advance(seconds)
        told = await tiktok.status(publish_id)
        seen.append((told["status"], len(told["publicaly_available_post_id"])))
    assert seen == [
        ("PROCESSING_UPLOAD", 0),
        ("PUBLISH_COMPLETE", 0),
        ("PUBLISH_COMPLETE", 0),
        ("PUBLISH_COMPLETE", 1),
    ]


SHAPES: dict[str, tuple[Any, Any]] = {
    "numbers": ([], [7]),
    "texts": ([], ["7"]),
    "null": (None, [7]),
    "absent": ("absent", [7]),
    "late": ([], []),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_ids_are_told_as(shape: str) -> None:
    told = [published.ID_SHAPES[shape](ids).get("publicaly_available_post_id", "absent") for ids in ([], [7])]
    assert tuple(told) == SHAPES[shape]


async def test_a_shape_of_ids_is_one_of_those_known(stage: Stage) -> None:
    assert set(SHAPES) == set(ID_SHAPES) == set(published.ID_SHAPES)
    reply = await stage.control("POST", "settings", {"tiktok_id_shape": "roman"})
    assert (reply.status, "one of numbers" in reply.body["error"]) == (400, True)


async def test_numbers_grow_with_age_and_lag_behind_it(stage: Stage) -> None:
    await stage.control("POST", "settings", {"tiktok_access_seconds": 10**9, "metrics_lag_seconds": 60})
    tiktok = await stage.tiktok.connect()
    await tiktok.post_video(clip())
    seen = []
    for seconds in (30, 3_600, 86_400):
        stage.clock.advance(seconds)
        [video] = (await tiktok.ask("video/list", fields="view_count,like_count")).body["data"]["videos"]
        seen.append(video["view_count"])
    assert seen[0] == 0 < seen[1] < seen[2]
