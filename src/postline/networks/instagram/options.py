"""What an author may choose for an Instagram post.

Source: https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/media,
read 2026-09-11.
"""

from collections.abc import Iterator

from pydantic import Field

from postline.core.content import PublishOrder
from postline.core.preflight import Problem, Severity
from postline.core.words import Format, MediaKind
from postline.networks.options import Options, read_options

ALT_TEXT_MAX = 1000


class InstagramOptions(Options):
    share_to_feed: bool = Field(True, title="Also show in the feed", description="Reels only.")
    collaborators: tuple[str, ...] = Field(
        (), max_length=3, title="Collaborators", description="Up to 3 usernames, without @. Not on stories."
    )
    location_id: str | None = Field(None, pattern=r"^\d+$", title="Location", description="Id of a Page with a place.")
    cover_ms: int | None = Field(
        None, ge=0, title="Cover", description="Reels only: the cover's moment, in milliseconds."
    )
    is_ai_generated: bool = Field(False, title="Made with AI", description="Labels the post as made with AI.")


def check_options(order: PublishOrder) -> list[Problem]:
    options, problems = read_options(InstagramOptions, order)
    return problems if options is None else [*_check_combinations(order, options), *_check_media(order)]


def is_single_video(order: PublishOrder) -> bool:
    return len(order.media) == 1 and order.media[0].kind is MediaKind.VIDEO


def _check_combinations(order: PublishOrder, options: InstagramOptions) -> Iterator[Problem]:
    if order.format is Format.STORY:
        for name, value in (("collaborators", options.collaborators), ("location_id", options.location_id)):
            if value:
                text = f"Instagram stories take no {name.removesuffix('_id')}. Remove it."
                yield Problem("option-not-here", f"/options/{name}", text)
    if options.cover_ms is not None:
        if not is_single_video(order) or order.format is Format.STORY:
            yield Problem("option-not-here", "/options/cover_ms", "Only a reel has a cover to choose. Remove it.")
        elif order.media[0].duration_ms is not None and options.cover_ms >= order.media[0].duration_ms:
            yield Problem("cover-outside-video", "/options/cover_ms", "The cover's moment lies outside the video.")


def _check_media(order: PublishOrder) -> Iterator[Problem]:
    if order.format is Format.FEED and is_single_video(order):
        text = "Instagram shows a single video as a reel, also in the feed."
        yield Problem("becomes-reel", "/format", text, Severity.WARNING)
    for place, item in enumerate(order.media):
        if len(item.alt_text) > ALT_TEXT_MAX:
            text = f"Instagram takes {ALT_TEXT_MAX:,} characters of alternative text; this has {len(item.alt_text):,}."
            yield Problem("alt-text-too-long", f"/media/{place}/alt_text", text)
