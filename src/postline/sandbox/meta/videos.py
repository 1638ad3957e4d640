"""A Page's reels, video stories and feed videos: start, bytes, finish, and what becomes of them.

A video is processed `video_seconds` after its last byte; a finished one goes live when it is both finished and
processed. Source: https://developers.facebook.com/documentation/video-api/guides/reels-publishing, read 2026-11-24.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.media import CannotFetch
from postline.sandbox.meta.errors import graph_error, missing_object, refuse
from postline.sandbox.meta.facebook import MANAGE, SCHEDULE_AHEAD_SECONDS
from postline.sandbox.meta.fields import Maker, graph_time, paged, parse_fields, select
from postline.sandbox.params import Param
from postline.sandbox.records import Media, Post, Video
from postline.sandbox.settings import DAY
from postline.sandbox.world import World

CHUNK_BYTES: Final = 1_048_576
CODECS: Final = frozenset({"h264", "hevc", "vp9", "av1", "libdav1d"})
PREFIXES: Final[Mapping[str, str]] = {"reel": "14", "story": "15", "feed": "16"}


async def start(call: Call, purpose: str) -> Answer:
    """Open an upload; the bytes go to the address given."""
    video = _new_video(call, purpose)
    return Answer(body={"video_id": video.id, "upload_url": f"{call.base_url}/video-upload/{call.version}/{video.id}"})


async def start_reel(call: Call) -> Answer:
    return await start(call, "reel")


async def start_story(call: Call) -> Answer:
    return await start(call, "story")


def _new_video(call: Call, purpose: str, size: int = 0) -> Video:
    world = call.world
    video = Video(
        id=world.new_id(PREFIXES[purpose]), page_id=call.node, purpose=purpose, created_at=world.now(), size=size
    )
    return world.videos.put(video)


async def finish_reel(call: Call) -> Answer:
    video = _uploaded(call, "reel")
    world, params, state = call.world, call.params, call.params["video_state"]
    scheduled_at = params["scheduled_publish_time"]
    if (state == "SCHEDULED") != (scheduled_at is not None):
        raise refuse(100, "(#100) scheduled_publish_time is for video_state SCHEDULED, and required with it")
    if scheduled_at and not SCHEDULE_AHEAD_SECONDS[0] <= scheduled_at - world.now() <= 29 * DAY:
        raise refuse(100, "(#100) The specified scheduled publish time is invalid.", 1363138)
    if state == "PUBLISHED":
        if world.used("facebook.reels", call.node, DAY) >= world.settings.facebook_reels_per_day:
            raise refuse(613, "(#613) The limit of reels published through the API in 24 hours has been reached")
        world.count("facebook.reels", call.node)
    video = _finish(world, video, state, params["description"], scheduled_at or 0.0, params["title"])
    return Answer(body={"success": True, **({"post_id": video.post_id} if video.post_id else {})})


async def finish_story(call: Call) -> Answer:
    video = _uploaded(call, "story")
    video = _finish(call.world, video, "PUBLISHED", "", 0.0, "")
    return Answer(body={"success": True, "post_id": video.post_id})


def _uploaded(call: Call, purpose: str) -> Video:
    """The video to finish, which must be ours, whole, and not finished before."""
    video = call.world.videos.get(call.params["video_id"])
    if video is None or video.page_id != call.node or video.purpose != purpose:
        raise missing_object(call.params["video_id"], "post")
    if not video.uploaded_at:
        raise refuse(6000, "There was a problem uploading your video file. Please try again with another file.")
    if video.finished_at and video.state != "DRAFT":
        raise refuse(100, "(#100) The video has already been published")
    return video


def _finish(world: World, video: Video, state: str, description: str, scheduled_at: float, title: str) -> Video:
    """Publish once processed; a video that will fail in processing gets an id, and never a post."""
    processed_at = video.uploaded_at + world.settings.video_seconds
    publish_at = max(world.now(), processed_at, scheduled_at)
    number = world.new_id("13" if video.purpose == "story" else "12")
    video = replace(
        video,
        finished_at=world.now(),
        state=state,
        description=description,
        title=title,
        publish_at=publish_at,
        post_id="" if state == "DRAFT" else number if video.purpose == "story" else f"{video.page_id}_{number}",
    )
    world.videos.put(video)
    if state != "DRAFT" and not video.failure:
        paths = {
            "reel": f"/facebook/reel/{video.id}",
            "story": f"/facebook/stories/{video.page_id}/{video.post_id}",
            "feed": f"/facebook/{video.post_id}",
        }
        world.add_post(
            Post(
                id=video.post_id,
                network="facebook",
                profile_id=video.page_id,
                format={"feed": "video"}.get(video.purpose, video.purpose),
                caption=description,
                created_at=world.now(),
                live_at=publish_at,
                path=paths[video.purpose],
                media=(video.media,),
                object_ids=(video.id,),
                media_type="video",
            )
        )
    return video


def complete(world: World, video: Video, media: Media) -> None:
    """The last byte is in: judge the file; processing starts."""
    code, failure = judge(media, video.purpose)
    world.videos.put(
        replace(
            video,
            size=media.size,
            media=media.id,
            uploaded_at=world.now(),
            failure_code=code,
            failure=failure,
        )
    )


def judge(media: Media, purpose: str) -> tuple[int, str]:
    """What processing will find wrong with a file: code and words, or 0 and nothing."""
    if media.kind != "video" or media.format not in CODECS:
        return 1363019, "The video file is not supported."
    if purpose == "feed":
        return 0, ""
    longest = 90 if purpose == "reel" else 60
    if not 9 / 16 - 0.01 <= media.ratio <= 16 / 9 + 0.01:
        return 1363040, "The video's aspect ratio must be between 16:9 and 9:16."
    if min(media.width, media.height) < 540 or max(media.width, media.height) < 960:
        return 1363127, "The video's resolution must be at least 540x960."
    if not 2.9 <= media.seconds <= longest + 0.5:
        return 1363128, f"The video's duration must be between 3 and {longest} seconds."
    if not 23.5 <= media.fps <= 60.5:
        return 1363129, "The video's frame rate must be between 24 and 60 frames per second."
    return 0, ""


# Feed videos: one call with a file or an address, or the chunked upload


async def upload_video(call: Call) -> Answer:
    params = call.params
    if data := params["source"]:
        media = await call.sandbox.library.add(data)
    elif url := params["file_url"]:
        try:
            media = await call.sandbox.fetch(url)
        except CannotFetch as error:
            raise refuse(389, "(#389) Unable to fetch video file from URL.") from error
    else:
        raise refuse(100, "(#100) No video file was submitted.", 1363019)
    video = _new_video(call, "feed")
    complete(call.world, video, media)
    _finish_feed_video(call, call.world.videos[video.id])
    return Answer(body={"id": video.id})


async def start_video(call: Call) -> Answer:
    size = call.params["file_size"]
    video = _new_video(call, "feed", size)
    call.world.uploads[video.id] = bytearray()
    return Answer(
        body={
            "video_id": video.id,
            "start_offset": "0",
            "end_offset": str(min(CHUNK_BYTES, size)),
            "upload_session_id": video.id,
        }
    )


async def transfer_video(call: Call) -> Answer:
    """Take one chunk; a wrong offset is answered with the right one."""
    world, video = call.world, _session(call)
    received = world.uploads.setdefault(video.id, bytearray())
    offsets = {"start_offset": str(len(received)), "end_offset": str(min(len(received) + CHUNK_BYTES, video.size))}
    chunk = call.params["video_file_chunk"]
    if call.params["start_offset"] != len(received) or len(received) + len(chunk) > video.size:
        raise refuse(6001, "There was a problem uploading your video file.", 1363037, error_data=offsets)
    received += chunk
    if len(received) == video.size:
        complete(world, video, await call.sandbox.library.add(bytes(received)))
        del world.uploads[video.id]
        return Answer(body={"start_offset": str(video.size), "end_offset": str(video.size)})
    start_at = len(received)
    return Answer(body={"start_offset": str(start_at), "end_offset": str(min(start_at + CHUNK_BYTES, video.size))})


async def finish_video(call: Call) -> Answer:
    video = _session(call)
    if not video.uploaded_at:
        raise refuse(6000, "There was a problem uploading your video file. Please try again with another file.")
    if video.finished_at:
        raise refuse(100, "(#100) The upload session has ended", 1363033)
    _finish_feed_video(call, video)
    return Answer(body={"success": True})


def _session(call: Call) -> Video:
    video = call.world.videos.get(call.params["upload_session_id"])
    if video is None or video.page_id != call.node or video.purpose != "feed":
        raise refuse(100, "(#100) The upload session is invalid", 1363033)
    return video


def _finish_feed_video(call: Call, video: Video) -> None:
    params, at = call.params, call.params["scheduled_publish_time"]
    state = "SCHEDULED" if at else "PUBLISHED" if params["published"] else "DRAFT"
    _finish(call.world, video, state, params["description"], at or 0.0, params["title"])


# The video node


async def video(call: Call) -> Answer:
    found = call.world.videos[call.node]
    return Answer(body=select("Video", video_fields(call, found), parse_fields(call.params["fields"]), found.id))


def video_fields(call: Call, video: Video) -> Mapping[str, Maker]:
    world = call.world
    media = world.media.get(video.media)
    post = world.posts.get(video.post_id)
    return {
        "status": lambda _: status(world, video),
        "post_id": lambda _: post.id if post and world.is_live(post) else None,
        "permalink_url": lambda _: (
            f"{call.base_url}{post.path}" if post else f"{call.base_url}/facebook/reel/{video.id}"
        ),
        "published": lambda _: bool(post and world.is_live(post)),
        "description": lambda _: video.description or None,
        "title": lambda _: video.title or None,
        "created_time": lambda _: graph_time(video.created_at),
        "updated_time": lambda _: graph_time(video.finished_at or video.created_at),
        "length": lambda _: media.seconds if media else 0,
        "source": lambda _: f"{call.base_url}/sandbox/media/{media.id}" if media else None,
        "picture": lambda _: f"{call.base_url}/sandbox/still/{media.id}.jpg" if media else None,
    }


def status(world: World, video: Video) -> dict[str, Any]:
    """The three phases, as they follow from the video's times."""
    received = video.size if video.uploaded_at else len(world.uploads.get(video.id, b""))
    uploading: dict[str, Any] = {"status": "not_started"}
    processing: dict[str, Any] = {"status": "not_started"}
    publishing: dict[str, Any] = {"status": "not_started"}
    now, overall = world.now(), "uploading"
    processed_at = video.uploaded_at + world.settings.video_seconds
    if received:
        state = "complete" if video.uploaded_at else "in_progress"
        uploading = {"status": state, "bytes_transferred": received, "source_file_size": video.size}
    if video.uploaded_at:
        overall = "ready" if now >= processed_at else "processing"
        processing = {"status": "complete" if now >= processed_at else "in_progress"}
        if now >= processed_at and video.failure:
            overall = "error"
            processing = {"status": "error", "errors": [{"code": video.failure_code, "message": video.failure}]}
    if video.finished_at and overall != "error":
        live = now >= video.publish_at and video.state != "DRAFT"
        word = {"DRAFT": "draft", "SCHEDULED": "scheduled"}.get(video.state, "not_published")
        publishing = {
            "status": "complete" if live else "not_started",
            "publish_status": "published" if live else word,
            "publish_time": int(video.publish_at),
        }
    return {
        "video_status": overall,
        "processing_progress": 100 if overall == "ready" else 0,
        "uploading_phase": uploading,
        "processing_phase": processing,
        "publishing_phase": publishing,
        "copyright_check_status": {"status": "complete" if overall == "ready" else "in_progress"},
    }


