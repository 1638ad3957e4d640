"""Every rule of the capabilities table is told before anything is sent."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from postline.core.capabilities import Capabilities, FormatRules, MediaLimits, TextUnit
from postline.core.content import MediaItem, PublishOrder
from postline.core.preflight import Problem, Severity, check
from postline.core.words import Format, MediaKind, NetworkKey, ProviderKey
from tests.core.orders import image, order, video

IMAGE: Final = MediaLimits(
    content_types=frozenset({"image/jpeg"}), size_max_bytes=8_000_000, ratio=(0.8, 1.91), width_min=320, height_min=200
)
VIDEO: Final = MediaLimits(
    content_types=frozenset({"video/mp4"}),
    duration=(timedelta(seconds=3), timedelta(seconds=60)),
    frame_rate=(23, 60),
    video_codecs=frozenset({"h264", "hevc"}),
)
NETWORK: Final = Capabilities(
    network=NetworkKey.INSTAGRAM,
    name="Somegram",
    provider=ProviderKey.META,
    formats={
        Format.FEED: FormatRules(count=(0, 3), media={MediaKind.IMAGE: IMAGE, MediaKind.VIDEO: VIDEO}, caption_max=20),
        Format.STORY: FormatRules(count=(1, 1), media={MediaKind.IMAGE: IMAGE}, caption_max=0),
    },
    missing_formats={Format.REEL: "Somegram has no reels."},
    caption_unit=TextUnit.UTF16,
    hashtags_max=2,
    mentions_max=1,
    scopes=frozenset(),
    source="https://example.com/rules",
    read_on=date(2026, 11, 25),
)


def feed(*media: MediaItem, **changes: Any) -> PublishOrder:
    return order(*media, **{"caption": "Hello"} | changes)


CASES: Final[dict[str, tuple[PublishOrder, list[tuple[str, str]]]]] = {
    "a text alone": (feed(), []),
    "an image at the largest size": (feed(image(size_bytes=8_000_000)), []),
    "an image a byte too large": (feed(image(size_bytes=8_000_001)), [("media-too-large", "/media/0")]),
    "as many images as are taken": (feed(image(), image(), image()), []),
    "an image too many": (feed(*[image()] * 4), [("too-many-media", "/media")]),
    "nothing at all": (feed(caption=" \n"), [("post-is-empty", "/caption")]),
    "a format that is missing": (feed(format=Format.REEL), [("format-not-supported", "/format")]),
    "a caption of the longest length": (feed(caption="x" * 20), []),
    "a caption a letter too long": (feed(caption="x" * 21), [("caption-too-long", "/caption")]),
    "emoji count twice in UTF-16": (feed(caption="☕🎉" * 7), [("caption-too-long", "/caption")]),
    "as many hashtags as are taken": (feed(caption="#one #two"), []),
    "a hashtag too many": (feed(caption="#one #two #three"), [("too-many-hashtags", "/caption")]),
    "a sign inside a word is no hashtag": (feed(caption="c#a d#b #e #f"), []),
    "a mention too many": (feed(caption="@ann @bob"), [("too-many-mentions", "/caption")]),
    "an e-mail address is no mention": (feed(caption="me@ex.org @ann"), []),
    "an image at the narrowest ratio": (feed(image(width=800, height=1000)), []),
    "an image too narrow": (feed(image(width=700, height=1000)), [("media-ratio", "/media/0")]),
    "an image too wide": (feed(image(width=2000, height=1000)), [("media-ratio", "/media/0")]),
    "a rounding error of the ratio": (feed(image(width=1080, height=1351)), []),
    "an image with too few pixels": (
        feed(image(width=319, height=199)),
        [("media-too-small", "/media/0"), ("media-too-small", "/media/0")],
    ),
    "another file type": (feed(image(content_type="image/webp")), [("media-type-not-supported", "/media/0")]),
    "the second file is named": (feed(image(), image(width=300, height=300)), [("media-too-small", "/media/1")]),
    "images beside a video": (feed(image(), video()), [("media-mixed", "/media")]),
    "two videos": (feed(video(), video()), [("too-many-videos", "/media")]),
    "a video of the shortest length": (feed(video(duration_ms=3_000)), []),
    "a video too short": (feed(video(duration_ms=2_999)), [("media-duration", "/media/0")]),
    "a video too long": (feed(video(duration_ms=60_001)), [("media-duration", "/media/0")]),
    "a video of unknown length": (feed(video(duration_ms=None)), []),
    "a video too slow": (feed(video(frame_rate=15.0)), [("media-frame-rate", "/media/0")]),
    "a video in another codec": (feed(video(video_codec="av1")), [("media-codec", "/media/0")]),
    "a story without media": (feed(format=Format.STORY, caption=""), [("media-missing", "/media")]),
    "a story of a kind that is not taken": (
        feed(video(), format=Format.STORY, caption=""),
        [("media-kind-not-supported", "/media/0")],
    ),
    "a caption that a story does not show": (
        feed(image(), format=Format.STORY, caption="#a #b #c"),
        [("caption-not-shown", "/caption")],
    ),
    "several problems at once": (
        feed(image(content_type="image/png", size_bytes=9_000_000), caption="x" * 30),
        [("caption-too-long", "/caption"), ("media-type-not-supported", "/media/0"), ("media-too-large", "/media/0")],
    ),
}


@pytest.mark.parametrize(("ordered", "expected"), CASES.values(), ids=CASES)
def test_the_problems_of(ordered: PublishOrder, expected: list[tuple[str, str]]) -> None:
    assert [(each.code, each.field) for each in check(ordered, NETWORK)] == expected


def _all_problems() -> list[Problem]:
    return [problem for ordered, _ in CASES.values() for problem in check(ordered, NETWORK)]


@pytest.mark.parametrize("problem", _all_problems(), ids=lambda each: each.code)
def test_a_problem_is_a_sentence_that_names_the_network_or_what_to_do(problem: Problem) -> None:
    assert problem.message.endswith(".")
    assert "Somegram" in problem.message or problem.code == "post-is-empty"


def test_a_caption_that_is_not_shown_is_only_a_warning() -> None:
    ordered = feed(image(), format=Format.STORY)
    assert [each.severity for each in check(ordered, NETWORK)] == [Severity.WARNING]


def test_a_missing_format_is_explained_and_hides_the_rest() -> None:
    (problem,) = check(feed(image(size_bytes=10**9), format=Format.REEL), NETWORK)
    assert problem.message.startswith("Somegram has no reels.")


def test_too_much_is_told_with_both_numbers() -> None:
    (problem,) = check(feed(caption="x" * 21), NETWORK)
    assert problem.message == "Somegram allows 20 characters; this has 21. Shorten the text."


UNITS: Final = {
    "plain letters": ("abc", 3, 3),
    "an emoji outside the basic plane": ("🎉", 1, 2),
    "a family of joined emoji": ("👨‍👩‍👧", 5, 8),
}


@pytest.mark.parametrize(("text", "characters", "utf16"), UNITS.values(), ids=UNITS)
def test_lengths_by_unit(text: str, characters: int, utf16: int) -> None:
    assert (TextUnit.CHARACTERS.length(text), TextUnit.UTF16.length(text)) == (characters, utf16)


COVERED: Final = replace(
    NETWORK, formats={Format.FEED: replace(NETWORK.formats[Format.FEED], cover=replace(IMAGE, size_max_bytes=500_000))}
)
COVERS: Final[dict[str, tuple[Capabilities, MediaItem, str, Severity]]] = {
    "another kind of file": (COVERED, image(content_type="image/png"), "media-type-not-supported", Severity.ERROR),
    "too large": (COVERED, image(size_bytes=600_000), "media-too-large", Severity.ERROR),
    "a video": (COVERED, video(), "cover-not-an-image", Severity.ERROR),
    "where there are none": (NETWORK, image(), "cover-not-used", Severity.WARNING),
}


@pytest.mark.parametrize(("network", "cover", "code", "severity"), COVERS.values(), ids=COVERS)
def test_a_cover_must_be_one_that_the_network_takes(
    network: Capabilities, cover: MediaItem, code: str, severity: Severity
) -> None:
    [problem] = check(order(replace(video(), cover=cover)), network)
    assert (problem.code, problem.field, problem.severity) == (code, "/media/0/cover_asset_id", severity)


def test_a_good_cover_is_no_problem() -> None:
    assert check(order(replace(video(), cover=image(size_bytes=400_000))), COVERED) == []
