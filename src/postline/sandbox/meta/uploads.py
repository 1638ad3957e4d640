"""The Resumable Upload API: a file goes up in its own session, whose handle a Page's video is then made of.

Source: https://developers.facebook.com/docs/graph-api/guides/upload, read 2026-11-24.
"""

import secrets
from dataclasses import replace
from typing import Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.meta.errors import graph_error, missing_object, refuse
from postline.sandbox.params import Param
from postline.sandbox.records import FileUpload, Media
from postline.sandbox.settings import DAY

PREFIX: Final = "upload:"
SIZE_MAX: Final = 2**34
TYPES: Final = ("application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4")


async def start_upload(call: Call) -> Answer:
    """Open a session, with a signature in its id that must come along with it."""
    token = call.caller
    if token.kind != "user":
        raise refuse(200, "(#200) Uploads to an app require a user access token", status=403)
    upload = call.world.file_uploads.put(
        FileUpload(
            id=f"{PREFIX}{secrets.token_urlsafe(24)}",
            person_id=token.person_id,
            size=call.params["file_length"],
            created_at=call.world.now(),
        )
    )
    return Answer(body={"id": _name(upload)})


def _name(upload: FileUpload) -> str:
    return f"{upload.id}?sig=AR{upload.id[-8:]}"


async def send_file(call: Call) -> Answer:
    """Take bytes at an offset; the handle once all are here."""
    upload, world = _session(call), call.world
    offset = call.headers.get("file_offset", "")
    received = world.uploads.setdefault(upload.id, bytearray())
    if upload.media or not offset.isdigit() or int(offset) != len(received):
        raise refuse(100, f"(#100) Header file_offset must be {upload.size if upload.media else len(received)}")
    if len(received) + len(call.body) > upload.size:
        raise refuse(100, "(#100) The body is longer than file_length")
    received += call.body
    if len(received) < upload.size:
        raise refuse(6001, "There was a problem uploading your video file.", 1363037)
    media = await call.sandbox.library.add(bytes(received))
    del world.uploads[upload.id]
    handle = f"2:{secrets.token_urlsafe(32)}"
    world.file_uploads.put(replace(upload, media=media.id, handle=handle))
    return Answer(body={"h": handle})


async def told_offset(call: Call) -> Answer:
    upload = _session(call)
    received = upload.size if upload.media else len(call.world.uploads.get(upload.id, b""))
    return Answer(body={"id": _name(upload), "file_offset": received})


def _session(call: Call) -> FileUpload:
    upload = call.world.file_uploads[call.node]
    is_theirs = call.caller.person_id == upload.person_id and call.caller.kind == "user"
    if not is_theirs or f"{upload.id}?sig={call.given.get('sig', '')}" != _name(upload) or _is_over(call, upload):
        raise missing_object(call.node, call.method.lower())
    return upload


def _is_over(call: Call, upload: FileUpload) -> bool:
    return upload.created_at + DAY <= call.world.now()


def uploaded_file(call: Call, handle: str) -> Media:
    """The file that a handle stands for. Raises Refusal (6000) if there is none."""
    for upload in call.world.file_uploads:
        if upload.handle == handle and upload.person_id == call.caller.person_id and not _is_over(call, upload):
            return call.world.media[upload.media]
    raise refuse(6000, "There was a problem uploading your video file. Please try again with another file.")


ENDPOINTS = (
    Endpoint(
        name="meta.uploads.start",
        method="POST",
        path="/{app}/uploads",
        handler=start_upload,
        envelope=graph_error,
        params=(
            Param("file_name"),
            Param("file_length", "int", required=True, low=1, high=SIZE_MAX),
            Param("file_type", required=True, choices=TYPES),
        ),
    ),
    Endpoint(name="meta.uploads.send", method="POST", path="/{upload}", handler=send_file, envelope=graph_error),
    Endpoint(name="meta.uploads.offset", method="GET", path="/{upload}", handler=told_offset, envelope=graph_error),
)
