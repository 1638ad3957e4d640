"""The demo's own media, made on the spot."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PIL import Image

from postline.demo import films, pictures

QUALITY: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMedia:
    """`square`, `portrait`, `story` and the carousel's three cards are JPEGs; `reel` and `clip` are 9:16 MP4s."""

    square: Path
    portrait: Path
    story: Path
    carousel: tuple[Path, Path, Path]
    reel: Path
    clip: Path


def make_demo_media(folder: Path) -> DemoMedia:
    """Make what is missing in `folder`, which is created if need be. Takes some seconds the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    media = DemoMedia(
        square=folder / "slow-mornings.jpg",
        portrait=folder / "single-origin-guji.jpg",
        story=folder / "new-roast-friday.jpg",
        carousel=(folder / "brew-1-grind.jpg", folder / "brew-2-bloom.jpg", folder / "brew-3-pour.jpg"),
        reel=folder / "first-light.mp4",
        clip=folder / "iced-in-two-layers.mp4",
    )
    makers: dict[Path, Callable[[Path], None]] = {
        media.square: partial(_save, pictures.slow_mornings),
        media.portrait: partial(_save, pictures.single_origin),
        media.story: partial(_save, pictures.new_roast_story),
        **{path: partial(_save, card) for path, card in zip(media.carousel, pictures.BREW_GUIDE, strict=True)},
        media.reel: films.write_sunrise,
        media.clip: films.write_iced,
    }
    for path, make in makers.items():
        if not path.exists():
            unfinished = path.with_name(f"{path.name}.part")
            make(unfinished)
            unfinished.replace(path)  # an interrupted run leaves no half file under the final name
    return media


def _save(draw: Callable[[], Image.Image], path: Path) -> None:
    draw().save(path, "JPEG", quality=QUALITY, optimize=True, subsampling=0)
