"""What an author must and may choose for a TikTok post.

Privacy has no default and every interaction is off until someone allows it: TikTok audits apps for that.
Source: https://developers.tiktok.com/docs/en/content-sharing-guidelines, read 2026-09-11.
"""

from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from postline.core.content import PublishOrder
from postline.core.words import MediaKind
from postline.networks.options import Options
from postline.networks.tiktok.capabilities import PHOTO_TITLE_MAX
from postline.networks.tiktok.guidelines import PAID_PARTNERSHIP, PROMOTIONAL

VIDEOS: Final[dict[str, Any]] = {"x-media": "video"}
PHOTOS: Final[dict[str, Any]] = {"x-media": "image"}


class Privacy(StrEnum):
    EVERYONE = "PUBLIC_TO_EVERYONE"
    FRIENDS = "MUTUAL_FOLLOW_FRIENDS"
    FOLLOWERS = "FOLLOWER_OF_CREATOR"
    SELF = "SELF_ONLY"


class TikTokOptions(Options):
    """A draft takes `title` alone, and that for photos: everything else is chosen in the TikTok app."""

    as_draft: bool = Field(
        False,
        title="Send as a draft",
        description="It goes to the creator's TikTok inbox. They choose the rest and post it in the TikTok app.",
    )
    privacy_level: Privacy | None = Field(
        None,
        title="Who can see this post",
        description="One of those the creator may choose now. Needed for all but drafts.",
    )
    allow_comment: bool = Field(False, title="Allow comments")
    allow_duet: bool = Field(False, title="Allow duets", json_schema_extra=VIDEOS)
    allow_stitch: bool = Field(False, title="Allow stitches", json_schema_extra=VIDEOS)
    discloses_commercial: bool = Field(False, title="Disclose commercial content")
    your_brand: bool = Field(False, title="Your brand", description=PROMOTIONAL)
    branded_content: bool = Field(False, title="Branded content", description=PAID_PARTNERSHIP)
    is_aigc: bool = Field(False, title="Made with AI", description="Labels the post as made with AI.")
    title: str = Field("", title="Title", description=f"Up to {PHOTO_TITLE_MAX} characters.", json_schema_extra=PHOTOS)
    auto_add_music: bool = Field(False, title="Let TikTok add music", json_schema_extra=PHOTOS)
    photo_cover_index: int = Field(
        0, ge=0, title="Cover", description="Which photo, counted from 0.", json_schema_extra=PHOTOS
    )
    cover_ms: int | None = Field(
        None, ge=0, title="Cover", description="Its moment, in milliseconds.", json_schema_extra=VIDEOS
    )


def chosen(order: PublishOrder) -> TikTokOptions:
    """The options of an order that passed its checks."""
    return TikTokOptions.model_validate(dict(order.options))


def is_video(order: PublishOrder) -> bool:
    return any(item.kind is MediaKind.VIDEO for item in order.media)
