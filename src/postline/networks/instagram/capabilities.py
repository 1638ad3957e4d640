"""What an Instagram professional account can carry.

Sources, read 2026-09-11: https://developers.facebook.com/documentation/instagram-platform/content-publishing,
.../instagram-graph-api/reference/ig-user/media, .../ig-user/content_publishing_limit
"""

from datetime import date, timedelta
from typing import Final

from postline.core.capabilities import Capabilities, FormatRules, MediaLimits, TextUnit
from postline.core.words import Format, MediaKind, NetworkKey, ProviderKey

JPEG: Final = frozenset({"image/jpeg"})
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
VIDEO_CODECS: Final = frozenset({"h264", "hevc"})
# Film at 24000/1001 frames a second lies inside these bounds.
FRAME_RATE: Final = (23.0, 60.0)
IMAGE_MAX_BYTES: Final = 8_000_000
CAPTION_MAX: Final = 2_200
COVER: Final = MediaLimits(content_types=JPEG, size_max_bytes=IMAGE_MAX_BYTES)

SHORT_VIDEO: Final = MediaLimits(
    content_types=VIDEO_TYPES,
    size_max_bytes=100_000_000,
    ratio=(0.1, 10.0),
    duration=(timedelta(seconds=3), timedelta(seconds=60)),
    frame_rate=FRAME_RATE,
    video_codecs=VIDEO_CODECS,
)

CAPABILITIES: Final = Capabilities(
    network=NetworkKey.INSTAGRAM,
    name="Instagram",
    provider=ProviderKey.META,
    formats={
        Format.FEED: FormatRules(
            count=(1, 10),
            media={
                MediaKind.IMAGE: MediaLimits(
                    content_types=JPEG, size_max_bytes=IMAGE_MAX_BYTES, ratio=(0.8, 1.91), width_min=320
                ),
                # Instagram states no bounds for videos in a carousel; a story's are the safe ones.
                MediaKind.VIDEO: SHORT_VIDEO,
            },
            caption_max=CAPTION_MAX,
            mixes_kinds=True,
            cover=COVER,
            needs_public_url=frozenset({MediaKind.IMAGE}),
            note="Everything in a carousel is cropped to the shape of its first item. A single video becomes a reel.",
        ),
        Format.REEL: FormatRules(
            count=(1, 1),
            media={
                MediaKind.VIDEO: MediaLimits(
                    content_types=VIDEO_TYPES,
                    size_max_bytes=300_000_000,
                    ratio=(0.01, 10.0),
                    duration=(timedelta(seconds=3), timedelta(minutes=15)),
                    frame_rate=FRAME_RATE,
                    video_codecs=VIDEO_CODECS,
                )
            },
            caption_max=CAPTION_MAX,
            cover=COVER,
        ),
        Format.STORY: FormatRules(
            count=(1, 1),
            media={
                MediaKind.IMAGE: MediaLimits(content_types=JPEG, size_max_bytes=IMAGE_MAX_BYTES),
                MediaKind.VIDEO: SHORT_VIDEO,
            },
            caption_max=0,
            needs_public_url=frozenset({MediaKind.IMAGE}),
        ),
    },
    caption_unit=TextUnit.CHARACTERS,
    hashtags_max=30,
    mentions_max=20,
    scopes=frozenset(
        {
            "pages_show_list",
            "pages_read_engagement",
            "instagram_basic",
            "instagram_content_publish",
            "instagram_manage_comments",  # the first comment
            "instagram_manage_insights",
        }
    ),
    source="https://developers.facebook.com/documentation/instagram-platform/content-publishing",
    read_on=date(2026, 9, 11),
)
