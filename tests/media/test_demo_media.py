"""The demo's media fit what it publishes."""

from pathlib import Path

import pytest
from PIL import Image, ImageStat

from postline.demo.media import DemoMedia, make_demo_media
from postline.media.probe import probe


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "media"


@pytest.fixture(scope="module")
def media(folder: Path) -> DemoMedia:
    return make_demo_media(folder)


def test_pictures_have_the_sizes_of_their_places(media: DemoMedia) -> None:
    paths = (media.square, media.portrait, media.story, *media.carousel)
    found = [probe(path, path.name) for path in paths]
    assert {each.content_type for each in found} == {"image/jpeg"}
    sizes = [(each.width, each.height) for each in found]
    assert sizes == [(1080, 1080), (1080, 1350), (1080, 1920), *[(1080, 1350)] * 3]


def test_pictures_are_all_different_and_not_flat(media: DemoMedia) -> None:
    paths = (media.square, media.portrait, media.story, *media.carousel)
    assert len({path.read_bytes() for path in paths}) == len(paths)
    for path in paths:
        with Image.open(path) as image:
            assert min(ImageStat.Stat(image).stddev) > 20


@pytest.mark.parametrize("which", ["reel", "clip"])
def test_videos_are_ready_for_every_network(which: str, media: DemoMedia) -> None:
    path: Path = getattr(media, which)
    found = probe(path, path.name)
    assert (found.content_type, found.video_codec, found.audio_codec) == ("video/mp4", "h264", "aac")
    assert (found.width, found.height, found.frame_rate) == (720, 1280, 30)
    assert found.duration_ms == pytest.approx(5000, abs=60)
    assert found.moov_first
    assert path.stat().st_size < 2_000_000


def test_a_second_run_makes_only_what_is_missing(folder: Path, media: DemoMedia) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    media.square.unlink()
    assert make_demo_media(folder) == media
    after = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert {path for path in before if after[path] != before[path]} == {media.square}
