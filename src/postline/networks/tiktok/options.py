"""What an author must and may choose for a TikTok post, and TikTok's rules about these choices.

Privacy has no default and every interaction is off until someone allows it: TikTok audits apps for that.
Source: https://developers.tiktok.com/docs/en/content-sharing-guidelines, read 2026-09-11.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from pydantic import Field

from postline.core.content import PublishOrder
from postline.core.preflight import Problem
from postline.core.words import MediaKind
from postline.networks.options import Options, read_options
from postline.networks.tiktok.capabilities import CAPABILITIES, PHOTO_TITLE_MAX, SIDE_MAX, VIDEO_CAPTION_MAX

MUSIC_URL: Final = "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en"
BRANDED_URL: Final = "https://www.tiktok.com/legal/page/global/bc-policy/en"
MUSIC_DECLARATION: Final = "By posting, you agree to TikTok's Music Usage Confirmation"
BRANDED_DECLARATION: Final = "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."

PROCESSING_NOTICE: Final = (
    "After posting, it may take a few minutes for the content to process and be visible on the profile."
)
PHOTO_SIDE_MAX: Final = 1080


class Privacy(StrEnum):
    EVERYONE = "PUBLIC_TO_EVERYONE"
    FRIENDS = "MUTUAL_FOLLOW_FRIENDS"
    FOLLOWERS = "FOLLOWER_OF_CREATOR"
    SELF = "SELF_ONLY"


class TikTokOptions(Options):
    """`title` and `photo_cover_index` and `auto_add_music` are for photos; `cover_ms` is for videos."""

    privacy_level: Privacy = Field(
        title="Who can see this post", description="One of those the creator may choose now."
    )
    allow_comment: bool = Field(False, title="Allow comments")
    allow_duet: bool = Field(False, title="Allow duets", description="Videos only.")
    allow_stitch: bool = Field(False, title="Allow stitches", description="Videos only.")
    discloses_commercial: bool = Field(False, title="Disclose commercial content")
    your_brand: bool = Field(
        False, title="Your brand", description="Your photo/video will be labeled as 'Promotional content'"
    )
    branded_content: bool = Field(
        False, title="Branded content", description="Your photo/video will be labeled as 'Paid partnership'"
    )
    is_aigc: bool = Field(False, title="Made with AI", description="Labels the post as made with AI.")
    title: str = Field("", title="Title", description=f"Photos only, up to {PHOTO_TITLE_MAX} characters.")
    auto_add_music: bool = Field(False, title="Let TikTok add music", description="Photos only.")
    photo_cover_index: int = Field(0, ge=0, title="Cover", description="Photos only: which one, counted from 0.")
    cover_ms: int | None = Field(None, ge=0, title="Cover", description="Videos only: its moment, in milliseconds.")


def check_options(order: PublishOrder, *, is_audited: bool) -> list[Problem]:
    options, problems = read_options(TikTokOptions, order)
    if options is None:
        return problems
    is_video = any(item.kind is MediaKind.VIDEO for item in order.media)
    return [
        *_check_privacy(options, is_audited=is_audited),
        *_check_commercial(options),
        *(_check_video(order) if is_video else _check_photos(order, options)),
        *_check_sides(order),
    ]


def _check_privacy(options: TikTokOptions, *, is_audited: bool) -> Iterator[Problem]:
    if not is_audited and options.privacy_level is not Privacy.SELF:
        text = "TikTok has not audited this app yet, so it may post for “Only me” alone. Choose that."
        yield Problem("app-not-audited", "/options/privacy_level", text)
    if options.branded_content and options.privacy_level is Privacy.SELF:
        text = "Branded content visibility cannot be set to private."
        yield Problem("branded-content-private", "/options/privacy_level", text)


def _check_commercial(options: TikTokOptions) -> Iterator[Problem]:
    chosen = options.your_brand or options.branded_content
    if options.discloses_commercial and not chosen:
        text = "You need to indicate if your content promotes yourself, a third party, or both."
        yield Problem("commercial-content-unclear", "/options/discloses_commercial", text)
    if chosen and not options.discloses_commercial:
        text = "Switch on the disclosure of commercial content, or take back what it discloses."
        yield Problem("commercial-content-undisclosed", "/options/discloses_commercial", text)


def _check_video(order: PublishOrder) -> Iterator[Problem]:
    length = CAPABILITIES.caption_unit.length(order.caption)
    # Where the format itself allows no more, preflight has said so already.
    allowed = CAPABILITIES.formats[order.format].caption_max if order.format in CAPABILITIES.formats else 0
    if allowed and allowed > VIDEO_CAPTION_MAX and length > VIDEO_CAPTION_MAX:
        text = f"TikTok allows {VIDEO_CAPTION_MAX:,} characters with a video; this has {length:,}. Shorten the text."
        yield Problem("caption-too-long", "/caption", text)


def _check_photos(order: PublishOrder, options: TikTokOptions) -> Iterator[Problem]:
    length = CAPABILITIES.caption_unit.length(options.title)
    if length > PHOTO_TITLE_MAX:
        text = f"TikTok allows {PHOTO_TITLE_MAX} characters in a title; this has {length}. Shorten it."
        yield Problem("title-too-long", "/options/title", text)
    if options.photo_cover_index >= max(len(order.media), 1):
        text = f"There are {len(order.media)} photos; the cover must be one of them."
        yield Problem("cover-outside-photos", "/options/photo_cover_index", text)
    for name in ("allow_duet", "allow_stitch"):
        if getattr(options, name):
            text = "Photos have no duets and stitches. Switch this off."
            yield Problem("option-not-here", f"/options/{name}", text)


def _check_sides(order: PublishOrder) -> Iterator[Problem]:
    for place, item in enumerate(order.media):
        if item.kind is MediaKind.VIDEO and max(item.width, item.height) > SIDE_MAX:
            text = f"TikTok takes videos of up to {SIDE_MAX:,} pixels a side. Make it smaller."
            yield Problem("media-too-wide", f"/media/{place}", text)
        # "Maximum 1080p" is all that TikTok says about photos.
        if item.kind is MediaKind.IMAGE and min(item.width, item.height) > PHOTO_SIDE_MAX:
            text = "TikTok takes photos of up to 1080p. Make it smaller."
            yield Problem("media-too-wide", f"/media/{place}", text)
