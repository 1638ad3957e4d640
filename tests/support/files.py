"""Small real media files."""

import io
import tempfile
from functools import cache
from pathlib import Path

import av
from PIL import Image


@cache
def jpeg(width: int = 640, height: int = 640, colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


@cache
def mp4(width: int = 540, height: int = 960, length_s: int = 4, rate: int = 24) -> bytes:
    """H.264 without sound, moov first."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        with av.open(file.name, "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "40"})
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            frame = av.VideoFrame(width, height, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([90]) * plane.buffer_size)
            for place in range(length_s * rate):
                frame.pts = place
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return Path(file.name).read_bytes()
