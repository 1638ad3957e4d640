"""Every bound in the capability tables: an order at the bound passes, one just over it does not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from postline.core.capabilities import FormatRules, MediaLimits
from postline.core.content import MediaItem, PublishOrder
from postline.core.preflight import RATIO_TOLERANCE, check
from postline.core.words import Format, MediaKind, NetworkKey
from postline.networks.registry import CAPABILITIES, OPTIONS
from tests.networks.support import Bytes, order

Pair = tuple[PublishOrder, PublishOrder, str]


def media_of(kind: MediaKind, limits: MediaLimits, **about: Any) -> MediaItem:
    """A file well within its limits, with some measures given."""
    width, height = (1080, 1080) if limits.ratio is None or limits.ratio[0] <= 1 <= limits.ratio[1] else (1080, 1920)
    content_type = min(limits.content_types)
    measures: dict[str, Any] = {"width": width, "height": height}
    if kind is MediaKind.VIDEO:
        measures |= {"duration_ms": 10_000, "frame_rate": 30.0, "video_codec": "h264"}
    return replace(Bytes().add(b"x", content_type), **(measures | about))


def pairs(network: NetworkKey, format: Format, rules: FormatRules) -> Iterator[tuple[str, Pair]]:
    """Name, the order at the bound, the one over it, and the problem's code."""
    kind, limits = next(iter(rules.media.items()))
    file = media_of(kind, limits)
    least, most = rules.count

    def made(*media: MediaItem, caption: str = "") -> PublishOrder:
        return order(network, format, *media, caption=caption)

    if rules.caption_max:
        at, over = "x" * rules.caption_max, "x" * (rules.caption_max + 1)
        yield "caption", (made(file, caption=at), made(file, caption=over), "caption-too-long")
    yield "count", (made(*[file] * most), made(*[file] * (most + 1)), "too-many-media")
    if least:
        yield "no media", (made(*[file] * least), made(*[file] * (least - 1), caption="x"), "media-missing")
    for kind, limits in rules.media.items():
        for name, at_bound, over_bound, code in media_pairs(limits):
            item, wrong = media_of(kind, limits, **at_bound), media_of(kind, limits, **over_bound)
            yield f"{kind} {name}", (made(item), made(wrong), code)
    if rules.cover is not None:
        video = media_of(MediaKind.VIDEO, rules.media[MediaKind.VIDEO])
        for name, at_bound, over_bound, code in media_pairs(rules.cover):
            covers = [media_of(MediaKind.IMAGE, rules.cover, **measures) for measures in (at_bound, over_bound)]
            fits, wrong = (replace(video, cover=cover) for cover in covers)
            yield f"cover {name}", (made(fits), made(wrong), code)


