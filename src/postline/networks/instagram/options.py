"""What an author may choose for an Instagram post.

Source: https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/media,
read 2026-09-11.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from postline.core.content import PublishOrder
from postline.core.words import Format, MediaKind
from postline.networks.options import Options, shown

NO_STORY = (Format.FEED, Format.REEL)
COMMENT_MAX = 2_200  # as long as a caption; Meta states no number

Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9._]{1,30}$", title="Username", description="Without @.")]


class Trial(StrEnum):
    """When a trial reel is shown to everybody: when a person says so, or by itself if it does well."""

    MANUAL = "MANUAL"
    BY_PERFORMANCE = "SS_PERFORMANCE"


class UserTag(Options):
    """A person marked on one of the media. `x` and `y` are shares of its width and height, from the top left."""

    username: Username
    media: int = Field(0, ge=0, title="On which", description="The place of the image or video in the post, from 0.")
    x: float | None = Field(None, ge=0, le=1, title="Across", description="0 is the left edge, 1 the right one.")
    y: float | None = Field(None, ge=0, le=1, title="Down", description="0 is the upper edge, 1 the lower one.")


class InstagramOptions(Options):
    share_to_feed: bool = Field(True, title="Also show in the feed", json_schema_extra=shown(Format.REEL))
    first_comment: str = Field(
        "",
        max_length=COMMENT_MAX,
        title="First comment",
        description="Written by the account below its own post, right after it is live.",
        json_schema_extra=shown(*NO_STORY),
    )
    collaborators: tuple[Username, ...] = Field(
        (),
        max_length=3,
        title="Collaborators",
        description="Up to 3 usernames, without @.",
        json_schema_extra=shown(*NO_STORY),
    )
    user_tags: tuple[UserTag, ...] = Field(
        (), title="Tagged people", description="Public accounts only. An image needs the place; a video takes none."
    )
    location_id: str | None = Field(
        None,
        pattern=r"^\d+$",
        title="Location",
        description="Id of a Page with a place.",
        json_schema_extra=shown(*NO_STORY),
    )
    cover_ms: int | None = Field(
        None,
        ge=0,
        title="Cover",
        description="Reels only: the cover's moment, in milliseconds.",
        json_schema_extra=shown(*NO_STORY, media=MediaKind.VIDEO),
    )
    audio_name: str = Field(
        "",
        max_length=100,
        title="Name of the sound",
        description="Reels only: what the reel's own sound is called.",
        json_schema_extra=shown(*NO_STORY, media=MediaKind.VIDEO),
    )
    trial: Trial | None = Field(
        None,
        title="Trial reel",
        description="Reels only: shown to people who do not follow the account first. MANUAL: until you share it with "
        "everybody in the app; SS_PERFORMANCE: shared by itself if it does well.",
        json_schema_extra=shown(*NO_STORY, media=MediaKind.VIDEO),
    )
    is_paid_partnership: bool = Field(
        False, title="Paid partnership", description="Labels the post as paid for by somebody else."
    )
    is_ai_generated: bool = Field(False, title="Made with AI", description="Labels the post as made with AI.")


def chosen(order: PublishOrder) -> InstagramOptions:
    """The options of an order that passed its checks."""
    return InstagramOptions.model_validate(dict(order.options))


def is_single_video(order: PublishOrder) -> bool:
    return len(order.media) == 1 and order.media[0].kind is MediaKind.VIDEO


def is_reel(order: PublishOrder) -> bool:
    """Instagram makes a reel of every single video that is no story."""
    return is_single_video(order) and order.format is not Format.STORY
