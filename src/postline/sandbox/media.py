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
VIDEO_TYPES: Final = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "matroska": "video/x-matroska",
}
HEAD_BYTES: Final = 64
STILL_SIDE_PIXELS: Final = 720
FETCH_SECONDS: Final = 60


class CannotFetch(Exception):
    """A URL did not give its bytes: refused, redirected, not 200, or too slow. `may_pass`: another try may get them."""

    def __init__(self, message: str, *, may_pass: bool = False) -> None:
        super().__init__(message)
        self.may_pass = may_pass


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

    async def frame(self, media_id: str, at_ms: int) -> bytes | None:
        """The frame of a video at a time as a small JPEG; its first one if it is shorter. None: not known."""
        data = self.read(media_id)
        if data is None:
            return None
        return await asyncio.to_thread(_frame, data, at_ms / 1_000) or self.read(media_id, still=True)

    def clear(self) -> None:
        """Forget the bytes in memory. Files stay: other runs may have written them."""
        self._bytes.clear()


def _write(file: Path, data: bytes, still: bytes) -> None:
    file.write_bytes(data)
    file.with_name(f"{file.name}.still").write_bytes(still)


async def fetch(
    session: aiohttp.ClientSession, url: str, *, follow: bool = True, within_seconds: float = FETCH_SECONDS
) -> bytes:
    """Fetch as the networks do: a plain GET without credentials. Raises CannotFetch."""
    timeout = aiohttp.ClientTimeout(total=within_seconds)
    try:
        async with session.get(url, allow_redirects=follow, timeout=timeout) as response:
            if response.status != 200:
                raise CannotFetch(f"{response.status} from the media's URL", may_pass=response.status >= 500)
            return await response.read()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise CannotFetch(type(error).__name__, may_pass=not isinstance(error, ValueError)) from error


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
        name = container_name(container.format.name, data)
        sound = container.streams.audio
        media = Media(
            id=media_id,
            kind="video",
            size=len(data),
            content_type=VIDEO_TYPES.get(name, "application/octet-stream"),
            format=stream.codec_context.name,
            width=stream.width,
            height=stream.height,
            seconds=round(seconds, 3),
            fps=round(float(stream.average_rate or 0), 3),
            container=name,
            audio=sound[0].codec_context.name if sound else "",
            bit_rate=container.bit_rate or 0,
        )
        frame = next(container.decode(stream), None)
        return media, b"" if frame is None else _still(_picture(frame))


def container_name(demuxer: str, data: bytes) -> str:
    """mp4, mov, webm, or the first word of FFmpeg's demuxer: several containers share one, and tell apart by a brand.

    A QuickTime file has the brand `qt  ` or none at all; a WebM file has the DocType `webm`.
    """
    if "mp4" in demuxer:
        return "mp4" if data[4:8] == b"ftyp" and data[8:12] != b"qt  " else "mov"
    if "webm" in demuxer:
        return "webm" if b"webm" in data[:HEAD_BYTES] else "matroska"
    return demuxer.partition(",")[0]


def _frame(data: bytes, at_seconds: float) -> bytes:
    """Empty if the video has no such frame."""
    try:
        with av.open(io.BytesIO(data), "r") as container:
            container.seek(int(at_seconds * av.time_base))
            for frame in container.decode(video=0):
                if frame.time >= at_seconds:
                    return _still(_picture(frame))
    except (av.error.FFmpegError, ValueError, IndexError):
        pass
    return b""


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
