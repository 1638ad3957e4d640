"""What an author may choose for an Instagram post.

Source: https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/media,
read 2026-09-11.
"""

from collections.abc import Iterator

from pydantic import Field

from postline.core.content import PublishOrder
from postline.core.preflight import Problem, Severity
from postline.core.words import Format, MediaKind
from postline.networks.options import Options, read_options, shown

NO_STORY = (Format.FEED, Format.REEL)
ALT_TEXT_MAX = 1_000
COMMENT_MAX = 2_200  # as long as a caption; Meta states no number


class UserTag(Options):
    """A person marked on one of the media. `x` and `y` are shares of its width and height, from the top left."""

    username: str = Field(pattern=r"^[A-Za-z0-9._]{1,30}$", title="Username", description="Without @.")
    media: int = Field(0, ge=0, title="On which", description="The place of the image or video in the post, from 0.")
    x: float | None = Field(None, ge=0, le=1, title="Across", description="0 is the left edge, 1 the right one.")
    y: float | None = Field(None, ge=0, le=1, title="Down", description="0 is the upper edge, 1 the lower one.")


class InstagramOptions(Options):
    share_to_feed: bool = Field(
        True, title="Also show in the feed", description="Reels only.", json_schema_extra=shown(Format.REEL)
    )
    first_comment: str = Field(
        "",
        max_length=COMMENT_MAX,
        title="First comment",
        description="Written by the account below its own post, right after it is live. Not on stories.",
        json_schema_extra=shown(*NO_STORY),
    )
    collaborators: tuple[str, ...] = Field(
        (),
        max_length=3,
        title="Collaborators",
        description="Up to 3 usernames, without @. Not on stories.",
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
    is_ai_generated: bool = Field(False, title="Made with AI", description="Labels the post as made with AI.")


def chosen(order: PublishOrder) -> InstagramOptions:
    """The options of an order that passed its checks."""
    return InstagramOptions.model_validate(dict(order.options))


def is_single_video(order: PublishOrder) -> bool:
    return len(order.media) == 1 and order.media[0].kind is MediaKind.VIDEO


def is_reel(order: PublishOrder) -> bool:
    """Instagram makes a reel of every single video that is no story."""
    return is_single_video(order) and order.format is not Format.STORY


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
    if options.audio_name and not is_reel(order):
        yield Problem("option-not-here", "/options/audio_name", "Only a reel's sound has a name. Remove it.")


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
