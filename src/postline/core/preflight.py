"""Every rule a network has about a post, checked before anything is sent. Wrong when composing, not at nine o'clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from postline.core.capabilities import Capabilities, FormatRules, MediaLimits
from postline.core.content import MediaItem, PublishOrder
from postline.core.words import MediaKind

HASHTAG = re.compile(r"(?<!\w)#\w+")
MENTION = re.compile(r"(?<!\w)@\w+")
RATIO_TOLERANCE = 0.01


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `field` is a JSON pointer into the order ("/caption", "/media/0")."""

    code: str
    field: str
    message: str
    severity: Severity = Severity.ERROR


def check(order: PublishOrder, capabilities: Capabilities) -> list[Problem]:
    """All problems of this order on this network, in the order a person would fix them."""
    rules = capabilities.formats.get(order.format)
    if rules is None:
        why = capabilities.missing_formats.get(order.format, f"{capabilities.name} has no {order.format} posts.")
        return [Problem("format-not-supported", "/format", f"{why} Choose another type or leave out this profile.")]
    return [
        *_check_caption(order, rules, capabilities),
        *_check_count(order, rules, capabilities),
        *(
            problem
            for place, item in enumerate(order.media)
            for problem in _check_item(item, f"/media/{place}", order, rules, capabilities)
        ),
    ]


def _check_caption(order: PublishOrder, rules: FormatRules, network: Capabilities) -> Iterator[Problem]:
    length = network.caption_unit.length(order.caption)
    if rules.caption_max == 0 and order.caption:
        text = f"{network.name} shows no text on a {order.format}; this caption will not be seen."
        yield Problem("caption-not-shown", "/caption", text, Severity.WARNING)
    elif rules.caption_max is not None and length > rules.caption_max > 0:
        text = f"{network.name} allows {rules.caption_max:,} characters; this has {length:,}. Shorten the text."
        yield Problem("caption-too-long", "/caption", text)
    if rules.caption_max == 0:
        return
    for what, pattern, most in (
        ("hashtags", HASHTAG, network.hashtags_max),
        ("mentions", MENTION, network.mentions_max),
    ):
        if most is not None and (found := len(pattern.findall(order.caption))) > most:
            text = f"{network.name} allows {most} {what}; this has {found}. Remove {found - most}."
            yield Problem(f"too-many-{what}", "/caption", text)


def _check_count(order: PublishOrder, rules: FormatRules, network: Capabilities) -> Iterator[Problem]:
    least, most = rules.count
    found = len(order.media)
    kinds = " or ".join(sorted(rules.media))
    if found == 0 and least == 0 and not order.caption.strip():
        yield Problem("post-is-empty", "/caption", "Write a text or add media.")
    elif found < least:
        text = f"A {order.format} on {network.name} needs at least {least} {kinds}. Add media."
        yield Problem("media-missing", "/media", text)
    elif found > most:
        text = (
            f"A {order.format} on {network.name} takes at most {most} media; this has {found}. Remove {found - most}."
        )
        yield Problem("too-many-media", "/media", text)
    if not rules.mixes_kinds and len({item.kind for item in order.media}) > 1:
        text = f"{network.name} does not mix images and videos in one {order.format}. Keep one kind."
        yield Problem("media-mixed", "/media", text)
    if not rules.mixes_kinds and sum(item.kind is MediaKind.VIDEO for item in order.media) > 1:
        text = f"{network.name} takes one video in a {order.format}. Keep one."
        yield Problem("too-many-videos", "/media", text)


def _check_item(
    item: MediaItem, field: str, order: PublishOrder, rules: FormatRules, network: Capabilities
) -> Iterator[Problem]:
    limits = rules.media.get(item.kind)
    if limits is None:
        kinds = " or ".join(sorted(rules.media))
        text = f"A {order.format} on {network.name} takes {kinds}, not {item.kind}. Replace this file."
        yield Problem("media-kind-not-supported", field, text)
        return
    if item.content_type not in limits.content_types:
        allowed = ", ".join(sorted(limits.content_types))
        text = f"{network.name} takes {allowed}; this is {item.content_type}. Convert the file."
        yield Problem("media-type-not-supported", field, text)
    yield from _check_measures(item, field, limits, network.name)
    if item.cover is not None:
        yield from _check_cover(item, item.cover, f"{field}/cover_asset_id", order, rules, network)


def _check_cover(
    item: MediaItem, cover: MediaItem, field: str, order: PublishOrder, rules: FormatRules, network: Capabilities
) -> Iterator[Problem]:
    if item.kind is not MediaKind.VIDEO or cover.kind is not MediaKind.IMAGE:
        yield Problem("cover-not-an-image", field, "A cover is an image that stands for a video. Choose another.")
    elif rules.cover is None:
        text = f"{network.name} takes no cover image for a {order.format}; it will not be used."
        yield Problem("cover-not-used", field, text, Severity.WARNING)
    elif cover.content_type not in rules.cover.content_types:
        allowed = ", ".join(sorted(rules.cover.content_types))
        text = f"{network.name} takes covers in {allowed}; this is {cover.content_type}. Convert the file."
        yield Problem("media-type-not-supported", field, text)
    else:
        yield from _check_measures(cover, field, rules.cover, network.name)


def _check_measures(item: MediaItem, field: str, limits: MediaLimits, name: str) -> Iterator[Problem]:
    if limits.size_max_bytes is not None and item.size_bytes > limits.size_max_bytes:
        most = limits.size_max_bytes / 1_000_000
        text = f"{name} takes files up to {most:,.0f} MB; this has {item.size_bytes / 1_000_000:,.1f} MB. Compress it."
        yield Problem("media-too-large", field, text)
    if limits.ratio is not None:
        low, high = limits.ratio
        if not low - RATIO_TOLERANCE <= item.ratio <= high + RATIO_TOLERANCE:
            text = (
                f"{name} takes media with a width-to-height ratio from {low:.2f} to {high:.2f}; "
                f"this is {item.width} x {item.height} ({item.ratio:.2f}). Crop it."
            )
            yield Problem("media-ratio", field, text)
    for side, found, least in (("wide", item.width, limits.width_min), ("high", item.height, limits.height_min)):
        if least is not None and found < least:
            yield Problem(
                "media-too-small", field, f"{name} wants media at least {least} pixels {side}; this has {found}."
            )
    if limits.duration is not None and item.duration_ms is not None:
        shortest, longest = (bound.total_seconds() for bound in limits.duration)
        if not shortest <= item.duration_ms / 1000 <= longest:
            found_s = item.duration_ms / 1000
            text = f"{name} takes videos from {shortest:g} s to {longest:g} s; this has {found_s:.1f} s. Cut it."
            yield Problem("media-duration", field, text)
    if limits.frame_rate is not None and item.frame_rate is not None:
        slowest, fastest = limits.frame_rate
        if not slowest <= item.frame_rate <= fastest:
            text = f"{name} takes {slowest:g} to {fastest:g} frames a second; this has {item.frame_rate:.0f}."
            yield Problem("media-frame-rate", field, text)
    if limits.video_codecs and item.video_codec and item.video_codec not in limits.video_codecs:
        allowed = ", ".join(sorted(limits.video_codecs))
        text = f"{name} takes videos in {allowed}; this is {item.video_codec}. Convert it."
        yield Problem("media-codec", field, text)
