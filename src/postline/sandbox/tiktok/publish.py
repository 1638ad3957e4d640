"""Content Posting API: creator_info, video init (direct and inbox), status and cancel.

With FILE_UPLOAD a post starts with the last byte, with PULL_FROM_URL once the address was fetched.
Source: https://developers.tiktok.com/docs/en/content-posting-api-reference-direct-post and
https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide, read 2026-11-24.
"""

from dataclasses import replace
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.params import Param
from postline.sandbox.records import Publish
from postline.sandbox.tiktok.creators import (
    cannot_post,
    check_direct_post,
    check_draft,
    check_rate,
    creator_of,
    flags,
    utf16_units,
)
from postline.sandbox.tiktok.errors import api_error, refuse, success
from postline.sandbox.tiktok.posting import VIDEO_BYTES_MAX, begin_pull, check_ownership, fail
from postline.sandbox.tiktok.published import ID_SHAPES, failure_of, public_ids

TITLE_MAX: Final = 2_200
CHUNK_MIN: Final = 5_000_000
CHUNK_MAX: Final = 64 * 1024 * 1024
CHUNK_LAST_MAX: Final = 128 * 1024 * 1024
CHUNKS_MAX: Final = 1_000


async def creator_info(call: Call) -> Answer:
    check_rate(call, "tiktok.creator_info", call.world.settings.tiktok_creator_info_per_minute)
    creator = creator_of(call)
    if code := cannot_post(call, creator):
        raise refuse(code, "The creator cannot post now.", 200)
    return success(
        {
            "creator_avatar_url": f"{call.base_url}/sandbox/avatar/{creator.id}.svg",
            "creator_username": creator.username,
            "creator_nickname": creator.nickname,
            "privacy_level_options": list(creator.privacy_level_options),
            "comment_disabled": creator.comment_disabled,
            "duet_disabled": creator.duet_disabled or creator.private,
            "stitch_disabled": creator.stitch_disabled or creator.private,
            "max_video_post_duration_sec": creator.max_video_seconds,
        }
    )


async def init_video(call: Call) -> Answer:
    """A direct post of a video."""
    params, creator = call.params, creator_of(call)
    check_rate(call, "tiktok.inits", call.world.settings.tiktok_inits_per_minute)
    if utf16_units(params["post_info.title"]) > TITLE_MAX:
        raise refuse("invalid_params", f"The title may have {TITLE_MAX} UTF-16 units")
    privacy = params["post_info.privacy_level"]
    if params["post_info.brand_content_toggle"] and privacy == "SELF_ONLY":
        raise refuse("invalid_params", "Branded content cannot be private")
    source = _source(call)
    check_direct_post(call, creator, privacy)
    call.world.count("tiktok.posts", creator.id)
    publish = replace(
        source,
        mode="direct",
        caption=params["post_info.title"],
        privacy=privacy,
        cover_ms=max(params["post_info.video_cover_timestamp_ms"], 0),
        flags=flags(params),
    )
    return _init(call, publish)


async def init_inbox_video(call: Call) -> Answer:
    """A draft that the creator finishes in the app."""
    check_rate(call, "tiktok.inits", call.world.settings.tiktok_inits_per_minute)
    source = _source(call)
    check_draft(call, creator_of(call))
    return _init(call, replace(source, mode="inbox"))


def _source(call: Call) -> Publish:
    """The source_info of a video, as a publish that has no id yet. Raises Refusal."""
    params = call.params
    blank = Publish(
        id="",
        open_id=creator_of(call).id,
        mode="",
        media_type="VIDEO",
        source=params["source_info.source"],
        created_at=call.world.now(),
    )
    if blank.source == "PULL_FROM_URL":
        url = params["source_info.video_url"]
        if not url:
            raise refuse("invalid_params", "source_info.video_url is required")
        check_ownership(call.world, [url])
        return replace(blank, urls=(url,))
    names = ("video_size", "chunk_size", "total_chunk_count")
    size, chunk, count = (params[f"source_info.{name}"] for name in names)
    if problem := chunk_plan_problem(size, chunk, count):
        raise refuse("invalid_params", problem)
    return replace(blank, size=size, chunk_size=chunk, chunk_count=count)


def chunk_plan_problem(size: int | None, chunk: int | None, count: int | None) -> str:
    """What is wrong with a chunk plan (bytes, bytes, number); empty if it will do."""
    if size is None or chunk is None or count is None or size <= 0 or chunk <= 0:
        return "video_size, chunk_size and total_chunk_count are required"
    if size > VIDEO_BYTES_MAX:
        return "The video is too large"
    if count == 1 and chunk != size:
        return "The chunk size is invalid: one chunk must be as large as the video"
    if size // chunk != count or not 1 <= count <= CHUNKS_MAX:
        return "The total chunk count is invalid"
    if chunk > CHUNK_MAX or (chunk < CHUNK_MIN and size >= CHUNK_MIN):
        return "The chunk size is invalid"
    if size - chunk * (count - 1) > CHUNK_LAST_MAX:
        return "The chunk size is invalid: the last chunk is too large"
    return ""