async def list_videos(call: Call) -> Answer:
    purposes = ("reel",) if call.path.rstrip("/").endswith("video_reels") else ("reel", "feed")
    since = call.params["since"] or 0.0
    rows = [
        row
        for row in call.world.videos
        if row.page_id == call.node and row.purpose in purposes and row.finished_at and row.created_at >= since
    ]
    rows.sort(key=lambda row: row.created_at, reverse=True)
    wanted = parse_fields(call.params["fields"])
    return Answer(body=paged(call, rows, lambda row: select("Video", video_fields(call, row), wanted, row.id)))


STATES = ("PUBLISHED", "DRAFT", "SCHEDULED")
SCHEDULE = Param("scheduled_publish_time", "time")
WORDS = (Param("description", default=""), Param("title", default=""))
SESSION = Param("upload_session_id", required=True)
FEED_FINISH = (*WORDS, SCHEDULE, Param("published", "flag", default=True))


def _post(name: str, edge: str, phase: str, handler: Any, *params: Param) -> Endpoint:
    return Endpoint(
        name=f"facebook.{name}",
        method="POST",
        path=f"/{{page}}/{edge}",
        phase=phase,
        handler=handler,
        envelope=graph_error,
        params=params,
        scopes=MANAGE,
    )


ENDPOINTS = (
    _post("video_reels.start", "video_reels", "start", start_reel),
    _post(
        "video_reels.finish",
        "video_reels",
        "finish",
        finish_reel,
        Param("video_id", required=True),
        Param("video_state", required=True, choices=STATES),
        SCHEDULE,
        *WORDS,
    ),
    _post("video_stories.start", "video_stories", "start", start_story),
    _post("video_stories.finish", "video_stories", "finish", finish_story, Param("video_id", required=True)),
    _post("videos", "videos", "", upload_video, Param("source", "file"), Param("file_url"), *FEED_FINISH),
    _post("videos.start", "videos", "start", start_video, Param("file_size", "int", required=True, low=1, high=2**34)),
    _post(
        "videos.transfer",
        "videos",
        "transfer",
        transfer_video,
        SESSION,
        Param("start_offset", "int", required=True),
        Param("video_file_chunk", "file", required=True),
    ),
    _post("videos.finish", "videos", "finish", finish_video, SESSION, *FEED_FINISH),
    Endpoint(
        name="facebook.video",
        method="GET",
        path="/{video}",
        handler=video,
        envelope=graph_error,
        params=(Param("fields", default="id,description,updated_time"),),
        scopes=("pages_read_engagement",),
    ),
    *(
        Endpoint(
            name=f"facebook.{edge}.list",
            method="GET",
            path=f"/{{page}}/{edge}",
            handler=list_videos,
            envelope=graph_error,
            params=(Param("fields", default="id,description,updated_time"), Param("since", "time")),
            scopes=("pages_read_engagement",),
        )
        for edge in ("videos", "video_reels")
    ),
)