def media_pairs(limits: MediaLimits) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], str]]:
    if limits.size_max_bytes is not None:
        most = limits.size_max_bytes
        yield "size", {"size_bytes": most}, {"size_bytes": most + 1}, "media-too-large"
    if limits.duration is not None:
        shortest, longest = (bound // timedelta(milliseconds=1) for bound in limits.duration)
        yield "longest", {"duration_ms": longest}, {"duration_ms": longest + 1}, "media-duration"
        yield "shortest", {"duration_ms": shortest}, {"duration_ms": shortest - 1}, "media-duration"
    if limits.width_min is not None:
        wide = {"width": limits.width_min, "height": limits.width_min}
        yield "width", wide, wide | {"width": limits.width_min - 1}, "media-too-small"
    if limits.frame_rate is not None:
        slowest, fastest = limits.frame_rate
        yield "slowest", {"frame_rate": slowest}, {"frame_rate": slowest - 0.5}, "media-frame-rate"
        yield "fastest", {"frame_rate": fastest}, {"frame_rate": fastest + 0.5}, "media-frame-rate"
    if limits.ratio is not None:
        low, high = limits.ratio
        if low > RATIO_TOLERANCE:
            yield (
                "tallest",
                {"width": round(low * 9000), "height": 9000},
                {"width": 360, "height": 90_000},
                "media-ratio",
            )
        yield "widest", {"width": round(high * 900), "height": 900}, {"width": 90_000, "height": 600}, "media-ratio"
    if limits.video_codecs:
        codec = min(limits.video_codecs)
        yield "codec", {"video_codec": codec}, {"video_codec": "mpeg2video"}, "media-codec"
    content_type = min(limits.content_types)
    kind = content_type.partition("/")[0]
    yield "type", {}, {"content_type": f"{kind}/x-unknown"}, "media-type-not-supported"


BOUNDS = {
    f"{network} {each} {name}": (network, pair)
    for network, capabilities in CAPABILITIES.items()
    for each, rules in capabilities.formats.items()
    for name, pair in pairs(network, each, rules)
}


@pytest.mark.parametrize(("network", "pair"), BOUNDS.values(), ids=BOUNDS)
def test_at_the_bound_passes_and_over_it_does_not(network: NetworkKey, pair: Pair) -> None:
    at_bound, over, code = pair
    assert [problem.code for problem in check(at_bound, CAPABILITIES[network])] == []
    assert code in [problem.code for problem in check(over, CAPABILITIES[network])]


MISSING = [
    (network, each)
    for network, capabilities in CAPABILITIES.items()
    for each in Format
    if each not in capabilities.formats
]


@pytest.mark.parametrize(("network", "format"), MISSING)
def test_a_format_that_a_network_lacks_is_explained(network: NetworkKey, format: Format) -> None:
    [problem] = check(order(network, format), CAPABILITIES[network])
    assert problem.message.startswith(CAPABILITIES[network].missing_formats[format])


def test_tiktok_has_no_stories() -> None:
    assert MISSING == [(NetworkKey.TIKTOK, Format.STORY)]


@pytest.mark.parametrize("network", NetworkKey)
def test_a_table_names_its_source_and_day(network: NetworkKey) -> None:
    capabilities = CAPABILITIES[network]
    assert capabilities.source.startswith("https://developers.")
    assert capabilities.read_on.year == 2026
    assert OPTIONS[network].model_json_schema()["additionalProperties"] is False


DAILY = {(NetworkKey.FACEBOOK, Format.REEL): 30}


def test_of_meta_s_only_facebook_reels_are_counted_by_us() -> None:
    """Instagram tells its own count."""
    counted = {
        (network, each): rules.per_day.posts
        for network, capabilities in CAPABILITIES.items()
        for each, rules in capabilities.formats.items()
        if rules.per_day is not None and network is not NetworkKey.TIKTOK
    }
    assert counted == DAILY


COVERS = {
    (NetworkKey.FACEBOOK, Format.FEED),
    (NetworkKey.FACEBOOK, Format.REEL),
    (NetworkKey.INSTAGRAM, Format.FEED),
    (NetworkKey.INSTAGRAM, Format.REEL),
}


def test_which_of_meta_s_formats_take_a_cover_image() -> None:
    taken = {
        (network, each)
        for network in (NetworkKey.FACEBOOK, NetworkKey.INSTAGRAM)
        for each, rules in CAPABILITIES[network].formats.items()
        if rules.cover is not None
    }
    assert taken == COVERS


MIXED = {
    NetworkKey.FACEBOOK: ["media-mixed"],
    NetworkKey.INSTAGRAM: [],
    NetworkKey.TIKTOK: ["media-mixed"],
}


@pytest.mark.parametrize(("network", "codes"), MIXED.items(), ids=MIXED)
def test_only_instagram_mixes_images_and_videos(network: NetworkKey, codes: list[str]) -> None:
    rules = CAPABILITIES[network].formats[Format.FEED]
    mixed = [media_of(kind, limits) for kind, limits in rules.media.items()]
    found = [problem.code for problem in check(order(network, Format.FEED, *mixed), CAPABILITIES[network])]
    assert found == codes
