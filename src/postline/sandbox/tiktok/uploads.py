"""TikTok's upload host: chunks in order, 206 until the last, then 201 and the post begins.

Source: https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide, read 2026-11-24.
"""

import re
from dataclasses import replace
from typing import Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.records import Publish
from postline.sandbox.tiktok.errors import upload_error
from postline.sandbox.tiktok.posting import commit

RANGE: Final = re.compile(r"^bytes (\d+)-(\d+)/(\d+)$")
CONTENT_TYPES: Final = frozenset({"video/mp4", "video/quicktime", "video/webm"})


async def put_chunk(call: Call) -> Answer:
    world = call.world
    publish = _publish(call)
    if publish is None:
        return upload_error({"status": 404, "message": "No such upload task"})
    if publish.failure or publish.created_at + world.settings.tiktok_upload_seconds <= world.now():
        return upload_error({"status": 403, "message": "The upload_url has expired"})
    if "Content-Length" not in call.headers:
        return upload_error({"status": 400, "message": "Content-Length is missing"})
    stated = RANGE.match(call.headers.get("Content-Range", ""))
    if stated is None or call.headers.get("Content-Type", "") not in CONTENT_TYPES:
        return upload_error({"status": 400, "message": "Content-Range or Content-Type is missing or wrong"})
    first, last, total = (int(part) for part in stated.groups())
    if last - first + 1 != len(call.body) or total != publish.size:
        return upload_error({"status": 400, "message": "Content-Range does not match the body or the video"})
    received = world.uploads.setdefault(publish.id, bytearray())
    if publish.committed_at or first != len(received) or last != _end_of_chunk(publish, first):
        return _progress(publish, len(received), 416)
    received += call.body
    if len(received) < publish.size:
        world.publishes.put(replace(publish, received=len(received)))
        return _progress(publish, len(received), 206)
    media = await call.sandbox.library.add(bytes(received))
    commit(call.sandbox, publish.id, [media])
    world.uploads.pop(publish.id, None)
    return _progress(publish, publish.size, 201)


def _publish(call: Call) -> Publish | None:
    """The publish of an upload address: both its id and its token must be right."""
    number, token = call.query.get("upload_id", ""), call.query.get("upload_token", "")
    for prefix in ("v_pub_file~v2-1.", "v_inbox_file~v2-1."):
        publish = call.world.publishes.get(prefix + number)
        if publish is not None and publish.upload_token == token:
            return publish
    return None


def _end_of_chunk(publish: Publish, first: int) -> int:
    """The last byte of the chunk that begins at `first`, by the plan that init gave."""
    is_last = first // publish.chunk_size >= publish.chunk_count - 1
    return publish.size - 1 if is_last else first + publish.chunk_size - 1


def _progress(publish: Publish, received: int, status: int) -> Answer:
    held = publish.size if publish.committed_at else received
    headers = {"Content-Range": f"bytes 0-{max(held - 1, 0)}/{publish.size}"}
    return Answer(body="", status=status, content_type="text/plain", headers=headers)


ENDPOINTS = (
    Endpoint(name="tiktok.upload", method="PUT", path="/upload/video/", handler=put_chunk, envelope=upload_error),
)
