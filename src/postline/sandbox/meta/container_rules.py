"""What a container of each kind takes, and what its texts, tags and pictures must be like.

Source: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media and
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes, read 2026-11-24.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from postline.sandbox.calls import Call
from postline.sandbox.media import CannotFetch
from postline.sandbox.meta.errors import refuse
from postline.sandbox.meta.post_options import is_place
from postline.sandbox.params import Param
from postline.sandbox.records import Media
from postline.sandbox.settings import Settings

CAPTION_MAX: Final = 2_200
HASHTAGS_MAX: Final = 30
MENTIONS_MAX: Final = 20
ALT_TEXT_MAX: Final = 1_000
COLLABORATORS_MAX: Final = 3
TAGS_MAX: Final = 20
SPONSORS_MAX: Final = 2
USERNAME: Final = re.compile(r"[A-Za-z0-9._]{1,30}")
STRATEGIES: Final = ("MANUAL", "SS_PERFORMANCE")

IMAGE_BYTES_MAX: Final = 8 * 1024 * 1024
FEED_RATIO: Final = (0.8, 1.91)
RATIO_SLACK: Final = 0.005
VIDEO_LIMITS: Final[Mapping[str, tuple[float, int, float]]] = {
    "REELS": (900, 300_000_000, 0.01),
    "STORY": (60, 100_000_000, 0.1),
    "FEED": (60, 100_000_000, 0.01),
}
"""The longest in seconds, the largest in bytes and the narrowest ratio, per product."""

BIT_RATE_MAX: Final = 25_000_000

PARAMS: Final = (
    Param("media_type"),
    Param("image_url"),
    Param("video_url"),
    Param("upload_type", choices=("resumable",)),
    Param("caption", default=""),
    Param("alt_text", default=""),
    Param("is_carousel_item", "flag", default=False),
    Param("children", "ids", default=[]),
    Param("collaborators", "ids", default=[]),
    Param("user_tags", "list", default=[]),
    Param("product_tags", "list", default=[]),
    Param("location_id"),
    Param("cover_url"),
    Param("thumb_offset", "int", default=0),
    Param("audio_name"),
    Param("share_to_feed", "flag", default=True),
    Param("trial_params", "object"),
    Param("is_ai_generated", "flag", default=False),
    Param("is_paid_partnership", "flag", default=False),
    Param("branded_content_sponsor_ids", "ids", default=[]),
    Param("audio_configuration", "object"),
)

_VIDEO: Final = frozenset({"media_type", "video_url", "upload_type", "thumb_offset"})
_LABELS: Final = frozenset({"is_ai_generated", "is_paid_partnership", "branded_content_sponsor_ids"})
_WORDS: Final = frozenset({"caption", "collaborators", "location_id", "product_tags"}) | _LABELS
TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "image": frozenset({"media_type", "image_url", "alt_text", "user_tags"}) | _WORDS,
    "reel": _VIDEO
    | _WORDS
    | {"user_tags", "share_to_feed", "cover_url", "audio_name", "trial_params", "audio_configuration"},
    "image item": frozenset({"media_type", "image_url", "alt_text", "user_tags", "product_tags"}),
    "video item": _VIDEO,
    "carousel": frozenset({"media_type", "children", "share_to_feed"}) | _WORDS,
    "story": frozenset({"media_type", "image_url", "video_url", "upload_type", "user_tags", "caption"}) | _LABELS,
}
"""The parameters of each kind of container. A story takes a caption and does not show it."""


def kind_of_container(params: Mapping[str, Any], media_type: str) -> str:
    """A key of TAKEN. Raises Refusal (100/2207023) for a type that is none, or not by itself."""
    is_item = params["is_carousel_item"]
    kinds = {"IMAGE": "image item" if is_item else "image", "CAROUSEL": "carousel", "STORIES": "story", "REELS": "reel"}
    if media_type == "VIDEO" and is_item:
        return "video item"
    if media_type == "VIDEO":
        raise refuse(100, "(#100) The media_type VIDEO is for carousel items only; use REELS", 2207023)
    if media_type not in kinds or (is_item and media_type != "IMAGE"):
        raise refuse(100, "(#100) The media type is unknown", 2207023)
    return kinds[media_type]


def check_container(call: Call, kind: str) -> None:
    """Everything but the media. Raises Refusal."""
    params = call.params
    for param in PARAMS:
        is_given = call.given.get(param.name) not in (None, "") and params[param.name] != param.default
        if is_given and param.name not in TAKEN[kind] and param.name != "is_carousel_item":
            raise refuse(100, f"(#100) param {param.name} is not allowed")
    if params["image_url"] and (params["video_url"] or params["upload_type"]):
        raise refuse(100, "(#100) Only one of image_url and video_url is allowed")
    _check_caption(params["caption"])
    if len(params["alt_text"]) > ALT_TEXT_MAX:
        raise refuse(100, f"(#100) param alt_text may have {ALT_TEXT_MAX} characters")
    names = params["collaborators"]
    if len(names) > COLLABORATORS_MAX or not all(map(USERNAME.fullmatch, names)):
        raise refuse(100, f"(#100) param collaborators must be at most {COLLABORATORS_MAX} usernames")
    if params["location_id"] and not is_place(call, params["location_id"]):
        raise refuse(100, "(#100) INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID")
    if params["thumb_offset"] < 0:
        raise refuse(1, "The thumbnail offset is out of range", 2207057, is_transient=False)
    if len(params["branded_content_sponsor_ids"]) > SPONSORS_MAX:
        raise refuse(100, f"(#100) param branded_content_sponsor_ids may have {SPONSORS_MAX} ids")
    if (trial := params["trial_params"]) is not None and trial.get("graduation_strategy") not in STRATEGIES:
        raise refuse(100, f"(#100) Param trial_params[graduation_strategy] must be one of {{{', '.join(STRATEGIES)}}}")
    _check_tags(params, has_picture=bool(params["image_url"]), is_story=kind == "story")


def _check_caption(caption: str) -> None:
    too_many = (
        len(caption) > CAPTION_MAX
        or len(re.findall(r"(?<!\w)#\w", caption)) > HASHTAGS_MAX
        or len(re.findall(r"(?<!\w)@\w", caption)) > MENTIONS_MAX
    )
    if too_many:
        text = f"The caption may have {CAPTION_MAX} characters, {HASHTAGS_MAX} hashtags and {MENTIONS_MAX} mentions."
        raise refuse(36004, "The caption was too long", 2207010, error_user_msg=text)


def _check_tags(params: Mapping[str, Any], *, has_picture: bool, is_story: bool) -> None:
    """People and products: on a picture they have a place, on a video none; in a story they may have one."""
    people, products = params["user_tags"], params["product_tags"]
    if max(len(people), len(products)) > TAGS_MAX:
        raise refuse(100, f"(#100) Cannot use more than {TAGS_MAX} tags per created media", 2207040)
    if not all(isinstance(tag, dict) and USERNAME.fullmatch(str(tag.get("username", ""))) for tag in people):
        raise refuse(100, "(#100) Invalid user_tags: each needs a username")
    if not all(isinstance(tag, dict) and str(tag.get("product_id", "")).isdigit() for tag in products):
        raise refuse(100, "(#100) The tagged product is invalid", 2207037)
    for tags, missing, unwanted in ((people, 0, 0), (products, 2207036, 2207035)):
        for tag in tags:
            place = [tag[axis] for axis in ("x", "y") if axis in tag]
            if any(isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at <= 1 for at in place):
                raise refuse(100, "(#100) Tag positions x and y must be between 0 and 1")
            if has_picture and not is_story and len(place) < 2:
                raise refuse(100, "(#100) Tag positions x and y are required for photo media", missing)
            if not has_picture and place:
                raise refuse(100, "(#100) Tag positions should not be specified for video media", unwanted)


async def take_image(call: Call, url: str, product: str) -> Media:
    """Fetch a picture for a product (FEED: within the feed's ratios). Raises Refusal."""
    try:
        media = await call.sandbox.fetch(url)
    except CannotFetch as error:
        message = "Only photo or video can be accepted as media type: the media could not be fetched from this URI."
        raise refuse(9004, message, 2207052, is_transient=False) from error
    if media.size > IMAGE_BYTES_MAX:
        text = "The image is too large to download. It should be less than 8 MiB."
        raise refuse(36000, "The image size is too large.", 2207004, error_user_msg=text)
    if media.format != "JPEG":
        raise refuse(36001, "The image format is not supported: JPEG only.", 2207005)
    if product == "FEED" and not FEED_RATIO[0] - RATIO_SLACK <= media.ratio <= FEED_RATIO[1] + RATIO_SLACK:
        raise refuse(36003, "The aspect ratio is not supported: it must be within 4:5 and 1.91:1.", 2207009)
    return media


def judge_video(media: Media, product: str, cover_ms: int, settings: Settings) -> int:
    """The subcode that processing will end with, or 0."""
    if settings.meta_processing_failure:
        return settings.meta_processing_failure
    longest, largest, narrowest = VIDEO_LIMITS[product]
    fits = (
        media.kind == "video"
        and media.format in ("h264", "hevc")
        and media.container in ("mp4", "mov")
        and media.audio in ("", "aac")
        and media.size <= largest
        and media.bit_rate <= BIT_RATE_MAX
        and 2.9 <= media.seconds <= longest + 0.5
        and 22.5 <= media.fps <= 60.5
        and media.width <= 1_920
        and narrowest <= media.ratio <= 10
    )
    if not fits:
        return 2207026
    return 2207057 if cover_ms and cover_ms >= media.seconds * 1_000 else 0
