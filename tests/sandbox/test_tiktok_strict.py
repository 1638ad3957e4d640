"""What TikTok refuses, and with which code: fields, types, scopes, rates, caps, addresses."""

from typing import Any

import pytest

from postline.sandbox.tiktok.posting import is_verified
from tests.sandbox.clients import TIKTOK_SCOPES, Reply, Stage, TikTok
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio

PUBLIC = "PUBLIC_TO_EVERYONE"
FILE = {"source": "FILE_UPLOAD", "video_size": 9, "chunk_size": 9, "total_chunk_count": 1}
INFO = {"privacy_level": PUBLIC}
PHOTOS = {"source": "PULL_FROM_URL", "photo_images": ["http://127.0.0.1:9/a.jpg"], "photo_cover_index": 0}
PHOTO = {"media_type": "PHOTO", "post_mode": "DIRECT_POST", "post_info": INFO, "source_info": PHOTOS}
INIT, CONTENT, INBOX = (f"post/publish/{name}/init" for name in ("video", "content", "inbox/video"))

MALFORMED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a field that is none": (INIT, {"post_info": INFO, "source_info": FILE, "draft": True}, "Unknown field draft"),
    "a cover in the wrong object": (
        INIT,
        {"post_info": INFO, "source_info": FILE | {"video_cover_timestamp_ms": 1}},
        "Unknown field source_info.video_cover_timestamp_ms",
    ),
    "a caption for an inbox video": (
        INBOX,
        {"post_info": {"title": "a"}, "source_info": FILE},
        "Unknown field post_info",
    ),
    "stitch for photos": (CONTENT, PHOTO | {"post_info": INFO | {"disable_stitch": True}}, "disable_stitch"),
    "fields in the body": ("video/list", {"fields": "id"}, "fields is required in the query"),
    "a body for creator_info": ("post/publish/creator_info/query", {"open_id": "a"}, "Unknown field open_id"),
    "an object that is a text": (INIT, {"post_info": "x", "source_info": FILE}, "Unknown field post_info"),
    "a size that is a text": (INIT, {"post_info": INFO, "source_info": FILE | {"video_size": "9"}}, "int64"),
    "a size with a fraction": (INIT, {"post_info": INFO, "source_info": FILE | {"video_size": 9.5}}, "int64"),
    "a cover beyond int32": (
        INIT,
        {"post_info": INFO | {"video_cover_timestamp_ms": 2**31}, "source_info": FILE},
        "int32",
    ),
    "a title that is a number": (INIT, {"post_info": INFO | {"title": 5}, "source_info": FILE}, "string"),
    "a flag that is a number": (INIT, {"post_info": INFO | {"is_aigc": 1}, "source_info": FILE}, "bool"),
    "no post_info": (INIT, {"source_info": FILE}, "privacy_level is required"),
    "no source_info": (INIT, {"post_info": INFO}, "source_info.source is required"),
    "a source in lower case": (INIT, {"post_info": INFO, "source_info": FILE | {"source": "file_upload"}}, "one of"),
    "a pull without an address": (INIT, {"post_info": INFO, "source_info": {"source": "PULL_FROM_URL"}}, "video_url"),
    "photos from files": (CONTENT, PHOTO | {"source_info": PHOTOS | {"source": "FILE_UPLOAD"}}, "must be one of"),
    "photos in the docs' spelling": (CONTENT, PHOTO | {"post_mode": "DIRECT POST"}, "must be one of"),
    "photos without a privacy": (CONTENT, PHOTO | {"post_info": {}}, "privacy_level is required"),
    "no photo": (CONTENT, PHOTO | {"source_info": PHOTOS | {"photo_images": []}}, "1 to 35"),
    "36 photos": (CONTENT, PHOTO | {"source_info": PHOTOS | {"photo_images": ["http://127.0.0.1/"] * 36}}, "1 to 35"),
    "a photo that is a number": (CONTENT, PHOTO | {"source_info": PHOTOS | {"photo_images": [1]}}, "list of strings"),
    "a cover beyond the photos": (CONTENT, PHOTO | {"source_info": PHOTOS | {"photo_cover_index": 1}}, "out of range"),
    "no cover": (CONTENT, PHOTO | {"source_info": {**PHOTOS, "photo_cover_index": None}}, "is required"),
    "a photo title of 91 units": (CONTENT, PHOTO | {"post_info": INFO | {"title": "🎉" * 45 + "a"}}, "90"),
    "a description of 4,001 units": (
        CONTENT,
        PHOTO | {"post_info": INFO | {"description": "🎉" * 2_000 + "a"}},
        "4000",
    ),
    "no publish_id": ("post/publish/status/fetch", {}, "publish_id is required"),
    "a publish_id that is a number": ("post/publish/status/fetch", {"publish_id": 1}, "string"),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_call_is_malformed_with(tiktok: TikTok, name: str) -> None:
    path, body, problem = MALFORMED[name]
    reply = await tiktok.ask(path, body)
    assert reply.error == ("invalid_params", 400)
    assert reply.headers["x-tt-logid"] == reply.body["error"]["log_id"]
    assert problem in reply.body["error"]["message"]


LISTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "more than 20 ids": ("video/query", {"filters": {"video_ids": ["1"] * 21}}, "id"),
    "no ids": ("video/query", {"filters": {"video_ids": []}}, "id"),
    "ids that are numbers": ("video/query", {"filters": {"video_ids": [1]}}, "id"),
    "a page over 20": ("video/list", {"max_count": 21}, "id"),
    "a page of none": ("video/list", {"max_count": 0}, "id"),
    "a cursor that is a text": ("video/list", {"cursor": "1"}, "id"),
    "an unknown field": ("video/list", {}, "id,reach"),
}


@pytest.mark.parametrize("name", LISTS)
async def test_videos_are_not_listed_for(stage: Stage, tiktok: TikTok, name: str) -> None:
    path, body, fields = LISTS[name]
    await tiktok.post_video(clip())
    stage.clock.advance(5)
    assert (await tiktok.ask(path, body, fields=fields)).error == ("invalid_params", 400)


@pytest.mark.parametrize(("units", "status"), [(2_200, 200), (2_201, 400)])
async def test_a_caption_is_counted_in_utf16_units(tiktok: TikTok, units: int, status: int) -> None:
    title = "🎉" * (units // 2) + "a" * (units % 2)
    assert (await tiktok.init_file(9, title=title)).status == status


async def test_half_a_surrogate_pair_is_one_unit_and_breaks_no_page(stage: Stage, tiktok: TikTok) -> None:
    await tiktok.post_video(clip(), title="\ud83c half")
    stage.clock.advance(5)
    assert "? half" in (await tiktok.call("GET", "/sandbox")).body


async def test_calls_are_json_and_token_calls_are_forms(stage: Stage, tiktok: TikTok) -> None:
    headers = {"Authorization": f"Bearer {tiktok.access}"}
    form = await tiktok.call("POST", "/v2/post/publish/status/fetch/", data={"publish_id": "a"}, headers=headers)
    assert form.error == ("invalid_params", 400)
    flat = await tiktok.call("POST", "/v2/oauth/token/", json={"grant_type": "refresh_token"})
    assert (flat.status, flat.body["error"]) == (400, "invalid_request")


SCOPED: dict[str, tuple[str, dict[str, Any], str]] = {
    "creator_info": ("post/publish/creator_info/query", {}, "video.publish"),
    "a video": (INIT, {"post_info": INFO, "source_info": FILE}, "video.publish"),
    "a video draft": (INBOX, {"source_info": FILE}, "video.upload"),
    "photos": (CONTENT, PHOTO, "video.publish"),
    "a photo draft": (CONTENT, {**PHOTO, "post_mode": "MEDIA_UPLOAD", "post_info": {}}, "video.upload"),
    "the list": ("video/list", {}, "video.list"),
    "the numbers": ("video/query", {"filters": {"video_ids": ["1"]}}, "video.list"),
}


@pytest.mark.parametrize("name", SCOPED)
async def test_a_scope_is_needed_for(stage: Stage, name: str) -> None:
    path, body, scope = SCOPED[name]
    fields = {"fields": "id"} if path.startswith("video/") else {}
    tiktok = await stage.tiktok.connect(sandbox_decline=scope)
    assert (await tiktok.ask(path, body, **fields)).error == ("scope_not_authorized", 401)
    tiktok = await stage.tiktok.connect(scope=f"user.info.basic,{scope}")
    assert (await tiktok.ask(path, body, **fields)).status == 200


@pytest.mark.parametrize("scope", ["video.publish", "video.upload"])
async def test_status_and_cancel_take_either_posting_scope(stage: Stage, scope: str) -> None:
    other = ({"video.publish", "video.upload"} - {scope}).pop()
    tiktok = await stage.tiktok.connect(scope=TIKTOK_SCOPES, sandbox_decline=other)
    for name in ("status/fetch", "cancel"):
        reply = await tiktok.ask(f"post/publish/{name}", {"publish_id": "v_pub_url~v2-1.1"})
        assert reply.error == ("invalid_publish_id", 400)


RATES: dict[str, tuple[str, dict[str, Any], int]] = {
    "20 creator_info": ("post/publish/creator_info/query", {}, 20),
    "30 status": ("post/publish/status/fetch", {"publish_id": "a"}, 30),
    "6 inits": (INIT, {"post_info": INFO, "source_info": FILE}, 6),
}


@pytest.mark.parametrize("name", RATES)
async def test_a_minute_of_a_token_has(stage: Stage, tiktok: TikTok, name: str) -> None:
    path, body, allowed = RATES[name]
    codes = [(await tiktok.ask(path, body)).status for _ in range(allowed + 1)]
    assert (codes.index(429), codes.count(429)) == (allowed, 1)
    refused = await tiktok.ask(path, body)
    assert refused.error == ("rate_limit_exceeded", 429)
    assert "data" not in refused.body
    stage.clock.advance(60)
    assert (await tiktok.ask(path, body)).status != 429


async def test_the_display_api_has_one_rate_for_the_whole_app(stage: Stage, tiktok: TikTok) -> None:
    await stage.control("POST", "settings", {"tiktok_display_per_minute": 2})
    seeded = await stage.control("POST", "seed", {"creators": [{"username": "other"}]})
    first = [(await tiktok.ask("video/list", fields="id")).status for _ in range(2)]
    await tiktok.connect(sandbox_user=seeded.body["creators"][0])
    assert [*first, (await tiktok.ask("video/list", fields="id")).status] == [200, 200, 429]
    ids = {"filters": {"video_ids": ["1"]}}
    assert (await tiktok.ask("video/query", ids, fields="id")).status == 200


# Who may post


async def test_a_creators_options_may_change_between_two_calls(stage: Stage, tiktok: TikTok) -> None:
    await stage.control("POST", f"profiles/{tiktok.open_id}", {"private": True, "max_video_seconds": 180})
    told = (await tiktok.ask("post/publish/creator_info/query")).body["data"]
    assert told["privacy_level_options"] == ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    assert (told["duet_disabled"], told["stitch_disabled"], told["comment_disabled"]) == (True, True, False)
    assert told["max_video_post_duration_sec"] == 180
    assert (await tiktok.init_file(9)).error == ("privacy_level_option_mismatch", 403)


async def banned(stage: Stage, tiktok: TikTok) -> str:
    await stage.control("POST", f"profiles/{tiktok.open_id}", {"banned": True})
    return "spam_risk_user_banned_from_posting"


async def posted_enough(stage: Stage, tiktok: TikTok) -> str:
    await stage.control("POST", "settings", {"tiktok_posts_per_day": 1})
    await tiktok.init_file(9)
    return "spam_risk_too_many_posts"


async def too_many_users(stage: Stage, tiktok: TikTok) -> str:
    await stage.control("POST", "settings", {"tiktok_active_users": 1})
    await tiktok.init_file(9)
    seeded = await stage.control("POST", "seed", {"creators": [{"username": "late"}]})
    await tiktok.connect(sandbox_user=seeded.body["creators"][0])
    return "reached_active_user_cap"


@pytest.mark.parametrize("why", [banned, posted_enough, too_many_users])
async def test_a_creator_cannot_post_when(stage: Stage, tiktok: TikTok, why: Any) -> None:
    code = await why(stage, tiktok)
    assert (await tiktok.ask("post/publish/creator_info/query")).error == (code, 200)
    assert (await tiktok.init_file(9)).error == (code, 403)


async def test_a_day_later_a_creator_may_post_again(stage: Stage, tiktok: TikTok) -> None:
    await posted_enough(stage, tiktok)
    stage.clock.advance(86_401)
    tiktok.keep(await tiktok.token(grant_type="refresh_token", refresh_token=tiktok.refresh))
    assert (await tiktok.init_file(9)).status == 200


async def test_an_unaudited_app_has_five_users_a_day(stage: Stage) -> None:
    await stage.control("POST", "settings", {"audited": False})
    people = [{"username": f"quiet{index}", "private": True} for index in range(6)]
    seeded = await stage.control("POST", "seed", {"creators": people})
    replies: list[Reply] = []
    for open_id in seeded.body["creators"]:
        tiktok = await stage.tiktok.connect(sandbox_user=open_id)
        replies.append(await tiktok.init_file(9, privacy_level="SELF_ONLY"))
    assert [reply.status for reply in replies] == [200] * 5 + [403]
    assert replies[-1].error == ("reached_active_user_cap", 403)


async def test_the_same_video_twice_is_two_posts(stage: Stage, tiktok: TikTok) -> None:
    """TikTok knows no key that would tell a repeated init."""
    first, second = [await tiktok.post_video(clip(), title="Same") for _ in range(2)]
    stage.clock.advance(5)
    assert first != second
    assert [post["caption"] for post in await stage.live()] == ["Same", "Same"]


# Drafts


async def test_five_drafts_may_wait_and_each_that_is_posted_makes_room(stage: Stage, tiktok: TikTok) -> None:
    drafts = [await tiktok.upload_draft(clip()) for _ in range(5)]
    stage.clock.advance(61)
    assert (await tiktok.init_draft(9)).error == ("spam_risk_too_many_pending_share", 403)
    photos = await tiktok.init_photos([stage.host.put("a.jpg", picture())], "MEDIA_UPLOAD")
    assert photos.error == ("spam_risk_too_many_pending_share", 403)
    await stage.control("POST", f"inbox/{drafts[0]}")
    assert (await tiktok.init_draft(9)).status == 200


async def test_drafts_are_no_direct_posts_to_an_audit_or_a_daily_cap(stage: Stage, tiktok: TikTok) -> None:
    await stage.control("POST", "settings", {"audited": False, "tiktok_posts_per_day": 0})
    assert (await tiktok.init_file(9)).status == 403
    assert (await tiktok.init_draft(9)).status == 200


async def test_a_photo_draft_needs_a_recent_app(stage: Stage, tiktok: TikTok) -> None:
    url = stage.host.put("a.jpg", picture())
    await stage.control("POST", f"profiles/{tiktok.open_id}", {"old_app": True})
    assert (await tiktok.init_photos([url], "MEDIA_UPLOAD")).error == ("app_version_check_failed", 400)
    assert (await tiktok.init_photos([url])).status == 200


OWNED = ("https://media.example.com/tt/", "cdn.example.org")
ADDRESSES = {
    "of a prefix": ("https://media.example.com/tt/a.mp4", OWNED, True),
    "beside a prefix": ("https://media.example.com/other/a.mp4", OWNED, False),
    "of a host that begins alike": ("https://media.example.com.evil.example/tt/", OWNED, False),
    "of a domain": ("https://cdn.example.org/a.mp4?sig=1", OWNED, True),
    "below a domain": ("https://eu.cdn.example.org/a.mp4", OWNED, True),
    "of a host that ends alike": ("https://evilcdn.example.org/a.mp4", OWNED, False),
    "without TLS": ("http://cdn.example.org/a.mp4", OWNED, False),
    "with a number for a host": ("https://93.184.216.34/a.mp4", ("93.184.216.34",), False),
    "on this machine, none verified": ("http://127.0.0.1:9/a.mp4", (), True),
    "on this machine, others verified": ("http://127.0.0.1:9/a.mp4", OWNED, False),
    "elsewhere, none verified": ("https://example.com/a.mp4", (), False),
    "that is none": ("https://[", OWNED, False),
    "a prefix without its slash": ("https://media.example.com.evil.example/a", ("https://media.example.com",), False),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_ownership_of_an_address(name: str) -> None:
    url, owned, good = ADDRESSES[name]
    assert is_verified(url, owned) == good


async def test_one_photo_of_a_stranger_refuses_them_all(stage: Stage, tiktok: TikTok) -> None:
    urls = [stage.host.put("a.jpg", picture()), "https://bucket.example.net/b.jpg"]
    assert (await tiktok.init_photos(urls)).error == ("url_ownership_unverified", 403)
    assert stage.host.asked == []
