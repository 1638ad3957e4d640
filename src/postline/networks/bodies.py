"""Request bodies that carry media: streamed from its source, of known length, never held whole in memory."""

import random
from collections.abc import AsyncIterator, Mapping

from postline.core.content import MediaItem
from postline.networks.base import MediaSource
from postline.networks.http import Body


def file_body(
    media: MediaSource, item: MediaItem, start: int = 0, end: int | None = None, content_type: str = ""
) -> Body:
    """The bytes of a file from `start` up to and without `end`, raw."""
    stop = item.size_bytes if end is None else end
    return Body(
        content=media.read(item.asset_id, start, stop),
        size_bytes=stop - start,
        content_type=content_type or item.content_type,
    )


def form_with_file(fields: Mapping[str, str], name: str, file: Body) -> Body:
    """multipart/form-data with text fields and one file.

    Source: https://www.rfc-editor.org/rfc/rfc7578
    """
    boundary = f"postline-{random.getrandbits(128):032x}"
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n'
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{value}\r\n"
        for field, value in fields.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="media"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n"
    )
    before, after = head.encode(), f"\r\n--{boundary}--\r\n".encode()

    async def content() -> AsyncIterator[bytes]:
        yield before
        async for piece in file.content:
            yield piece
        yield after

    return Body(
        content=content(),
        size_bytes=len(before) + file.size_bytes + len(after),
        content_type=f"multipart/form-data; boundary={boundary}",
    )
