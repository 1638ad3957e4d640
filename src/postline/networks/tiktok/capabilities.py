"""What a TikTok account can carry through the Content Posting API.

Sources, read 2026-09-11: https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide,
.../content-posting-api-reference-direct-post, .../content-posting-api-reference-photo-post
"""

from datetime import date, timedelta
from typing import Final

from postline.core.capabilities import Capabilities, DailyLimit, FormatRules, MediaLimits, TextUnit
from postline.core.words import Format, MediaKind, NetworkKey, ProviderKey

VIDEO_CAPTION_MAX: Final = 2_200
PHOTO_CAPTION_MAX: Final = 4_000
PHOTO_TITLE_MAX: Final = 90
SIDE_MAX: Final = 4_096
# "Typically around 15 posts per day" for each creator, over all apps together; TikTok tells no exact number, and means
# direct posts of every format. Of drafts five may wait in the creator's inbox: how many do is known to TikTok alone,
# which says when there are too many.
# Source: https://developers.tiktok.com/docs/en/content-sharing-guidelines, read 2026-09-11.
DIRECT_POSTS: Final = DailyLimit(posts=15, formats=frozenset({Format.FEED, Format.REEL}), unless="as_draft")
A_DAY: Final = (
    "TikTok typically takes around 15 posts a day of a creator, over all apps together; of drafts, five may wait."
)

VIDEO: Final = MediaLimits(
    content_types=frozenset({"video/mp4", "video/quicktime", "video/webm"}),
    size_max_bytes=4_000_000_000,
    # Each creator has a bound of their own, 3 to 10 minutes, asked for before sending. TikTok states no least length.
    duration=(timedelta(seconds=1), timedelta(minutes=10)),
    width_min=360,
    height_min=360,
    frame_rate=(23.0, 60.0),
    video_codecs=frozenset({"h264", "hevc", "vp8", "vp9"}),
)

CAPABILITIES: Final = Capabilities(
    network=NetworkKey.TIKTOK,
    name="TikTok",
    provider=ProviderKey.TIKTOK,
    formats={
        Format.FEED: FormatRules(
            count=(1, 35),
            media={
                MediaKind.IMAGE: MediaLimits(
                    content_types=frozenset({"image/jpeg", "image/webp"}), size_max_bytes=20_000_000
                ),
                MediaKind.VIDEO: VIDEO,
            },
            caption_max=PHOTO_CAPTION_MAX,
            per_day=DIRECT_POSTS,
            needs_public_url=frozenset({MediaKind.IMAGE}),
            note=f"1 to 35 photos, or one video. A video's caption has at most 2,200 characters. {A_DAY}",
        ),
        Format.REEL: FormatRules(
            count=(1, 1),
            media={MediaKind.VIDEO: VIDEO},
            caption_max=VIDEO_CAPTION_MAX,
            per_day=DIRECT_POSTS,
            note=A_DAY,
        ),
    },
    missing_formats={Format.STORY: "TikTok lets no app publish stories."},
    caption_unit=TextUnit.UTF16,
    scopes=frozenset({"user.info.basic", "user.info.profile", "video.publish", "video.upload", "video.list"}),
    source="https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide",
    read_on=date(2026, 9, 11),
)
