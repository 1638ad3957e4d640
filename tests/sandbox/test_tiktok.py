from typing import Any

import pytest

from postline.sandbox.tiktok.publish import chunk_plan_problem
from tests.sandbox.clients import Reply, Stage, TikTok
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio

PUBLIC = "PUBLIC_TO_EVERYONE"


def file_source(size: int) -> dict[str, Any]:
    return {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": size, "total_chunk_count": 1}


async def init_video(tiktok: TikTok, source: dict[str, Any], **info: Any) -> Reply:
    post_info = {"privacy_level": PUBLIC, "title": "Pour #coffee", **info}
    return await tiktok.ask("post/publish/video/init", {"post_info": post_info, "source_info": source})


async def test_the_creator_is_told_what_they_may_choose(tiktok: TikTok) -> None:
    told = (await tiktok.ask("post/publish/creator_info/query")).body["data"]
    assert told["creator_username"] == "harborcoffee"
    assert told["privacy_level_options"] == [PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    assert told["max_video_post_duration_sec"] == 600


async def test_a_file_becomes_a_post_with_its_last_byte_and_gets_its_id_after_moderation(
    stage: Stage, tiktok: TikTok
) -> None:
    data = clip()
    init = (await init_video(tiktok, file_source(len(data)))).body["data"]
    publish_id = init["publish_id"]
    assert publish_id.startswith("v_pub_file~")
    assert (await tiktok.status(publish_id))["status"] == "PROCESSING_UPLOAD"

    sent = await tiktok.put(init["upload_url"], data)

    assert (sent.status, sent.headers["Content-Range"]) == (201, f"bytes 0-{len(data) - 1}/{len(data)}")
    assert await stage.live() == []
    stage.clock.advance(1)
    early = await tiktok.status(publish_id)
    assert (early["status"], early["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    stage.clock.advance(1)
    [post_id] = (await tiktok.status(publish_id))["publicaly_available_post_id"]
    assert isinstance(post_id, int)
    assert len(str(post_id)) == 19
    fields = "id,create_time,share_url,title,view_count,duration"
    [video] = (await tiktok.ask("video/query", {"filters": {"video_ids": [str(post_id)]}}, fields=fields)).body["data"][
        "videos"
    ]
    assert (video["id"], video["title"], video["duration"]) == (str(post_id), "Pour #coffee", 3)
    assert video["view_count"] > 0
    assert (await tiktok.call("GET", video["share_url"])).status == 200
    [live] = await stage.live(network="tiktok")
    assert live["remote_id"] == str(post_id)


async def test_a_private_post_is_complete_without_an_id(stage: Stage, tiktok: TikTok) -> None:
    data = clip()
    init = (await init_video(tiktok, file_source(len(data)), privacy_level="SELF_ONLY")).body["data"]
    await tiktok.put(init["upload_url"], data)
    stage.clock.advance(60)
    told = await tiktok.status(init["publish_id"])
    assert (told["status"], told["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    assert (await tiktok.ask("video/list", fields="id")).body["data"]["videos"] == []


async def test_chunks_are_taken_in_order_and_progress_is_told(stage: Stage, tiktok: TikTok) -> None:
    size, chunk = 11_000_000, 5_000_000
    source = {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": 2}
    init = (await init_video(tiktok, source)).body["data"]
    url, data = init["upload_url"], clip().ljust(size, b"\0")

    early = await tiktok.put(url, data[chunk:], chunk, size)
    first = await tiktok.put(url, data[:chunk], 0, size)
    again = await tiktok.put(url, data[:chunk], 0, size)
    last = await tiktok.put(url, data[chunk:], chunk, size)
    after = await tiktok.put(url, data[chunk:], chunk, size)

    assert [reply.status for reply in (early, first, again, last, after)] == [416, 206, 416, 201, 416]
    assert again.headers["Content-Range"] == f"bytes 0-{chunk - 1}/{size}"
    assert after.headers["Content-Range"] == f"bytes 0-{size - 1}/{size}"


async def test_the_upload_address_is_a_capability_that_ends_after_an_hour(stage: Stage, tiktok: TikTok) -> None:
    data = clip()
    url = (await init_video(tiktok, file_source(len(data)))).body["data"]["upload_url"]
    assert (await tiktok.put(url + "x", data)).status == 404
    assert (await tiktok.put(url, data[:-1], 0, len(data))).status == 416
    assert (await tiktok.put(url, data, 0, len(data) + 1)).status == 400
    stage.clock.advance(3_601)
    assert (await tiktok.put(url, data)).status == 403


async def test_a_video_is_pulled_from_an_address(stage: Stage, tiktok: TikTok) -> None:
    url = stage.host.put("a.mp4", clip())
    init = (await init_video(tiktok, {"source": "PULL_FROM_URL", "video_url": url})).body["data"]
    assert "upload_url" not in init
    await stage.settle()
    assert (await tiktok.status(init["publish_id"]))["status"] == "PROCESSING_DOWNLOAD"
    stage.clock.advance(2)
    assert (await tiktok.status(init["publish_id"]))["status"] == "PUBLISH_COMPLETE"


async def test_photos_are_pulled_in_order(stage: Stage, tiktok: TikTok) -> None:
    urls = [stage.host.put(f"{shade}.jpg", picture(shade=shade)) for shade in (1, 2)]
    publish_id = (await tiktok.init_photos(urls, title="Two", description="Two #cups")).body["data"]["publish_id"]
    await stage.settle()
    stage.clock.advance(2)
    assert (await tiktok.status(publish_id))["status"] == "PUBLISH_COMPLETE"
    [live] = await stage.live()
    assert (live["format"], live["media_count"], live["title"], live["caption"]) == ("carousel", 2, "Two", "Two #cups")
    assert "/photo/" in live["permalink"]


FAILING_PULLS = {
    "a redirect": ("moved-a.jpg", picture(), "photo_pull_failed"),
    "nothing there": ("other.jpg", picture(), "photo_pull_failed"),
    "a PNG": ("a.jpg", picture(kind="PNG"), "file_format_check_failed"),
    "a picture over 1080p": ("a.jpg", picture(2_000, 2_000), "picture_size_check_failed"),
}


@pytest.mark.parametrize("name", FAILING_PULLS)
async def test_a_pull_fails_for(stage: Stage, tiktok: TikTok, name: str) -> None:
    asked, data, reason = FAILING_PULLS[name]
    url = stage.host.put("a.jpg", data).replace("a.jpg", asked)
    publish_id = (await tiktok.init_photos([url])).body["data"]["publish_id"]
    await stage.settle()
    stage.clock.advance(2)
    told = await tiktok.status(publish_id)
    assert (told["status"], told["fail_reason"]) == ("FAILED", reason)
    assert await stage.live() == []


async def test_a_video_that_is_none_fails_in_processing(stage: Stage, tiktok: TikTok) -> None:
    init = (await init_video(tiktok, file_source(4))).body["data"]
    assert (await tiktok.put(init["upload_url"], b"junk")).status == 201
    stage.clock.advance(2)
    assert (await tiktok.status(init["publish_id"]))["fail_reason"] == "file_format_check_failed"


async def test_a_draft_waits_in_the_inbox_until_the_creator_posts_it(stage: Stage, tiktok: TikTok) -> None:
    data = clip()
    init = (await tiktok.ask("post/publish/inbox/video/init", {"source_info": file_source(len(data))})).body["data"]
    await tiktok.put(init["upload_url"], data)
    stage.clock.advance(2)
    assert (await tiktok.status(init["publish_id"]))["status"] == "SEND_TO_USER_INBOX"
    assert await stage.live() == []
    posted = await stage.control("POST", f"inbox/{init['publish_id']}", {"caption": "By hand"})
    stage.clock.advance(2)
    told = await tiktok.status(init["publish_id"])
    assert told["publicaly_available_post_id"] == [int(posted.body["remote_id"])]


async def test_the_list_pages_by_time_newest_first(stage: Stage, tiktok: TikTok) -> None:
    url, ids = stage.host.put("a.jpg", picture()), []
    for _ in range(3):
        await tiktok.init_photos([url])
        await stage.settle()
        stage.clock.advance(5)
        ids.append((await stage.live())[0]["remote_id"])
    first = (await tiktok.ask("video/list", {"max_count": 2}, fields="id")).body["data"]
    assert ([video["id"] for video in first["videos"]], first["has_more"]) == (ids[:0:-1], True)
    rest = (await tiktok.ask("video/list", {"cursor": first["cursor"]}, fields="id")).body["data"]
    assert ([video["id"] for video in rest["videos"]], rest["has_more"]) == (ids[:1], False)


async def test_a_pull_can_be_cancelled_before_it_ends_only(stage: Stage, tiktok: TikTok) -> None:
    publish_id = (await tiktok.init_photos([stage.host.put("a.jpg", picture())])).body["data"]["publish_id"]
    await stage.settle()
    reply = await tiktok.ask("post/publish/cancel", {"publish_id": publish_id})
    assert reply.error == ("publish_not_cancellable", 400)


PLANS = {
    "a small file whole": (4_194_304, 4_194_304, 1, True),
    "64 MB whole": (64_000_000, 64_000_000, 1, True),
    "the official example": (50_000_123, 10_000_000, 5, True),
    "77 MB in tens": (77_360_899, 10_000_000, 7, True),
    "4 GB in tens": (4_000_000_000, 10_000_000, 400, True),
    "one chunk that is not the video": (15_000_000, 10_000_000, 1, False),
    "a count rounded up": (50_000_123, 10_000_000, 6, False),
    "chunks under 5 MB": (50_000_000, 1_000_000, 50, False),
    "one chunk over 64 MiB": (70_000_000, 70_000_000, 1, False),
    "over 4 GiB": (5_000_000_000, 10_000_000, 500, False),
    "nothing": (0, 0, 0, False),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_chunk_plan(name: str) -> None:
    size, chunk, count, good = PLANS[name]
    assert (chunk_plan_problem(size, chunk, count) == "") == good


REFUSED_INITS: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, int]]] = {
    "a privacy the creator does not have": (
        {"privacy_level": "FOLLOWER_OF_CREATOR"},
        file_source(9),
        ("privacy_level_option_mismatch", 403),
    ),
    "no privacy": ({"privacy_level": ""}, file_source(9), ("invalid_params", 400)),
    "a title of 2,201 units": ({"title": "🎉" * 1_100 + "a"}, file_source(9), ("invalid_params", 400)),
    "branded content in private": (
        {"privacy_level": "SELF_ONLY", "brand_content_toggle": True},
        file_source(9),
        ("invalid_params", 400),
    ),
    "a flag that is a text": ({"disable_duet": "true"}, file_source(9), ("invalid_params", 400)),
    "no source": ({}, {}, ("invalid_params", 400)),
    "an address of somebody else": (
        {},
        {"source": "PULL_FROM_URL", "video_url": "https://example.com/a.mp4"},
        ("url_ownership_unverified", 403),
    ),
}


@pytest.mark.parametrize("name", REFUSED_INITS)
async def test_an_init_is_refused_for(tiktok: TikTok, name: str) -> None:
    info, source, error = REFUSED_INITS[name]
    assert (await init_video(tiktok, source, **info)).error == error


async def test_an_unaudited_app_posts_privately_to_private_accounts_only(stage: Stage, tiktok: TikTok) -> None:
    await stage.control("POST", "settings", {"audited": False})
    refused = await init_video(tiktok, file_source(9), privacy_level="SELF_ONLY")
    assert refused.error == ("unaudited_client_can_only_post_to_private_accounts", 403)
    seeded = await stage.control("POST", "seed", {"creators": [{"username": "quiet", "private": True}]})
    await tiktok.connect(sandbox_user=seeded.body["creators"][0])
    assert (await init_video(tiktok, file_source(9), privacy_level="SELF_ONLY")).status == 200


async def test_rates_and_daily_limits_are_kept(stage: Stage, tiktok: TikTok) -> None:
    await stage.control("POST", "settings", {"tiktok_posts_per_day": 7})
    replies = [await init_video(tiktok, file_source(9)) for _ in range(7)]
    assert [reply.status for reply in replies] == [200] * 6 + [429]
    stage.clock.advance(61)
    await init_video(tiktok, file_source(9))
    assert (await init_video(tiktok, file_source(9))).error == ("spam_risk_too_many_posts", 403)
    assert (await tiktok.ask("post/publish/creator_info/query")).error == ("spam_risk_too_many_posts", 200)


async def test_another_creators_publish_cannot_be_asked_about(stage: Stage, tiktok: TikTok) -> None:
    publish_id = (await init_video(tiktok, file_source(9))).body["data"]["publish_id"]
    seeded = await stage.control("POST", "seed", {"creators": [{"username": "other"}]})
    await tiktok.connect(sandbox_user=seeded.body["creators"][0])
    mine = await tiktok.ask("post/publish/status/fetch", {"publish_id": publish_id})
    none = await tiktok.ask("post/publish/status/fetch", {"publish_id": "v_pub_file~v2-1.1"})
    assert mine.error == ("token_not_authorized_for_specified_publish_id", 400)
    assert none.error == ("invalid_publish_id", 400)
