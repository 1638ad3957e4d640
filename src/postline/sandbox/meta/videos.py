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
from postline.sandbox.meta.post_options import AUDIENCE, PLACE, check_audience, check_place
from postline.sandbox.meta.thumbnails import take_picture
from postline.sandbox.meta.uploads import uploaded_file
from postline.sandbox.params import Param
from postline.sandbox.records import Media, Post, Video
from postline.sandbox.settings import DAY, Settings
from postline.sandbox.world import World

CHUNK_BYTES: Final = 1_048_576
BYTES_MIN: Final = 1_024
"""Error 382 has no documented limit; a smaller file can be no video."""

SCHEDULE_VIDEO_SECONDS: Final = 180 * DAY
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
    check_audience(call)
    check_place(call)
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
    video = replace(video, description=params["description"], title=params["title"], place=params["place"] or "")
    video = _finish(world, video, state, scheduled_at or 0.0)
    return Answer(body={"success": True, **({"post_id": video.post_id} if video.post_id else {})})


async def finish_story(call: Call) -> Answer:
    video = _uploaded(call, "story")
    video = _finish(call.world, video, "PUBLISHED")
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


def _finish(world: World, video: Video, state: str, scheduled_at: float = 0.0) -> Video:
    """Publish once processed; a video that will fail in processing gets an id, and never a post."""
    processed_at = video.uploaded_at + world.settings.video_seconds
    publish_at = max(world.now(), processed_at, scheduled_at)
    number = world.new_id("13" if video.purpose == "story" else "12")
    video = replace(
        video,
        finished_at=world.now(),
        state=state,
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
                caption=video.description,
                title=video.title,
                created_at=world.now(),
                live_at=publish_at,
                path=paths[video.purpose],
                media=(video.media,),
                object_ids=(video.id,),
                media_type="video",
                cover=video.cover,
                place=video.place,
            )
        )
    return video


def complete(world: World, video: Video, media: Media) -> None:
    """The last byte is in: judge the file; processing starts."""
    code, failure = judge(media, video.purpose, world.settings)
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


def judge(media: Media, purpose: str, settings: Settings) -> tuple[int, str]:
    """What processing will find wrong with a file: code and words, or 0 and nothing."""
    if settings.meta_processing_failure:
        return settings.meta_processing_failure, "The video could not be processed."
    if media.kind != "video" or media.format not in CODECS:
        return 1363019, "The video file is not supported."
    if purpose == "feed":
        longest = settings.facebook_video_seconds_max
        return (0, "") if media.seconds <= longest else (1363128, f"The video is longer than {longest} seconds.")
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


# Feed videos: one call with a file, an address or the handle of an uploaded file; or the chunked upload


async def upload_video(call: Call) -> Answer:
    params = call.params
    if data := params["source"]:
        media = await call.sandbox.library.add(data)
    elif url := params["file_url"]:
        try:
            media = await call.sandbox.fetch(url)
        except CannotFetch as error:
            raise refuse(389, "(#389) Unable to fetch video file from URL.") from error
    elif handle := params["fbuploader_video_file_chunk"]:
        media = uploaded_file(call, handle)
    else:
        raise refuse(100, "(#100) No video file was submitted.", 1363019)
    if media.size < BYTES_MIN:
        raise refuse(382, "(#382) The video file is too small.")
    await _check_finish(call)
    video = _new_video(call, "feed")
    complete(call.world, video, media)
    await _finish_feed_video(call, call.world.videos[video.id])
    return Answer(body={"id": video.id})


async def start_video(call: Call) -> Answer:
    if call.given.get("file_url"):
        raise refuse(100, "(#100) file_url cannot be combined with upload_phase")
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
    await _check_finish(call)
    await _finish_feed_video(call, video)
    return Answer(body={"success": True})


async def cancel_video(call: Call) -> Answer:
    """Give an upload up."""
    video = _session(call)
    if video.finished_at:
        raise refuse(100, "(#100) The upload session has ended", 1363033)
    call.world.uploads.pop(video.id, None)
    call.world.videos.delete(video.id)
    return Answer(body={"success": True})


def _session(call: Call) -> Video:
    video = call.world.videos.get(call.params["upload_session_id"])
    if video is None or video.page_id != call.node or video.purpose != "feed":
        raise refuse(100, "(#100) The upload session is invalid", 1363033)
    return video


async def _check_finish(call: Call) -> None:
    """Words, audience and time of a feed video, before anything is made of it."""
    check_audience(call)
    at = call.params["scheduled_publish_time"]
    if at is None:
        return
    if call.params["published"]:
        raise refuse(100, "(#100) You cannot specify a scheduled publish time on a published post")
    if not SCHEDULE_AHEAD_SECONDS[0] <= at - call.world.now() <= SCHEDULE_VIDEO_SECONDS:
        raise refuse(100, "(#100) The specified scheduled publish time is invalid.", 1363138)


async def _finish_feed_video(call: Call, video: Video) -> None:
    params, at = call.params, call.params["scheduled_publish_time"]
    state = "SCHEDULED" if at else "PUBLISHED" if params["published"] else "DRAFT"
    if params["thumb"]:
        cover = (await take_picture(call, params["thumb"])).id
        video = replace(video, cover=cover, thumbnails=(cover,))
    video = replace(video, description=params["description"], title=params["title"])
    _finish(call.world, video, state, at or 0.0)


STATES = ("PUBLISHED", "DRAFT", "SCHEDULED")
SCHEDULE = Param("scheduled_publish_time", "time")
WORDS = (Param("description", default=""), Param("title", default=""))
SESSION = Param("upload_session_id", required=True)
FEED_FINISH = (*WORDS, SCHEDULE, Param("published", "flag", default=True), Param("thumb", "file"), *AUDIENCE)


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
        *AUDIENCE,
        PLACE,
    ),
    _post("video_stories.start", "video_stories", "start", start_story),
    _post("video_stories.finish", "video_stories", "finish", finish_story, Param("video_id", required=True)),
    _post(
        "videos",
        "videos",
        "",
        upload_video,
        Param("source", "file"),
        Param("file_url"),
        Param("fbuploader_video_file_chunk"),
        *FEED_FINISH,
    ),
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
    _post("videos.cancel", "videos", "cancel", cancel_video, SESSION),
)