def _init(call: Call, publish: Publish) -> Answer:
    world = call.world
    way = "file" if publish.source == "FILE_UPLOAD" else "url"
    prefix = f"v_pub_{way}" if publish.mode == "direct" else f"v_inbox_{way}"
    publish = replace(publish, id=f"{prefix}~v2-1.{world.new_id('7')}", upload_token=world.new_secret(""))
    world.publishes.put(publish)
    if publish.urls:
        begin_pull(call.sandbox, publish)
        return success({"publish_id": publish.id})
    query = f"upload_id={publish.id.rpartition('.')[2]}&upload_token={publish.upload_token}"
    return success({"publish_id": publish.id, "upload_url": f"{call.base_url}/upload/video/?{query}"})


def own_publish(call: Call) -> Publish:
    """The publish asked about. Raises Refusal (400) for one that is unknown or another creator's."""
    publish = call.world.publishes.get(call.params["publish_id"])
    if publish is None:
        raise refuse("invalid_publish_id", "The publish_id does not exist")
    if publish.open_id != creator_of(call).id:
        raise refuse("token_not_authorized_for_specified_publish_id", "The publish_id belongs to another user")
    return publish


async def status_fetch(call: Call) -> Answer:
    check_rate(call, "tiktok.status", call.world.settings.tiktok_status_per_minute)
    await call.sandbox.grant_moment(call.params["publish_id"])
    publish, world = own_publish(call), call.world
    data: dict[str, Any] = {"status": "PROCESSING_UPLOAD", "fail_reason": ""}
    data |= ID_SHAPES[world.settings.tiktok_id_shape](public_ids(world, publish))
    if publish.source == "PULL_FROM_URL":
        data |= {"status": "PROCESSING_DOWNLOAD", "downloaded_bytes": publish.received}
    else:
        data["uploaded_bytes"] = publish.received
    if reason := failure_of(world, publish):
        data |= {"status": "FAILED", "fail_reason": reason}
    elif publish.post_ids and publish.ready_at <= world.now():
        data["status"] = "PUBLISH_COMPLETE"
    elif publish.mode == "inbox" and publish.ready_at and publish.ready_at <= world.now():
        data["status"] = "SEND_TO_USER_INBOX"
    return success(data)


async def cancel(call: Call) -> Answer:
    """Stop a download that has not ended."""
    publish = own_publish(call)
    if publish.source != "PULL_FROM_URL" or publish.committed_at or failure_of(call.world, publish):
        raise refuse("publish_not_cancellable", "The publish can no longer be cancelled")
    fail(call.sandbox, publish, "publish_cancelled")
    return success({})


SOURCE = (
    Param("source_info.source", "string", required=True, choices=("FILE_UPLOAD", "PULL_FROM_URL")),
    Param("source_info.video_size", "int64"),
    Param("source_info.chunk_size", "int64"),
    Param("source_info.total_chunk_count", "int64"),
    Param("source_info.video_url", "string"),
)
ANY_POSTING = ("video.publish", "video.upload")

ENDPOINTS = (
    Endpoint(
        name="tiktok.creator_info",
        method="POST",
        path="/v2/post/publish/creator_info/query/",
        handler=creator_info,
        envelope=api_error,
        scopes=("video.publish",),
    ),
    Endpoint(
        name="tiktok.video_init",
        method="POST",
        path="/v2/post/publish/video/init/",
        handler=init_video,
        envelope=api_error,
        scopes=("video.publish",),
        params=(
            Param("post_info.privacy_level", "string", required=True),
            Param("post_info.title", "string", default=""),
            Param("post_info.disable_duet", "bool", default=False),
            Param("post_info.disable_stitch", "bool", default=False),
            Param("post_info.disable_comment", "bool", default=False),
            Param("post_info.video_cover_timestamp_ms", "int32", default=0),
            Param("post_info.brand_content_toggle", "bool", default=False),
            Param("post_info.brand_organic_toggle", "bool", default=False),
            Param("post_info.is_aigc", "bool", default=False),
            *SOURCE,
        ),
    ),
    Endpoint(
        name="tiktok.inbox_video_init",
        method="POST",
        path="/v2/post/publish/inbox/video/init/",
        handler=init_inbox_video,
        envelope=api_error,
        scopes=("video.upload",),
        params=SOURCE,
    ),
    Endpoint(
        name="tiktok.status_fetch",
        method="POST",
        path="/v2/post/publish/status/fetch/",
        handler=status_fetch,
        envelope=api_error,
        scopes=ANY_POSTING,
        params=(Param("publish_id", "string", required=True),),
    ),
    Endpoint(
        name="tiktok.cancel",
        method="POST",
        path="/v2/post/publish/cancel/",
        handler=cancel,
        envelope=api_error,
        scopes=ANY_POSTING,
        params=(Param("publish_id", "string", required=True),),
    ),
)
