"""A small JPEG of an image or a video, for lists and the calendar.

Blocks for as long as decoding takes: call it in a thread.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

import av
from av.video.frame import VideoFrame
from PIL import Image, ImageOps, ImageStat

from postline.core.words import MediaKind
from postline.media.probe import READABLE, FileType, Probe, UnreadableMedia, open_video, type_of

QUALITY: Final = 85
BACKGROUND: Final = (255, 255, 255)
WHERE: Final = 0.1  # of a video's length: past most fades and title cards
DARK: Final = 24  # mean brightness, of 255, below which a frame passes for black
FRAMES_TO_TRY: Final = 120  # from `WHERE` on


def thumbnail(path: Path, probe: Probe, max_side: int = 480) -> bytes:
    """A JPEG whose longer side is at most `max_side` pixels, upright, transparency on white.

    Raises UnreadableMedia if the file cannot be decoded.
    """
    found = type_of(path)
    if found is None:
        raise UnreadableMedia(f"This file is of a kind that cannot be used: {READABLE}. Convert it to one of these.")
    try:
        if found.kind is MediaKind.IMAGE:
            image = _of_image(path, found, max_side)
        else:
            image = _of_video(path, found, probe, max_side)
    except (OSError, ValueError, SyntaxError, av.FFmpegError) as error:
        raise UnreadableMedia(
            "No thumbnail can be made of this file. Export it again and upload the new file."
        ) from error
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, icc_profile=image.info.get("icc_profile"))
    return out.getvalue()


def _of_image(path: Path, found: FileType, max_side: int) -> Image.Image:
    with Image.open(path, formats=[found.reader]) as image:
        image.draft("RGB", (max_side * 2, max_side * 2))  # a JPEG decoded at a fraction of its size
        profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
        upright = ImageOps.exif_transpose(image)
    flat = _flatten(upright)
    flat.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    flat.info = {"icc_profile": profile}
    return flat


def _flatten(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    flat = Image.new("RGB", layer.size, BACKGROUND)
    flat.paste(layer, mask=layer.getchannel("A"))
    return flat


def _of_video(path: Path, found: FileType, probe: Probe, max_side: int) -> Image.Image:
    fallback = None
    for frame in islice(_frames_from(path, found, (probe.duration_ms or 0) * WHERE / 1000), FRAMES_TO_TRY):
        image = _small(frame, max_side)
        if ImageStat.Stat(image.convert("L")).mean[0] >= DARK:
            return image
        fallback = fallback or image
    if fallback is None:
        raise UnreadableMedia("This video has no frame that can be decoded. Export it again and upload the new file.")
    return fallback


def _frames_from(path: Path, found: FileType, seconds: float) -> Iterator[VideoFrame]:
    """Frames at or after `seconds`. A seek lands on the keyframe before, so what lies between is decoded and skipped.

    The last frame comes even if it is earlier: some files say that they are longer than they are.
    """
    with open_video(path, found.reader) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        with suppress(av.FFmpegError):  # a file without an index is read from its start
            container.seek(int(seconds * av.time_base))
        frame, yielded = None, False
        for frame in container.decode(stream):
            if (frame.time or 0.0) >= seconds:
                yielded = True
                yield frame
        if frame is not None and not yielded:
            yield frame


def _small(frame: VideoFrame, max_side: int) -> Image.Image:
    scale = min(1.0, max_side / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    image: Image.Image = frame.to_image(width=width, height=height)  # type: ignore[no-untyped-call]
    return image.rotate(frame.rotation, expand=True)  # both count degrees counterclockwise
