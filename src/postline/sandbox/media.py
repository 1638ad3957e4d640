"""Media as the networks see it: bytes that arrive or are fetched, what they really are, and a still to show."""

import asyncio
import hashlib
import io
from pathlib import Path
from typing import Final

import aiohttp
import av
import av.error
from PIL import Image, UnidentifiedImageError

from postline.sandbox.records import Media
from postline.sandbox.world import World

IMAGE_TYPES: Final = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "MPO": "image/mpo",
}
STILL_SIDE_PIXELS: Final = 720
FETCH_SECONDS: Final = 60


class CannotFetch(Exception):
    """A URL did not give its bytes: refused, redirected, not 200, or too slow."""


class MediaLibrary:
    """Bytes by their SHA-256, in `folder` or, without one, in memory."""

    def __init__(self, world: World, folder: Path | None = None) -> None:
        self._world = world
        self._folder = folder
        self._bytes: dict[str, bytes] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    async def add(self, data: bytes) -> Media:
        """Keep bytes and tell what they are. The same bytes are looked at once."""
        media_id = hashlib.sha256(data).hexdigest()
        if known := self._world.media.get(media_id):
            return known
        media, still = await asyncio.to_thread(inspect, media_id, data)
        if self._folder is None:
            self._bytes[media_id] = data
            self._bytes[f"{media_id}.still"] = still
        else:
            await asyncio.to_thread(_write, self._folder / media_id, data, still)
        return self._world.media.put(media)

    def read(self, media_id: str, *, still: bool = False) -> bytes | None:
        """The bytes, or a small JPEG that stands for them. None: not known."""
        if self._world.media.get(media_id) is None:
            return None
        name = f"{media_id}.still" if still else media_id
        if self._folder is None:
            return self._bytes.get(name)
        file = self._folder / name
        return file.read_bytes() if file.exists() else None

    def clear(self) -> None:
        """Forget the bytes in memory. Files stay: other runs may have written them."""
        self._bytes.clear()


def _write(file: Path, data: bytes, still: bytes) -> None:
    file.write_bytes(data)
    file.with_name(f"{file.name}.still").write_bytes(still)


async def fetch(session: aiohttp.ClientSession, url: str, *, follow: bool = True) -> bytes:
    """Fetch as the networks do: a plain GET without credentials. Raises CannotFetch."""
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with session.get(url, allow_redirects=follow, timeout=timeout) as response:
            if response.status != 200:
                raise CannotFetch(f"{response.status} from the media's URL")
            return await response.read()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise CannotFetch(type(error).__name__) from error


def inspect(media_id: str, data: bytes) -> tuple[Media, bytes]:
    """What the bytes are, and a still as JPEG (empty if there is nothing to show)."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            name = image.format or ""
            media = Media(
                id=media_id,
                kind="image",
                size=len(data),
                content_type=IMAGE_TYPES.get(name, "application/octet-stream"),
                format=name,
                width=image.width,
                height=image.height,
            )
            return media, _still(image)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        pass
    try:
        return _inspect_video(media_id, data)
    except (av.error.FFmpegError, ValueError, IndexError):
        return Media(id=media_id, kind="unknown", size=len(data), content_type="application/octet-stream"), b""


def _inspect_video(media_id: str, data: bytes) -> tuple[Media, bytes]:
    with av.open(io.BytesIO(data), "r") as container:
        stream = container.streams.video[0]
        seconds = container.duration / av.time_base if container.duration else 0.0
        is_webm = "webm" in container.format.name and data[:4] == b"\x1a\x45\xdf\xa3"
        media = Media(
            id=media_id,
            kind="video",
            size=len(data),
            content_type="video/webm" if is_webm else "video/mp4",
            format=stream.codec_context.name,
            width=stream.width,
            height=stream.height,
            seconds=round(seconds, 3),
            fps=round(float(stream.average_rate or 0), 3),
        )
        frame = next(container.decode(stream), None)
        return media, b"" if frame is None else _still(_picture(frame))


def _picture(frame: av.VideoFrame) -> Image.Image:
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return picture


def _still(image: Image.Image) -> bytes:
    image.draft("RGB", (STILL_SIDE_PIXELS, STILL_SIDE_PIXELS))
    small = image.convert("RGB")
    small.thumbnail((STILL_SIDE_PIXELS, STILL_SIDE_PIXELS))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()
