"""Thumbnails are small, upright and show something."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from postline.media.probe import UnreadableMedia, probe
from postline.media.thumbnails import thumbnail

MakeVideo = Callable[..., Path]
SaveTurned = Callable[[Image.Image, Path, str, int], None]


def made(path: Path, max_side: int = 480) -> Image.Image:
    image = Image.open(io.BytesIO(thumbnail(path, probe(path, path.name), max_side)))
    assert image.format == "JPEG"
    return image.convert("RGB")


def color(image: Image.Image, x: float, y: float) -> str:
    pixel = image.getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(pixel, tuple)
    names = {"red": (254, 0, 0), "lime": (0, 254, 0), "blue": (0, 0, 254), "white": (255, 255, 255), "black": (0, 0, 0)}
    return min(names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], pixel, strict=True)))


def halves(size: tuple[int, int] = (600, 400)) -> Image.Image:
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_a_picture_becomes_a_small_jpeg(kind: str, tmp_path: Path) -> None:
    halves().save(tmp_path / "photo", kind)
    small = made(tmp_path / "photo", max_side=90)
    assert small.size == (90, 60)
    assert (color(small, 0.2, 0.5), color(small, 0.8, 0.5)) == ("red", "blue")


def test_a_small_picture_is_not_enlarged(tmp_path: Path) -> None:
    halves((60, 40)).save(tmp_path / "photo", "PNG")
    assert made(tmp_path / "photo").size == (60, 40)


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_a_turned_picture_stands_upright(kind: str, tmp_path: Path, save_turned: SaveTurned) -> None:
    save_turned(halves(), tmp_path / "photo", kind, 6)  # to be turned a quarter clockwise
    upright = made(tmp_path / "photo", max_side=90)
    assert upright.size == (60, 90)
    assert (color(upright, 0.5, 0.2), color(upright, 0.5, 0.8)) == ("red", "blue")


TRANSPARENT: dict[str, tuple[str, Any, str]] = {
    "RGBA": ("RGBA", (0, 0, 0, 0), "PNG"),
    "grey with alpha": ("LA", (0, 0), "PNG"),
    "WebP": ("RGBA", (0, 0, 0, 0), "WEBP"),
}


@pytest.mark.parametrize(("mode", "nothing", "kind"), TRANSPARENT.values(), ids=TRANSPARENT)
def test_transparency_lies_on_white(mode: str, nothing: Any, kind: str, tmp_path: Path) -> None:
    Image.new(mode, (40, 40), nothing).save(tmp_path / "logo", kind)
    assert color(made(tmp_path / "logo"), 0.5, 0.5) == "white"


def test_a_cmyk_picture_becomes_rgb(tmp_path: Path) -> None:
    halves().convert("CMYK").save(tmp_path / "print.jpg", "JPEG")
    assert color(made(tmp_path / "print.jpg"), 0.2, 0.5) == "red"


def test_a_video_shows_a_frame_at_a_tenth_though_the_seek_lands_before(make_video: MakeVideo) -> None:
    path = make_video(color_at=lambda number: "red" if number < 5 else "lime", frames=60)
    assert color(made(path), 0.2, 0.5) == "lime"


def test_a_dark_opening_is_passed_over(make_video: MakeVideo) -> None:
    path = make_video(color_at=lambda number: "black" if number < 20 else "white", frames=40)
    assert color(made(path), 0.2, 0.5) == "white"


def test_a_video_on_its_side_stands_upright(make_video: MakeVideo, lay_on_side: Callable[[Path], None]) -> None:
    path = make_video()
    lay_on_side(path)
    upright = made(path)
    assert upright.size == (96, 160)
    assert (color(upright, 0.5, 0.2), color(upright, 0.5, 0.8)) == ("red", "blue")


def test_a_video_of_one_frame_has_a_thumbnail(make_video: MakeVideo) -> None:
    assert color(made(make_video(frames=1, audio=None)), 0.2, 0.5) == "red"


def test_a_webm_has_a_thumbnail(make_video: MakeVideo) -> None:
    path = make_video(container="webm", codec="libvpx-vp9", audio=None)
    assert color(made(path), 0.8, 0.5) == "blue"


def test_a_file_damaged_since_it_was_probed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    halves().save(path, "JPEG")
    known = probe(path, "photo.jpg")
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(UnreadableMedia):
        thumbnail(path, known)
