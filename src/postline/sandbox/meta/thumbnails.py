"""Pictures that stand for a Page's video: its own first frame, and those sent, one of which may be preferred.

Source: https://developers.facebook.com/docs/graph-api/reference/video/thumbnails, read 2026-11-24.
"""

from dataclasses import replace
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.meta.fields import paged
from postline.sandbox.params import Param
from postline.sandbox.records import Media

FORMATS: Final = frozenset({"JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "MPO"})
BYTES_MAX: Final = 10_000_000


async def take_picture(call: Call, data: bytes) -> Media:
    """A picture as it was sent. Raises Refusal (100) if it is none, or too large."""
    media = await call.sandbox.library.add(data)
    if media.kind != "image" or media.format not in FORMATS or media.size > BYTES_MAX:
        raise refuse(100, "(#100) The thumbnail must be a picture of at most 10 MB", 2069019)
    return media


async def add_thumbnail(call: Call) -> Answer:
    """Keep a picture; a preferred one becomes the cover, of the published post too."""
    world = call.world
    picture = await take_picture(call, call.params["source"])
    video = world.videos[call.node]
    cover = picture.id if call.params["is_preferred"] else video.cover
    kept = tuple(dict.fromkeys((*video.thumbnails, picture.id)))
    world.videos.put(replace(video, thumbnails=kept, cover=cover))
    if post := world.posts.get(video.post_id):
        world.posts.put(replace(post, cover=cover))
    return Answer(body={"success": True})


async def thumbnails(call: Call) -> Answer:
    video = call.world.videos[call.node]
    media = [call.world.media[each] for each in (video.media, *video.thumbnails) if each]
    preferred = video.cover or video.media

    def row(place: int) -> dict[str, Any]:
        shown = media[place]
        return {
            "id": f"{video.id}{place}",
            "height": shown.height,
            "width": shown.width,
            "scale": 1,
            "uri": f"{call.base_url}/sandbox/still/{shown.id}.jpg",
            "is_preferred": shown.id == preferred,
        }

    return Answer(body=paged(call, range(len(media)), row))


ENDPOINTS = (
    Endpoint(
        name="facebook.thumbnails.create",
        method="POST",
        path="/{video}/thumbnails",
        handler=add_thumbnail,
        envelope=graph_error,
        params=(Param("source", "file", required=True), Param("is_preferred", "flag", default=False)),
        scopes=("pages_read_engagement", "pages_manage_posts"),
    ),
    Endpoint(
        name="facebook.thumbnails",
        method="GET",
        path="/{video}/thumbnails",
        handler=thumbnails,
        envelope=graph_error,
        scopes=("pages_read_engagement",),
    ),
)
