"""What is wrong with an Instagram post beyond the table of limits: options, their combinations, media.

Source: https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/media,
read 2026-09-11.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from postline.core.content import MediaItem, PublishOrder
from postline.core.preflight import Problem, Severity
from postline.core.words import Format, MediaKind
from postline.networks.instagram.options import InstagramOptions, is_reel, is_single_video
from postline.networks.options import read_options

ALT_TEXT_MAX: Final = 1_000
TAGS_MAX: Final = 20
VIDEO_WIDTH_MAX: Final = 1_920
BITS_PER_SECOND_MAX: Final = 25_000_000


def check_options(order: PublishOrder) -> list[Problem]:
    options, problems = read_options(InstagramOptions, order)
    if options is None:
        return problems
    return [*_check_places(order, options), *_check_cover(order, options), *_check_tags(order, options)]


def _check_places(order: PublishOrder, options: InstagramOptions) -> Iterator[Problem]:
    """Options that belong to another kind of post."""
    if order.format is Format.STORY:
        for name, value, what in (
            ("collaborators", options.collaborators, "collaborators"),
            ("location_id", options.location_id, "location"),
            ("first_comment", options.first_comment, "comment"),
        ):
            if value:
                yield Problem("option-not-here", f"/options/{name}", f"Instagram stories take no {what}. Remove it.")
    if is_reel(order):
        return
    if options.audio_name:
        yield Problem("option-not-here", "/options/audio_name", "Only a reel's sound has a name. Remove it.")
    if options.trial is not None:
        yield Problem("option-not-here", "/options/trial", "Only a reel can be tried out first. Remove this.")


def _check_cover(order: PublishOrder, options: InstagramOptions) -> Iterator[Problem]:
    if options.cover_ms is None:
        return
    if not is_reel(order):
        yield Problem("option-not-here", "/options/cover_ms", "Only a reel has a cover to choose. Remove it.")
    elif order.media[0].cover is not None:
        text = "The reel has a cover image already, which would win. Remove the image or the moment."
        yield Problem("cover-chosen-twice", "/options/cover_ms", text)
    elif order.media[0].duration_ms is not None and options.cover_ms >= order.media[0].duration_ms:
        text = "The cover's moment lies outside the video. Choose an earlier one."
        yield Problem("cover-outside-video", "/options/cover_ms", text)


def _check_tags(order: PublishOrder, options: InstagramOptions) -> Iterator[Problem]:
    for place, tag in enumerate(options.user_tags):
        field = f"/options/user_tags/{place}"
        has_place = tag.x is not None and tag.y is not None
        if tag.media >= len(order.media):
            text = f"@{tag.username} is tagged on media that the post does not have. Choose one of its media."
            yield Problem("tag-outside-media", f"{field}/media", text)
        elif order.media[tag.media].kind is MediaKind.IMAGE:
            if order.format is not Format.STORY and not has_place:
                text = f"Say where on the image @{tag.username} is: give x and y, from 0 to 1."
                yield Problem("tag-without-place", field, text)
        elif order.format is Format.FEED and len(order.media) > 1:
            text = f"Instagram tags nobody on a video in a carousel. Tag @{tag.username} on an image."
            yield Problem("tag-on-video", field, text)
        elif tag.x is not None or tag.y is not None:
            text = f"A video has no place for a tag. Remove x and y of @{tag.username}."
            yield Problem("tag-with-place", field, text)

    for place, count in Counter(tag.media for tag in options.user_tags).items():
        if count > TAGS_MAX:
            text = (
                f"Instagram takes {TAGS_MAX} tags on one image or video; number {place + 1} has {count}. "
                f"Remove {count - TAGS_MAX}."
            )
            yield Problem("too-many-tags", "/options/user_tags", text)


def check_media(order: PublishOrder) -> Iterator[Problem]:
    """What Instagram does with media that the table of limits cannot say."""
    if order.format is Format.FEED and is_single_video(order):
        text = "Instagram shows a single video as a reel, also in the feed."
        yield Problem("becomes-reel", "/format", text, Severity.WARNING)
    for place, item in enumerate(order.media):
        if len(item.alt_text) > ALT_TEXT_MAX:
            text = f"Instagram takes {ALT_TEXT_MAX:,} characters of alternative text; this has {len(item.alt_text):,}."
            yield Problem("alt-text-too-long", f"/media/{place}/alt_text", text)
        if item.cover is not None and len(order.media) > 1:
            text = "Instagram takes no cover image for a video in a carousel; it will not be used."
            yield Problem("cover-not-used", f"/media/{place}/cover_asset_id", text, Severity.WARNING)
        if item.kind is MediaKind.VIDEO:
            yield from _check_video(item, f"/media/{place}")


def _check_video(item: MediaItem, field: str) -> Iterator[Problem]:
    """The parts of a video's specification that the table of limits has no column for."""
    if item.width > VIDEO_WIDTH_MAX:
        text = f"Instagram takes videos up to {VIDEO_WIDTH_MAX:,} pixels wide; this has {item.width:,}. Scale it down."
        yield Problem("media-too-wide", field, text)
    if item.audio_codec not in (None, "", "aac"):
        text = f"Instagram takes videos with AAC sound; this has {item.audio_codec}. Convert it."
        yield Problem("media-audio-codec", field, text)
    if item.duration_ms and item.size_bytes * 8_000 / item.duration_ms > BITS_PER_SECOND_MAX:
        found = item.size_bytes * 8_000 / item.duration_ms / 1_000_000
        text = f"Instagram takes videos up to 25 Mbit a second; this has {found:,.0f}. Convert it with a lower rate."
        yield Problem("media-bit-rate", field, text)


def check_reach(order: PublishOrder, needs_public_url: frozenset[MediaKind]) -> Iterator[Problem]:
    """For an address that Instagram cannot reach: everything of the order that it would have to fetch."""
    for place, item in enumerate(order.media):
        fetched = {
            f"/media/{place}": item.kind in needs_public_url,
            f"/media/{place}/cover_asset_id": item.cover is not None and is_reel(order),
        }
        for field in (field for field, is_fetched in fetched.items() if is_fetched):
            text = (
                "Instagram fetches images itself and cannot reach this server. "
                "Set POSTLINE_PUBLIC_URL to an https address that it can reach."
            )
            yield Problem("public-url-unreachable", field, text)
