"""A small real video."""

import tempfile
from functools import cache
from pathlib import Path

import av
from PIL import Image


@cache
def mp4(width: int = 540, height: int = 960, length_s: int = 4, rate: int = 24) -> bytes:
    """H.264 without sound, the index first; through a file, as moving the index reads the file again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "40"})
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            image = Image.new("RGB", (width, height), "navy")
            for place in range(length_s * rate):
                frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]  # its package is typed in part
                frame.pts = place
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path.read_bytes()
