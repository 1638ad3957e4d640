"""TikTok's rules about an author's choices and about the media, beyond the capabilities table.

Sources, read 2026-09-11: https://developers.tiktok.com/docs/en/content-sharing-guidelines,
.../content-posting-api-reference-direct-post, .../content-posting-api-reference-photo-post,
.../content-posting-api-reference-upload-video
"""

from collections.abc import Iterator, Mapping
from typing import Final

from postline.core.content import PublishOrder
from postline.core.preflight import Problem, Severity
from postline.core.words import MediaKind
from postline.networks.apps import Posting, TikTokApp
from postline.networks.options import read_options
from postline.networks.tiktok.capabilities import CAPABILITIES, PHOTO_TITLE_MAX, SIDE_MAX, VIDEO_CAPTION_MAX
from postline.networks.tiktok.guidelines import BRANDED_NOT_PRIVATE, DISCLOSURE_NEEDED
from postline.networks.tiktok.options import Privacy, TikTokOptions, is_video

PHOTO_SIDE_MAX: Final = 1080
# What is not chosen here for such a post, and why.
NOT_FOR_PHOTOS: Final[Mapping[str, str]] = {
    "allow_duet": "Photos have no duets and stitches. Switch this off.",
    "allow_stitch": "Photos have no duets and stitches. Switch this off.",
    "cover_ms": "The cover of photos is one of them: choose which, and leave out the moment.",
}
NOT_FOR_VIDEOS: Final[Mapping[str, str]] = {
    "title": "Only photos have a title. Write it into the text.",
    "auto_add_music": "TikTok adds music to photos only. Switch this off.",
    "photo_cover_index": "The cover of a video is a moment of it: choose that, and leave out the photo.",
}
DRAFTS_ONLY: Final = (
    "TikTok has approved this app for drafts alone, not for direct posts. Send a draft, or have the operator change "
    "POSTLINE_TIKTOK_POSTING once TikTok has approved video.publish."
)
DIRECT_ONLY: Final = (
    "TikTok has approved this app for direct posts alone, not for drafts. Post it directly, or have the operator "
    "change POSTLINE_TIKTOK_POSTING once TikTok has approved video.upload."
)
IN_THE_APP: Final = "With a draft, the creator chooses this in the TikTok app. Leave it out, or do not send a draft."
NOT_FOR_DRAFTS: Final[Mapping[str, str]] = dict.fromkeys(
    (
        "allow_comment",
        "allow_duet",
        "allow_stitch",
        "discloses_commercial",
        "your_brand",
        "branded_content",
        "is_aigc",
        "auto_add_music",
        "cover_ms",
    ),
    IN_THE_APP,
)


def check_options(order: PublishOrder, app: TikTokApp | None) -> list[Problem]:
    options, problems = read_options(TikTokOptions, order)
    if options is None:
        return problems
    elsewhere = NOT_FOR_VIDEOS if is_video(order) else NOT_FOR_PHOTOS
    return [
        *_check_places(options, {**elsewhere, **NOT_FOR_DRAFTS} if options.as_draft else elsewhere),
        *(_check_draft(order, options, app) if options.as_draft else _check_direct(options, app)),
        *(_check_video(order, options) if is_video(order) else _check_photos(order, options)),
    ]


def _check_places(options: TikTokOptions, places: Mapping[str, str]) -> Iterator[Problem]:
    """Options that were chosen though this post has none of them."""
    for name, text in places.items():
        if getattr(options, name) != TikTokOptions.model_fields[name].default:
            yield Problem("option-not-here", f"/options/{name}", text)


def _check_draft(order: PublishOrder, options: TikTokOptions, app: TikTokApp | None) -> Iterator[Problem]:
    if app is not None and app.posting is Posting.DIRECT:
        yield Problem("app-not-approved", "/options/as_draft", DIRECT_ONLY)
        return
    if options.privacy_level is not None:
        text = "With a draft, the creator chooses who can see it in the TikTok app; this choice is not used."
        yield Problem("privacy-not-used", "/options/privacy_level", text, Severity.WARNING)
    if is_video(order) and order.caption:
        text = "TikTok takes no text with the draft of a video; the creator writes it in the TikTok app."
        yield Problem("caption-not-shown", "/caption", text, Severity.WARNING)


