"""The demo brand's two short videos, upright, H.264 and AAC: each frame is put together from ready-made shapes."""

from array import array
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import exp, pi, sin
from pathlib import Path
from typing import Final

import av
from PIL import Image

from postline.demo.drawing import (
    Painter,
    disc,
    ellipse,
    glow,
    gradient,
    line,
    mask,
    polygon,
    rounded,
    write,
    write_spaced,
)
from postline.demo.pictures import BRAND, COFFEE, CREMA, INK, PAPER, TERRACOTTA

SIZE: Final = (720, 1280)
FRAME_RATE: Final = 30
SECONDS: Final = 5
FRAMES: Final = FRAME_RATE * SECONDS
SAMPLE_RATE: Final = 48_000
LOUDNESS: Final = 6_000  # of 32,767
FADE: Final = 0.15  # of the film's length, in which its title appears

FrameAt = Callable[[float], Image.Image]  # from how far the film is (0 to 1) to its picture


def write_sunrise(path: Path) -> None:
    """The reel: the sun rises behind hills while beans drift past."""
    _encode(path, _sunrise(), chord=(220.0, 277.2, 329.6, 440.0))


def write_iced(path: Path) -> None:
    """The clip: a glass fills with milk and then with coffee."""
    _encode(path, _iced(), chord=(261.6, 329.6, 392.0, 523.3))


def _sunrise() -> FrameAt:
    night, day = gradient(SIZE, "#b083a3", "#dd6f52"), gradient(SIZE, "#f9d5a0", "#f08a5d")
    sun = mask((320, 320), disc((160, 160), 158))
    hills = [
        ("#c8503f", mask(SIZE, _ridge(880, 60, 520))),
        ("#86303b", mask(SIZE, _ridge(990, 80, 400))),
        ("#3a1726", mask(SIZE, _ridge(1110, 60, 610))),
    ]
    bean = mask((80, 80), ellipse((16, 4, 64, 76)))
    beans = [(bean.rotate(turn), x, start) for turn, x, start in ((20, 570, 0.05), (75, 625, 0.4), (140, 540, 0.7))]
    title = _title("First light,\nfirst cup.")

    def frame_at(progress: float) -> Image.Image:
        risen = 1 - (1 - progress) ** 2
        frame = Image.blend(night, day, risen)
        frame.paste("#fff3d6", (200, round(940 - 440 * risen)), sun)
        for shape, x, start in beans:
            frame.paste(COFFEE, (x, round((start + progress * 0.9) % 1 * 1400) - 100), shape)
        for color, hill in hills:
            frame.paste(color, (0, 0), hill)
        frame.paste(INK, (0, 0), _faded(title, progress))
        return frame

    return frame_at


def _iced() -> FrameAt:
    table = gradient(SIZE, "#bfe0d6", "#3f8f86")
    glow(table, (360, 700), 620, "#ffffff", 0.6)
    inside, bottom = (200, 460, 520, 1100), 1100
    glass = mask(SIZE, rounded((184, 420, 536, 1116), 44))
    hollow = mask(SIZE, rounded(inside, 34))
    shine = mask(SIZE, rounded((222, 480, 244, 1060), 11)).point(lambda value: value // 3)
    table.paste("#e9f6f1", (0, 0), glass)
    table.paste(TERRACOTTA, (0, 0), mask(SIZE, line((330, 1040), (508, 384), width=22)))
    cube = mask((88, 88), rounded((4, 4, 84, 84), 18)).point(lambda value: value * 3 // 4)
    cubes = [
        (cube.rotate(turn, expand=True), x, lag) for turn, x, lag in ((12, 206, 0.0), (-20, 303, 1.9), (33, 394, 4.1))
    ]
    title = _title("Iced, in\ntwo layers.")

    def frame_at(progress: float) -> Image.Image:
        milk = bottom - round(270 * min(1.0, progress / 0.4))
        coffee = milk - round(300 * max(0.0, min(1.0, (progress - 0.4) / 0.45)))
        drink = table.copy()
        drink.paste(PAPER, (200, milk, 520, bottom))
        if coffee < milk:
            drink.paste(COFFEE, (200, coffee, 520, milk))
            drink.paste(CREMA, (200, coffee, 520, coffee + 14))
        for shape, x, lag in cubes:
            sway = round(9 * sin(progress * 4 * pi + lag))
            drink.paste("#cfe8ee", (x, min(coffee, bottom - 130) - 24 + sway), shape)
        frame = Image.composite(drink, table, hollow)
        frame.paste("#ffffff", (0, 0), shine)
        frame.paste(INK, (0, 0), _faded(title, progress))
        return frame

    return frame_at


def _ridge(base: float, height: float, width: float) -> Painter:
    ridge = [(x, base + height * sin(x / width * 2 * pi + base)) for x in range(0, SIZE[0] + 1, 8)]
    return polygon(*ridge, (SIZE[0], SIZE[1]), (0, SIZE[1]))


def _title(text: str) -> Image.Image:
    """The title's shape, as a mask."""
    canvas = Image.new("RGB", SIZE, "black")
    write(canvas, (60, 150), text, 96, "white")
    write_spaced(canvas, (164, 112), BRAND, 20, "white")
    return canvas.getchannel("R")


def _faded(title: Image.Image, progress: float) -> Image.Image:
    shown = min(1.0, progress / FADE)
    return title if shown == 1 else title.point(lambda value: round(value * shown))


def _encode(path: Path, frame_at: FrameAt, chord: tuple[float, ...]) -> None:
    """Faststart puts the index first, so that the video plays while it loads."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        video = out.add_stream("libx264", rate=FRAME_RATE, options={"preset": "ultrafast", "crf": "27"})
        video.width, video.height = SIZE
        video.pix_fmt = "yuv420p"
        audio = out.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        sound = _arpeggio(chord)
        for number in range(FRAMES):
            picture = frame_at(number / (FRAMES - 1))
            out.mux(video.encode(av.VideoFrame.from_image(picture)))  # type: ignore[no-untyped-call]
            out.mux(audio.encode(next(sound)))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))


def _arpeggio(chord: tuple[float, ...]) -> Iterator[av.AudioFrame]:
    """The chord's notes one by one, softly struck, one second each and the first again: a frame of sound a picture."""
    per_frame = SAMPLE_RATE // FRAME_RATE
    for number in range(FRAMES):
        second, part = divmod(number, FRAME_RATE)
        pitch = chord[second % len(chord)] * 2 * pi / SAMPLE_RATE
        first = part * per_frame
        samples = array(
            "h",
            (
                round(
                    LOUDNESS
                    * min(1.0, at / 960)
                    * exp(-3 * at / SAMPLE_RATE)
                    * (sin(pitch * at) + sin(2 * pitch * at) / 4)
                )
                for at in range(first, first + per_frame)
            ),
        )
        frame = av.AudioFrame(format="s16", layout="mono", samples=per_frame)
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, number * per_frame, Fraction(1, SAMPLE_RATE)
        frame.planes[0].update(samples.tobytes())
        yield frame
