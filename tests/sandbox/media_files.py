"""Small real media for tests, made once a process."""

import io
from functools import cache
from typing import Any, cast

import av
from PIL import Image


@cache
def picture(width: int = 1_080, height: int = 1_080, kind: str = "JPEG", shade: int = 90) -> bytes:
    """An image file of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 120, 140)).save(out, kind)
    return out.getvalue()


@cache
def clip(
    seconds: float = 3,
    width: int = 540,
    height: int = 960,
    fps: int = 24,
    codec: str = "libx264",
    container: str = "mp4",
) -> bytes:
    """A video file (default: MP4 with H.264, 540x960, 3 s) whose picture changes a little."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = cast(av.VideoStream, file.add_stream(codec, rate=fps))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "crf": "40"}
        for index in range(int(seconds * fps)):
            image = Image.new("RGB", (width, height), (index % 200, 80, 120))
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            frame.pts = index
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return out.getvalue()


# What the sandbox reads out of a video that every network takes.
VIDEO_FACTS: dict[str, Any] = {
    "id": "1",
    "kind": "video",
    "size": 5_000_000,
    "content_type": "video/mp4",
    "format": "h264",
    "width": 1_080,
    "height": 1_920,
    "seconds": 30.0,
    "fps": 30.0,
    "container": "mp4",
    "audio": "aac",
}
