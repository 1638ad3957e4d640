"""A Page's videos: thumbnails, the Resumable Upload API, cancelled uploads, and every way a video may fail."""

from typing import Any

import aiohttp
import pytest

from postline.sandbox.meta.videos import judge
from postline.sandbox.records import Media
from postline.sandbox.settings import Settings
from tests.sandbox.clients import Meta, Reply, Stage
from tests.sandbox.media_files import VIDEO_FACTS, clip, picture

pytestmark = pytest.mark.anyio


async def send(meta: Meta, path: str, files: dict[str, bytes], **fields: str) -> Reply:
    """POST as multipart/form-data."""
    form = aiohttp.FormData(fields)
    for name, data in files.items():
        form.add_field(name, data, filename=name)
    return await meta.call("POST", f"/v26.0/{path}", data=form, headers={"Authorization": f"Bearer {meta.page_token}"})


async def reel(meta: Meta, data: bytes, **finish: str) -> str:
    started = (await meta.post(f"{meta.page}/video_reels", upload_phase="start")).body
    await meta.upload(started["upload_url"], data)
    words = {"upload_phase": "finish", "video_id": started["video_id"], "video_state": "PUBLISHED", **finish}
    done = await meta.post(f"{meta.page}/video_reels", **words)
    assert done.body.get("success") is True, done.body
    return str(started["video_id"])


# Thumbnails


async def preferred(meta: Meta, video: str) -> list[bool]:
    rows = (await meta.get(f"{video}/thumbnails")).body["data"]
    return [row["is_preferred"] for row in rows]


async def test_a_feed_video_comes_with_its_thumbnail(stage: Stage, meta: Meta) -> None:
    made = await send(meta, f"{meta.page}/videos", {"source": clip(), "thumb": picture(640, 360)}, description="Film")
    stage.clock.advance(5)
    assert await preferred(meta, made.body["id"]) == [False, True]
    shown = (await meta.get(made.body["id"], fields="picture,published")).body
    assert shown["published"] is True
    async with meta.session.get(shown["picture"]) as picked:
        assert (picked.status, picked.content_type) == (200, "image/jpeg")
    [post] = [each for each in stage.sandbox.world.posts if each.network == "facebook"]
    assert stage.sandbox.world.media[post.cover].kind == "image"


async def test_a_reel_gets_a_thumbnail_before_or_after_it_is_live(stage: Stage, meta: Meta) -> None:
    video = await reel(meta, clip())
    stage.clock.advance(5)
    assert await preferred(meta, video) == [True]
    other = await send(meta, f"{video}/thumbnails", {"source": picture(540, 960)})
    assert (other.body, await preferred(meta, video)) == ({"success": True}, [True, False])
    await send(meta, f"{video}/thumbnails", {"source": picture(540, 960, shade=5)}, is_preferred="true")
    assert await preferred(meta, video) == [False, False, True]
    [post] = [each for each in stage.sandbox.world.posts if each.network == "facebook"]
    assert post.cover


async def test_a_thumbnail_that_is_no_picture_is_refused_and_nothing_is_published(stage: Stage, meta: Meta) -> None:
    refused = await send(meta, f"{meta.page}/videos", {"source": clip(), "thumb": b"junk"})
    video = await reel(meta, clip())
    assert refused.error == (100, 2069019)
    assert (await send(meta, f"{video}/thumbnails", {"source": b"junk"})).error == (100, 2069019)
    assert (await send(meta, f"{video}/thumbnails", {}, is_preferred="true")).error == (100, None)
    stage.clock.advance(5)
    assert [post["format"] for post in await stage.live()] == ["reel"]


# The Resumable Upload API


async def open_session(meta: Meta, size: int, token: str | None = None) -> Reply:
    fields = {"file_name": "clip.mp4", "file_length": str(size), "file_type": "video/mp4"}
    return await meta.post("sandbox-meta-app/uploads", token=token or meta.user, **fields)


async def send_part(meta: Meta, session: str, data: bytes, offset: int, scheme: str = "OAuth") -> Reply:
    headers = {"Authorization": f"{scheme} {meta.user}", "file_offset": str(offset)}
    return await meta.call("POST", f"/v26.0/{session}", data=data, headers=headers)


async def test_an_uploaded_file_becomes_a_video(stage: Stage, meta: Meta) -> None:
    data = clip()
    session = (await open_session(meta, len(data))).body["id"]
    assert (await send_part(meta, session, data[:500], 0)).error == (6001, 1363037)
    told = await meta.call("GET", f"/v26.0/{session}", headers={"Authorization": f"OAuth {meta.user}"})
    assert told.body == {"id": session, "file_offset": 500}
    assert (await send_part(meta, session, data[500:], 400)).error == (100, None)
    handle = (await send_part(meta, session, data[500:], 500)).body["h"]

    made = await meta.post(f"{meta.page}/videos", fbuploader_video_file_chunk=handle, description="Film")

    stage.clock.advance(5)
    assert (await meta.get(made.body["id"], fields="published,length")).body["published"] is True
    assert [post["caption"] for post in await stage.live()] == ["Film"]


async def test_an_upload_session_is_its_persons_only_and_signed(stage: Stage, meta: Meta) -> None:
    session = (await open_session(meta, 4)).body["id"]
    assert session.startswith("upload:")
    assert (await open_session(meta, 4, token=meta.page_token)).error == (200, None)
    assert (await send_part(meta, session.partition("?")[0], b"data", 0)).error == (100, 33)
    assert (await send_part(meta, session, b"data", 0, scheme="Bearer")).error == (2500, None)
    assert (await send_part(meta, session, b"too long", 0)).error == (100, None)
    stage.clock.advance(86_401)
    assert (await send_part(meta, session, b"data", 0)).error == (100, 33)


