"""Real files, made for each test."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image

ColorAt = Callable[[int], str]
MakeVideo = Callable[..., Path]
SaveTurned = Callable[[Image.Image, Path, str, int], None]


@pytest.fixture
def save_turned() -> SaveTurned:
    """Save a picture with an EXIF orientation. HEIC turns by a property of its own, as iPhones write it."""

    def save(image: Image.Image, path: Path, kind: str, orientation: int) -> None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.info["exif"] = exif.tobytes()
        image.save(path, kind, **({} if kind == "HEIF" else {"exif": exif}))

    return save


@pytest.fixture
def make_video(tmp_path: Path) -> MakeVideo:
    """Write a video whose left half has the colour of its frame and whose right half is blue."""

    def make(
        name: str = "video.mp4",
        *,
        container: str = "mp4",
        codec: str = "libx264",
        audio: str | None = "aac",
        color_at: ColorAt = lambda number: "red",
        frames: int = 30,
        faststart: bool = False,
        title: str = "",
    ) -> Path:
        path = tmp_path / name
        options = {"movflags": "+faststart"} if faststart else {}
        with av.open(str(path), "w", format=container, options=options) as out:
            out.metadata["title"] = title
            video = out.add_stream(codec, rate=30, options={"g": "250"})  # one keyframe: a seek lands on frame 0
            assert isinstance(video, VideoStream)
            video.width, video.height, video.pix_fmt = 160, 96, "yuv420p"
            sound = out.add_stream(audio, rate=48_000, layout="mono") if audio else None
            for number in range(frames):
                image = Image.new("RGB", (160, 96), color_at(number))
                image.paste("blue", (80, 0, 160, 96))
                out.mux(video.encode(av.VideoFrame.from_image(image)))  # type: ignore[no-untyped-call]
                if isinstance(sound, AudioStream):
                    silence = av.AudioFrame(format="s16", layout="mono", samples=1600)
                    silence.planes[0].update(bytes(3200))
                    silence.sample_rate, silence.pts, silence.time_base = 48_000, number * 1600, Fraction(1, 48_000)
                    out.mux(sound.encode(silence))
            out.mux(video.encode(None))
            if isinstance(sound, AudioStream):
                out.mux(sound.encode(None))
        return path

    return make


@pytest.fixture
def make_sound(tmp_path: Path) -> Callable[[], Path]:
    def make() -> Path:
        path = tmp_path / "sound.m4a"
        with av.open(str(path), "w", format="mp4") as out:
            stream = out.add_stream("aac", rate=48_000, layout="mono")
            silence = av.AudioFrame(format="s16", layout="mono", samples=1024)
            silence.planes[0].update(bytes(2048))
            silence.sample_rate = 48_000
            out.mux(stream.encode(silence))
            out.mux(stream.encode(None))
        return path

    return make


@pytest.fixture
def lay_on_side() -> Callable[[Path], None]:
    """Write a quarter turn clockwise into an MP4's track header, as phones do (ISO/IEC 14496-12, 8.3.2)."""

    def turn(path: Path) -> None:
        data = bytearray(path.read_bytes())
        matrix_at = data.index(b"tkhd") + 44
        one, minus_one, w = (value.to_bytes(4, "big", signed=True) for value in (1 << 16, -(1 << 16), 1 << 30))
        zero = bytes(4)
        data[matrix_at : matrix_at + 36] = b"".join((zero, one, zero, minus_one, zero, zero, zero, zero, w))
        path.write_bytes(data)

    return turn
