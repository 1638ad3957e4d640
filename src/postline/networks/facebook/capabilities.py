"""What a Facebook Page can carry.

Sources, read 2026-09-11: https://developers.facebook.com/documentation/video-api/guides/reels-publishing,
https://developers.facebook.com/documentation/video-api/page-stories-api, https://developers.facebook.com/documentation/pages-api/posts
"""

from datetime import date, timedelta
from typing import Final

from postline.core.capabilities import Capabilities, DailyLimit, FormatRules, MediaLimits, TextUnit
from postline.core.words import Format, MediaKind, NetworkKey, ProviderKey

PHOTO_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"})
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
VIDEO_CODECS: Final = frozenset({"h264", "hevc", "vp9", "av1"})
# Film at 24000/1001 frames a second counts as 24.
FRAME_RATE: Final = (23.97, 60.0)
CAPTION_MAX: Final = 63_206  # what publishers measure; Meta states no number

COVER: Final = MediaLimits(content_types=frozenset({"image/jpeg", "image/png"}), size_max_bytes=4_000_000)

REEL_VIDEO: Final = MediaLimits(
    content_types=VIDEO_TYPES,
    ratio=(9 / 16, 16 / 9),
    duration=(timedelta(seconds=3), timedelta(seconds=90)),
    width_min=540,
    height_min=540,
    frame_rate=FRAME_RATE,
    video_codecs=VIDEO_CODECS,
)

CAPABILITIES: Final = Capabilities(
    network=NetworkKey.FACEBOOK,
    name="Facebook",
    provider=ProviderKey.META,
    formats={
        Format.FEED: FormatRules(
            count=(0, 10),
            media={
                MediaKind.IMAGE: MediaLimits(content_types=PHOTO_TYPES, size_max_bytes=4_000_000),
                MediaKind.VIDEO: MediaLimits(
                    content_types=VIDEO_TYPES,
                    # The guide's bounds for uploads in pieces; older pages allow more.
                    size_max_bytes=1_500_000_000,
                    duration=(timedelta(seconds=1), timedelta(minutes=45)),
                ),
            },
            caption_max=CAPTION_MAX,
            cover=COVER,
            note="A text, a link, up to 10 photos, or one video.",
        ),
        Format.REEL: FormatRules(
            count=(1, 1),
            media={MediaKind.VIDEO: REEL_VIDEO},
            caption_max=CAPTION_MAX,
            cover=COVER,
            per_day=DailyLimit(posts=30, formats=frozenset({Format.REEL})),
        ),
        Format.STORY: FormatRules(
            count=(1, 1),
            media={
                MediaKind.IMAGE: MediaLimits(content_types=PHOTO_TYPES, size_max_bytes=10_000_000),
                MediaKind.VIDEO: MediaLimits(
                    content_types=VIDEO_TYPES,
                    ratio=REEL_VIDEO.ratio,
                    duration=(timedelta(seconds=3), timedelta(seconds=60)),
                    width_min=540,
                    height_min=540,
                    frame_rate=FRAME_RATE,
                    video_codecs=VIDEO_CODECS,
                ),
            },
            caption_max=0,
        ),
    },
    caption_unit=TextUnit.CHARACTERS,
    scopes=frozenset(
        {
            "pages_show_list",
            "pages_read_engagement",
            "pages_manage_posts",
            "pages_manage_engagement",  # the first comment
            "pages_read_user_content",  # to see whether it is there
            "read_insights",
        }
    ),
    source="https://developers.facebook.com/documentation/pages-api/posts",
    read_on=date(2026, 9, 11),
)
