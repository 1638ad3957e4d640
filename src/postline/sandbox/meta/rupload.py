"""The upload hosts: bytes of Page reels and stories, and of Instagram's resumable containers.

Their errors have an envelope of their own. Source:
https://developers.facebook.com/documentation/video-api/guides/reels-publishing, read 2026-11-24.
"""

import re
from dataclasses import replace
from typing import Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.media import CannotFetch
from postline.sandbox.meta.access import reaches_page, token_problem
from postline.sandbox.meta.errors import refuse_upload, rupload_error, unauthorized_upload
from postline.sandbox.meta.instagram import receive_video
from postline.sandbox.meta.nodes import page_of
from postline.sandbox.meta.videos import complete
from postline.sandbox.records import Media

ADDRESS: Final = re.compile(r"^/(video-upload|ig-api-upload)/(?:v\d+\.\d+/)?(\d+)/?$")


class Rupload:
    network = "meta"

    def __init__(self) -> None:
        self.endpoints: tuple[Endpoint, ...] = (
            Endpoint(
                name="facebook.upload",
                method="POST",
                path="/video-upload/{version}/{video}",
                handler=upload,
                envelope=rupload_error,
            ),
            Endpoint(
                name="instagram.upload",
                method="POST",
                path="/ig-api-upload/{version}/{container}",
                handler=upload,
                envelope=rupload_error,
            ),
        )

    def resolve(self, call: Call) -> Endpoint:
        address = ADDRESS.match(call.path)
        if address is None or call.method != "POST":
            raise refuse_upload("NotFoundError", "Unknown upload address", status=404)
        call.node = address[2]
        return self.endpoints[0] if address[1] == "video-upload" else self.endpoints[1]

    async def run(self, endpoint: Endpoint, call: Call) -> Answer:
        token = call.world.tokens.get(call.bearer("OAuth"))
        table = call.world.videos if endpoint.network == "facebook" else call.world.containers
        known = table.get(call.node) is not None
        if (
            token is None
            or not known
            or token_problem(call, token)
            or not reaches_page(call, token, page_of(call.world, call.node))
        ):
            raise unauthorized_upload()
        call.token = token
        return await endpoint.handler(call)


async def upload(call: Call) -> Answer:
    """Take bytes at an offset, or fetch them from the address in the `file_url` header."""
    world = call.world
    container = world.containers.get(call.node)
    if world.videos[call.node].uploaded_at if container is None else not container.resumable or container.media:
        raise refuse_upload("ParameterValidationError", "The upload is complete already")
    if url := call.headers.get("file_url"):
        try:
            media: Media | None = await call.sandbox.fetch(url)
        except CannotFetch as error:
            raise refuse_upload("ProcessingFailedError", "The file could not be fetched from file_url") from error
    else:
        media = await _take_bytes(call)
    if media is not None:
        if container is None:
            complete(world, world.videos[call.node], media)
        else:
            receive_video(world, call.node, media)
        world.uploads.pop(call.node, None)
    return Answer(body={"success": True, "message": "Upload successful. Media is being processed."})


async def _take_bytes(call: Call) -> Media | None:
    """Add the body at its offset; the whole file once it is complete. A restart from 0 is always allowed."""
    offset, size = _header(call, "offset"), _header(call, "file_size")
    received = call.world.uploads.setdefault(call.node, bytearray())
    if offset == 0:
        received.clear()
    if offset != len(received):
        raise refuse_upload(
            "OffsetInvalidError", f"Request offset {offset} does not match {len(received)}", retriable=True
        )
    if offset + len(call.body) > size:
        raise refuse_upload("ParameterValidationError", "The body is longer than file_size")
    if video := call.world.videos.get(call.node):
        call.world.videos.put(replace(video, size=size))
    received += call.body
    if len(received) < size:
        raise refuse_upload("PartialRequestError", "Partial request (did not match length of file)", retriable=True)
    return await call.sandbox.library.add(bytes(received))


def _header(call: Call, name: str) -> int:
    value = call.headers.get(name, "")
    if not value.isdigit():
        title = name.title().replace("_", "")
        raise refuse_upload(
            "ParameterValidationError", f"HeaderValuePredicate: Header {title} not convertable to unsigned long"
        )
    return int(value)