def _check_direct(options: TikTokOptions, app: TikTokApp | None) -> Iterator[Problem]:
    if app is not None and app.posting is Posting.DRAFTS:
        yield Problem("app-not-approved", "/options/as_draft", DRAFTS_ONLY)
        return
    if options.privacy_level is None:
        yield Problem("option-missing", "/options/privacy_level", "Choose who can see this post.")
    elif app is not None and not app.is_audited and options.privacy_level is not Privacy.SELF:
        advice = "Choose that." if app.posting is Posting.DIRECT else "Choose that, or send a draft."
        text = f"TikTok has not audited this app yet, so it may post for “Only me” alone. {advice}"
        yield Problem("app-not-audited", "/options/privacy_level", text)
    if options.branded_content and options.privacy_level is Privacy.SELF:
        yield Problem("branded-content-private", "/options/privacy_level", BRANDED_NOT_PRIVATE)
    is_chosen = options.your_brand or options.branded_content
    if options.discloses_commercial and not is_chosen:
        yield Problem("commercial-content-unclear", "/options/discloses_commercial", DISCLOSURE_NEEDED)
    if is_chosen and not options.discloses_commercial:
        text = "Switch on the disclosure of commercial content, or take back what it discloses."
        yield Problem("commercial-content-undisclosed", "/options/discloses_commercial", text)


def _check_video(order: PublishOrder, options: TikTokOptions) -> Iterator[Problem]:
    length = CAPABILITIES.caption_unit.length(order.caption)
    # Where the format itself allows no more, preflight has said so already.
    allowed = CAPABILITIES.formats[order.format].caption_max if order.format in CAPABILITIES.formats else 0
    if allowed and allowed > VIDEO_CAPTION_MAX and length > VIDEO_CAPTION_MAX and not options.as_draft:
        text = f"TikTok allows {VIDEO_CAPTION_MAX:,} characters with a video; this has {length:,}. Shorten the text."
        yield Problem("caption-too-long", "/caption", text)
    for place, item in enumerate(order.media):
        if item.kind is MediaKind.VIDEO and max(item.width, item.height) > SIDE_MAX:
            text = f"TikTok takes videos of up to {SIDE_MAX:,} pixels a side. Make it smaller."
            yield Problem("media-too-wide", f"/media/{place}", text)
        if item.duration_ms is not None and options.cover_ms is not None and options.cover_ms > item.duration_ms:
            text = f"The video ends after {item.duration_ms:,} ms; the cover must be a moment of it."
            yield Problem("cover-outside-video", "/options/cover_ms", text)


def _check_photos(order: PublishOrder, options: TikTokOptions) -> Iterator[Problem]:
    length = CAPABILITIES.caption_unit.length(options.title)
    if length > PHOTO_TITLE_MAX:
        text = f"TikTok allows {PHOTO_TITLE_MAX} characters in a title; this has {length}. Shorten it."
        yield Problem("title-too-long", "/options/title", text)
    if options.photo_cover_index >= max(len(order.media), 1):
        text = f"There are {len(order.media)} photos; the cover must be one of them."
        yield Problem("cover-outside-photos", "/options/photo_cover_index", text)
    for place, item in enumerate(order.media):
        # "Maximum 1080p" is all that TikTok says about photos.
        if item.kind is MediaKind.IMAGE and min(item.width, item.height) > PHOTO_SIDE_MAX:
            yield Problem("media-too-wide", f"/media/{place}", "TikTok takes photos of up to 1080p. Make it smaller.")


def check_reach(order: PublishOrder, app: TikTokApp | None) -> Iterator[Problem]:
    """Everything that TikTok would have to fetch from an address that it cannot reach."""
    if app is None or app.can_fetch:
        return
    fetched = {MediaKind.IMAGE, MediaKind.VIDEO} if app.pulls_videos else {MediaKind.IMAGE}
    for place, item in enumerate(order.media):
        if item.kind in fetched:
            text = (
                f"TikTok fetches {item.kind}s itself and cannot reach this server. "
                "Set POSTLINE_PUBLIC_URL to an https address that is verified at TikTok."
            )
            yield Problem("public-url-unreachable", f"/media/{place}", text)