async def test_a_handle_that_is_none_makes_no_video(meta: Meta) -> None:
    made = await meta.post(f"{meta.page}/videos", fbuploader_video_file_chunk="2:nonsense")
    assert made.error == (6000, None)


BAD_SESSIONS: dict[str, dict[str, str]] = {
    "no length": {"file_type": "video/mp4"},
    "no type": {"file_length": "5"},
    "a type that is none": {"file_length": "5", "file_type": "text/html"},
    "a length of nothing": {"file_length": "0", "file_type": "video/mp4"},
}


@pytest.mark.parametrize("name", BAD_SESSIONS)
async def test_an_upload_session_is_refused_for(meta: Meta, name: str) -> None:
    reply = await meta.post("sandbox-meta-app/uploads", token=meta.user, **BAD_SESSIONS[name])
    assert reply.error == (100, None)


# Videos that are refused, cancelled, or fail


async def test_a_cancelled_upload_is_gone(meta: Meta) -> None:
    started = (await meta.post(f"{meta.page}/videos", upload_phase="start", file_size="5000")).body
    session = started["upload_session_id"]
    assert (await meta.post(f"{meta.page}/videos", upload_phase="cancel", upload_session_id=session)).body == {
        "success": True
    }
    finish = await meta.post(f"{meta.page}/videos", upload_phase="finish", upload_session_id=session)
    assert finish.error == (100, 1363033)
    assert (await meta.get(started["video_id"])).error == (100, 33)


REFUSED: dict[str, tuple[dict[str, str], dict[str, bytes], tuple[int, int | None]]] = {
    "no video": ({}, {}, (100, 1363019)),
    "a handful of bytes": ({}, {"source": b"abc"}, (382, None)),
    "an address that gives nothing": ({"file_url": "http://127.0.0.1:9/a.mp4"}, {}, (389, None)),
    "an address and a phase": (
        {"file_url": "http://127.0.0.1:9/a.mp4", "upload_phase": "start", "file_size": "9"},
        {},
        (100, None),
    ),
    "a time in five minutes": (
        {"published": "false", "scheduled_publish_time": "1790000300"},
        {"source": b"x" * 2_000},
        (100, 1363138),
    ),
    "a time, and at once": ({"scheduled_publish_time": "1790003600"}, {"source": b"x" * 2_000}, (100, None)),
    "an audience that is none": ({"targeting": '{"age_min":12}'}, {"source": b"x" * 2_000}, (100, None)),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_video_is_refused_for(stage: Stage, meta: Meta, name: str) -> None:
    fields, files, error = REFUSED[name]
    assert (await send(meta, f"{meta.page}/videos", files, **fields)).error == error
    assert len(stage.sandbox.world.videos) == 0


JUDGED: dict[str, tuple[dict[str, Any], int]] = {
    "one too wide": ({"width": 1_920, "height": 800}, 1363040),
    "one too small": ({"width": 360, "height": 640}, 1363127),
    "one too short": ({"seconds": 1}, 1363128),
    "one too slow": ({"fps": 12}, 1363129),
}


@pytest.mark.parametrize("name", JUDGED)
async def test_a_reel_is_accepted_and_fails_in_processing_as(stage: Stage, meta: Meta, name: str) -> None:
    looks, code = JUDGED[name]
    video = await reel(meta, clip(**looks))
    stage.clock.advance(5)
    status = (await meta.get(video, fields="status")).body["status"]
    assert (status["video_status"], status["processing_phase"]["status"]) == ("error", "error")
    assert status["processing_phase"]["errors"][0]["code"] == code
    assert await stage.live() == []


FOUND: dict[str, tuple[str, dict[str, Any], int]] = {
    "a good reel": ("reel", {}, 0),
    "a reel of 91 seconds": ("reel", {"seconds": 91.0}, 1363128),
    "a reel at 61 frames a second": ("reel", {"fps": 61.0}, 1363129),
    "a reel in AV1": ("reel", {"format": "av1"}, 0),
    "a reel in MPEG-4": ("reel", {"format": "mpeg4"}, 1363019),
    "a picture for a reel": ("reel", {"kind": "image"}, 1363019),
    "a good story": ("story", {"seconds": 60.0}, 0),
    "a story of 61 seconds": ("story", {"seconds": 61.0}, 1363128),
    "a wide video in the feed": ("feed", {"width": 3_840, "height": 1_080}, 0),
    "a video of 5 hours": ("feed", {"seconds": 18_000.0}, 1363128),
}


@pytest.mark.parametrize("name", FOUND)
async def test_a_page_finds(name: str) -> None:
    purpose, change, code = FOUND[name]
    assert judge(Media(**{**VIDEO_FACTS, **change}), purpose, Settings())[0] == code


async def test_a_feed_video_over_the_limit_fails_in_processing(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"facebook_video_seconds_max": 2})
    made = await send(meta, f"{meta.page}/videos", {"source": clip()})
    stage.clock.advance(5)
    status = (await meta.get(made.body["id"], fields="status")).body["status"]
    assert status["processing_phase"]["errors"][0]["code"] == 1363128


async def test_the_guides_spelling_of_a_status_differs(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"meta_guide_spelling": True, "meta_processing_failure": 1363019})
    video = await reel(meta, clip())
    stage.clock.advance(5)
    status = (await meta.get(video, fields="status")).body["status"]
    assert status["uploading_phase"]["status"] == "completed"
    assert status["uploading_phase"]["bytes_transfered"] == len(clip())
    assert status["processing_phase"]["error"]["message"]
    assert "errors" not in status["processing_phase"]
