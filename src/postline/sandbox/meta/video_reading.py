"""A Page's videos read back: one with its status, in the words of Meta's specification or of its guide, and lists.

Source: https://developers.facebook.com/documentation/video-api/guides/reels-publishing, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.growth import number
from postline.sandbox.meta.accounts import place_of
from postline.sandbox.meta.errors import graph_error
from postline.sandbox.meta.fields import Maker, graph_time, paged, parse_fields, select
from postline.sandbox.params import Param
from postline.sandbox.records import Video
from postline.sandbox.world import World

READ: Final = ("pages_read_engagement",)
SPELLINGS: Final[Mapping[bool, tuple[str, str]]] = {
    False: ("complete", "bytes_transferred"),
    True: ("completed", "bytes_transfered"),
}
"""The words of the specification, and those of the guide."""

FIELDS: Final = Param("fields", default="id,description,updated_time")


async def video(call: Call) -> Answer:
    found = call.world.videos[call.node]
    return Answer(body=select("Video", video_fields(call, found), parse_fields(call.params["fields"]), found.id))


def video_fields(call: Call, video: Video) -> Mapping[str, Maker]:
    world = call.world
    media = world.media.get(video.media)
    post = world.posts.get(video.post_id)
    picture = video.cover or video.media
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
        "picture": lambda _: f"{call.base_url}/sandbox/still/{picture}.jpg" if picture else None,
        "place": lambda _: place_of(world, video.place),
        "views": lambda _: number("views", post.id, world.counted_age(post)) if post else 0,
        "post_views": lambda _: number("views", post.id, world.counted_age(post)) if post else 0,
    }


def status(world: World, video: Video) -> dict[str, Any]:
    """The three phases, as they follow from the video's times."""
    received = video.size if video.uploaded_at else len(world.uploads.get(video.id, b""))
    uploading: dict[str, Any] = {"status": "not_started"}
    processing: dict[str, Any] = {"status": "not_started"}
    publishing: dict[str, Any] = {"status": "not_started"}
    now, overall = world.now(), "uploading"
    processed_at = video.uploaded_at + world.settings.video_seconds
    complete, transferred = SPELLINGS[world.settings.meta_guide_spelling]
    if received:
        state = complete if video.uploaded_at else "in_progress"
        uploading = {"status": state, transferred: received, "source_file_size": video.size}
    if video.uploaded_at:
        overall = "ready" if now >= processed_at else "processing"
        processing = {"status": complete if now >= processed_at else "in_progress"}
        if now >= processed_at and video.failure:
            overall = "error"
            processing = {"status": "error", **_problem(world, video)}
    if video.finished_at and overall != "error":
        live = now >= video.publish_at and video.state != "DRAFT"
        word = {"DRAFT": "draft", "SCHEDULED": "scheduled"}.get(video.state, "not_published")
        publishing = {
            "status": complete if live else "not_started",
            "publish_status": "published" if live else word,
            "publish_time": int(video.publish_at),
        }
    return {
        "video_status": overall,
        "processing_progress": 100 if overall == "ready" else 0,
        "uploading_phase": uploading,
        "processing_phase": processing,
        "publishing_phase": publishing,
        "copyright_check_status": {"status": complete if overall == "ready" else "in_progress"},
    }


def _problem(world: World, video: Video) -> dict[str, Any]:
    if world.settings.meta_guide_spelling:
        return {"error": {"message": video.failure}}
    return {"errors": [{"code": video.failure_code, "message": video.failure}]}


async def list_videos(call: Call) -> Answer:
    purposes = ("reel",) if call.path.rstrip("/").endswith("video_reels") else ("reel", "feed")
    since, until = call.params["since"] or 0.0, call.params["until"] or float("inf")
    rows = [
        row
        for row in call.world.videos
        if row.page_id == call.node and row.purpose in purposes and row.finished_at
        if since <= row.created_at <= until and call.params.get("type") != "TAGGED"
    ]
    rows.sort(key=lambda row: row.created_at, reverse=True)
    wanted = parse_fields(call.params["fields"])
    return Answer(body=paged(call, rows, lambda row: select("Video", video_fields(call, row), wanted, row.id)))


ENDPOINTS = (
    Endpoint(
        name="facebook.video",
        method="GET",
        path="/{video}",
        handler=video,
        envelope=graph_error,
        params=(FIELDS,),
        scopes=READ,
    ),
    *(
        Endpoint(
            name=f"facebook.{edge}.list",
            method="GET",
            path=f"/{{page}}/{edge}",
            handler=list_videos,
            envelope=graph_error,
            params=(FIELDS, Param("since", "time"), Param("until", "time"), *more),
            scopes=READ,
        )
        for edge, more in (
            ("videos", (Param("type", choices=("UPLOADED", "TAGGED"), default="UPLOADED"),)),
            ("video_reels", ()),
        )
    ),
)
