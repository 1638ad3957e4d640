"""A file is what its bytes say, and a broken one is refused with words that help."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from postline.core.words import MediaKind
from postline.media.probe import UnreadableMedia, probe

MakeVideo = Callable[..., Path]
SaveTurned = Callable[[Image.Image, Path, str, int], None]

IMAGES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}


def picture(path: Path, kind: str = "JPEG") -> Path:
    Image.effect_noise((120, 80), 60).convert("RGB").save(path, kind)
    return path


def refusal(path: Path, name: str) -> str:
    with pytest.raises(UnreadableMedia) as caught:
        probe(path, name)
    return str(caught.value)


@pytest.mark.parametrize("kind", IMAGES)
def test_a_picture_is_known_by_its_bytes_whatever_its_name(kind: str, tmp_path: Path) -> None:
    found = probe(picture(tmp_path / "misnamed.mp4", kind), "misnamed.mp4")
    assert (found.kind, found.content_type) == (MediaKind.IMAGE, IMAGES[kind])
    assert (found.width, found.height) == (120, 80)
    assert found.duration_ms is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_measures_are_those_of_the_upright_picture(
    kind: str, orientation: int, tmp_path: Path, save_turned: SaveTurned
) -> None:
    save_turned(Image.new("RGB", (120, 80), "red"), tmp_path / "photo", kind, orientation)
    found = probe(tmp_path / "photo", "photo")
    assert (found.width, found.height) == ((80, 120) if orientation >= 5 else (120, 80))


@pytest.mark.parametrize("kind", IMAGES)
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_cut_picture_is_refused(kind: str, share: float, tmp_path: Path) -> None:
    path = picture(tmp_path / "photo", kind)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert refusal(path, "photo.x").startswith("“photo.x” is damaged: the ")


def test_a_cut_jpeg_is_told_to_end_early(tmp_path: Path) -> None:
    path = picture(tmp_path / "photo")
    path.write_bytes(path.read_bytes()[:-400])
    expected = "“photo.jpg” is damaged: the JPEG ends early. Export it again and upload the new file."
    assert refusal(path, "photo.jpg") == expected


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert "is empty (0 bytes)" in refusal(tmp_path / "empty", "empty.jpg")


STRANGE = {
    "text": b"hello, this is not a picture at all",
    "one byte": b"\xff",
    "PDF": b"%PDF-1.7\n",
    "HLS playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
    "AVI": b"RIFF\x00\x10\x00\x00AVI LIST",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "Matroska": b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska",
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE)
def test_other_kinds_are_refused_and_the_usable_ones_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)
    text = refusal(tmp_path / "file", "file.jpg")
    assert "JPEG" in text
    assert "Convert" in text


HEADERS = {
    "JPEG": b"\xff\xd8\xff\xe0" + bytes(200),
    "PNG": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "WebP": b"RIFF\x00\x10\x00\x00WEBPVP8 " + bytes(200),
    "GIF": b"GIF89a" + bytes(3),
    "HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200),
    "AVIF": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + bytes(200),
    "MP4": b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42" + b"\x00\x00\x00\x08moov\x00\x00\x00\x08mdat",
    "WebM": b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x80",
    "WebM without length": b"\x1a\x45\xdf\xa3webm",
}


@pytest.mark.parametrize("data", HEADERS.values(), ids=HEADERS)
def test_a_header_without_a_body_is_damaged(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)
    assert "is damaged" in refusal(tmp_path / "file", "file")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("limit", [9_000, 4_000], ids=["just over", "far over"])
def test_a_picture_too_large_to_decode_is_refused(limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = picture(tmp_path / "huge.png", "PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    assert "Make it smaller" in refusal(path, "huge.png")


VIDEOS: dict[str, tuple[dict[str, Any], str, str, str | None]] = {  # how it is made, type, codec, sound
    "MP4": ({}, "video/mp4", "h264", "aac"),
    "MP4 with HEVC": ({"codec": "libx265"}, "video/mp4", "hevc", "aac"),
    "MOV": ({"container": "mov"}, "video/quicktime", "h264", "aac"),
    "WebM": ({"container": "webm", "codec": "libvpx-vp9", "audio": "libopus"}, "video/webm", "vp9", "opus"),
    "silent MP4": ({"audio": None}, "video/mp4", "h264", None),
}


@pytest.mark.parametrize(("options", "content_type", "codec", "sound"), VIDEOS.values(), ids=VIDEOS)
def test_a_video_is_known_by_its_bytes(
    options: dict[str, Any], content_type: str, codec: str, sound: str | None, make_video: MakeVideo
) -> None:
    found = probe(make_video("misnamed.jpg", **options), "misnamed.jpg")
    assert (found.kind, found.content_type) == (MediaKind.VIDEO, content_type)
    assert (found.video_codec, found.audio_codec) == (codec, sound)
    assert (found.width, found.height) == (160, 96)
    assert found.frame_rate == pytest.approx(30, abs=0.1)
    assert found.duration_ms == pytest.approx(1000, abs=60)


def test_the_place_of_the_index_is_told(make_video: MakeVideo) -> None:
    assert probe(make_video("a.mp4", faststart=True), "a.mp4").moov_first is True
    assert probe(make_video("b.mp4"), "b.mp4").moov_first is False
    webm = make_video("c.webm", container="webm", codec="libvpx-vp9", audio=None)
    assert probe(webm, "c.webm").moov_first is None


def test_a_video_on_its_side_is_measured_upright(make_video: MakeVideo, lay_on_side: Callable[[Path], None]) -> None:
    path = make_video()
    lay_on_side(path)
    found = probe(path, "phone.mp4")
    assert (found.width, found.height) == (96, 160)


CUT = {
    "index last": {},
    "index first": {"faststart": True},
    "WebM": {"container": "webm", "codec": "libvpx-vp9", "audio": None},
}


@pytest.mark.parametrize("options", CUT.values(), ids=CUT)
def test_a_cut_video_ends_early(options: dict[str, Any], make_video: MakeVideo) -> None:
    path = make_video(**options)
    path.write_bytes(path.read_bytes()[:-200])
    assert "ends early" in refusal(path, "film.mp4")


def test_what_follows_the_last_box_does_no_harm(make_video: MakeVideo) -> None:
    path = make_video()
    path.write_bytes(path.read_bytes() + b"\x7f" * 40)
    assert probe(path, "film.mp4").video_codec == "h264"


def test_a_title_in_an_old_encoding_does_no_harm(make_video: MakeVideo) -> None:
    path = make_video(title="a title")
    path.write_bytes(path.read_bytes().replace(b"a title", b"\xe9 title"))  # "é" as Latin-1
    assert probe(path, "film.mp4").video_codec == "h264"


def test_sound_alone_is_refused(make_sound: Callable[[], Path]) -> None:
    assert "only sound" in refusal(make_sound(), "song.m4a")
