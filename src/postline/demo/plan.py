"""The week that the demo plans: what, for whom, when. Data only; `story` plays it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

from postline.core.words import Format, NetworkKey

FACEBOOK, INSTAGRAM, TIKTOK = NetworkKey.FACEBOOK, NetworkKey.INSTAGRAM, NetworkKey.TIKTOK


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPost:
    """`media` names files of the demo. `in_seconds`: due so soon; else `on_day` days ahead at `at`."""

    title: str
    format: Format
    caption: str
    media: tuple[str, ...]
    networks: tuple[NetworkKey, ...]
    alt_text: str = ""
    in_seconds: int | None = None
    on_day: int = 0
    at: time = time(9, 0)
    options: Mapping[NetworkKey, Mapping[str, Any]] = field(default_factory=dict)


EVERYBODY: Final = {TIKTOK: {"privacy_level": "PUBLIC_TO_EVERYONE", "allow_comment": True}}

DUE_NOW: Final = (
    PlannedPost(
        title="Feed post with one photo",
        format=Format.FEED,
        caption="Slow mornings start here. Our house blend is back on the shelf. #harborcoffee #slowmorning",
        media=("square",),
        alt_text="A cup of coffee in warm morning light",
        networks=(FACEBOOK, INSTAGRAM),
        in_seconds=6,
    ),
    PlannedPost(
        title="Carousel of three",
        format=Format.FEED,
        caption="Three steps to a better cup: grind fresh, let it bloom, pour slowly. Save this for tomorrow. ☕",
        media=("carousel_1", "carousel_2", "carousel_3"),
        alt_text="A step of the brew guide",
        networks=(FACEBOOK, INSTAGRAM),
        in_seconds=8,
    ),
    PlannedPost(
        title="Reel",
        format=Format.REEL,
        caption="First light over the roastery. #roasting #harborcoffee",
        media=("reel",),
        networks=(FACEBOOK, INSTAGRAM),
        in_seconds=8,
    ),
    PlannedPost(
        title="Story", format=Format.STORY, caption="", media=("story",), networks=(FACEBOOK, INSTAGRAM), in_seconds=6
    ),
    PlannedPost(
        title="TikTok video",
        format=Format.REEL,
        caption="Iced coffee in two layers, no machine needed #icedcoffee #barista",
        media=("clip",),
        networks=(TIKTOK,),
        in_seconds=7,
        options=EVERYBODY,
    ),
)

CREATIVE: Final = PlannedPost(
    title="Creative of the AI studio",
    format=Format.FEED,
    caption="Guji, Ethiopia: peach, jasmine and a long sweet finish. Roasted on Tuesdays, gone by Friday.",
    media=("portrait",),
    alt_text="A bag of single-origin coffee",
    networks=(FACEBOOK, INSTAGRAM),
    in_seconds=8,
)

LATER: Final = (
    PlannedPost(
        title="Monday's question",
        format=Format.FEED,
        caption="Flat white or filter? Tell us in the comments and we will settle it on Friday.",
        media=("square",),
        networks=(FACEBOOK, INSTAGRAM),
        on_day=1,
    ),
    PlannedPost(
        title="Behind the scenes",
        format=Format.REEL,
        caption="How we cup forty coffees before lunch.",
        media=("reel",),
        networks=(INSTAGRAM, FACEBOOK),
        on_day=2,
        at=time(17, 30),
    ),
    PlannedPost(
        title="Recipe",
        format=Format.REEL,
        caption="Cold brew for the weekend: 60 g of coffee, a litre of water, a night of patience. #coldbrew",
        media=("clip",),
        networks=(TIKTOK,),
        on_day=3,
        at=time(18, 0),
        options=EVERYBODY,
    ),
    PlannedPost(
        title="Opening hours",
        format=Format.STORY,
        caption="",
        media=("story",),
        networks=(INSTAGRAM,),
        on_day=4,
        at=time(8, 0),
    ),
    PlannedPost(
        title="Weekend brew guide",
        format=Format.FEED,
        caption="The whole brew guide again, for those who slept through Tuesday.",
        media=("carousel_1", "carousel_2", "carousel_3"),
        networks=(FACEBOOK, INSTAGRAM),
        on_day=5,
        at=time(10, 15),
    ),
)
