"""Small real media files."""

import io
from functools import cache

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
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "40"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        frame = av.VideoFrame.from_image(Image.new("RGB", (width, height), "navy"))
        for place in range(length_s * rate):
            frame.pts = place
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()
