"""What is wrong with a Facebook post beyond the table of limits: options, their combinations, media.

Sources, read 2026-09-11: https://developers.facebook.com/documentation/pages-api/posts,
https://developers.facebook.com/documentation/video-api/guides/reels-publishing
"""

from collections.abc import Iterator
from typing import Final

from postline.core.content import PublishOrder
from postline.core.preflight import Problem
from postline.core.words import Format, MediaKind
from postline.networks.facebook.options import FacebookOptions
from postline.networks.options import read_options

LONG_SIDE_MIN: Final = 960


def check_options(order: PublishOrder) -> list[Problem]:
    options, problems = read_options(FacebookOptions, order)
    return problems if options is None else list(_check_combinations(order, options))


def _check_combinations(order: PublishOrder, options: FacebookOptions) -> Iterator[Problem]:
    if options.link is not None and order.format is not Format.FEED:
        yield Problem("option-not-here", "/options/link", f"A {order.format} carries no link. Remove the link.")
    elif options.link is not None and order.media:
        yield Problem("link-with-media", "/options/link", "Facebook shows a link or media, not both. Remove one.")
    if order.format is not Format.STORY:
        return
    for name, value, what in (
        ("first_comment", options.first_comment, "comment"),
        ("audience_countries", options.audience_countries, "audience"),
        ("audience_age_min", options.audience_age_min, "audience"),
    ):
        if value:
            yield Problem("option-not-here", f"/options/{name}", f"A Facebook story takes no {what}. Remove it.")


def check_media(order: PublishOrder) -> Iterator[Problem]:
    """Reels and video stories need 540 x 960 pixels, upright or lying: the table of limits knows one side at a time."""
    if order.format is Format.FEED:
        return
    for place, item in enumerate(order.media):
        if item.kind is MediaKind.VIDEO and max(item.width, item.height) < LONG_SIDE_MIN:
            text = (
                f"Facebook wants videos of at least 540 x {LONG_SIDE_MIN} pixels in a {order.format}; "
                f"this has {item.width} x {item.height}. Use a larger one."
            )
            yield Problem("media-too-small", f"/media/{place}", text)
