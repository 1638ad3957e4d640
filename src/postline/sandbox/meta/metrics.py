"""Names of metrics, by what they are asked of, and the number that each shows.

A number is a key of growth.SHARES, or one of those that `insights` makes of several. Names that Meta has removed are
not here: asking for them fails. Source: https://developers.facebook.com/docs/graph-api/reference/page/insights,
https://developers.facebook.com/documentation/pages-api/platforminsights/page/deprecated-metrics and
https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import Final

Shares = Mapping[str, str]
REACTIONS: Final = ("like", "love", "wow", "haha", "sorry", "anger")

# Instagram media, by media_product_type

_EVERY_MEDIA: Final[Shares] = {
    "views": "views",
    "reach": "reach",
    "shares": "shares",
    "total_interactions": "interactions",
    "reposts": "reposts",
    "total_views": "views",
}
_LIKED: Final[Shares] = {
    "likes": "likes",
    "comments": "comments",
    "saved": "saved",
    "total_likes": "likes",
    "total_comments": "comments",
}
_FEED_AND_STORY: Final[Shares] = {
    "follows": "follows",
    "profile_visits": "profile_visits",
    "profile_activity": "clicks",
}
INSTAGRAM_MEDIA: Final[Mapping[str, Shares]] = {
    "FEED": {**_EVERY_MEDIA, **_LIKED, **_FEED_AND_STORY},
    "REELS": {
        **_EVERY_MEDIA,
        **_LIKED,
        "ig_reels_avg_watch_time": "watched",
        "ig_reels_video_view_total_time": "watched in total",
        "reels_skip_rate": "skipped",
    },
    "STORY": {
        **_EVERY_MEDIA,
        **_FEED_AND_STORY,
        "navigation": "navigation",
        "replies": "replies",
        "link_clicks": "link_clicks",
    },
}
ON_FACEBOOK_ONLY: Final = frozenset({"crossposted_views", "facebook_views"})
"""Known, but they fail for media that is not on Facebook, as none of the sandbox's is."""

BREAKDOWNS: Final[Mapping[str, tuple[str, Mapping[str, float]]]] = {
    "profile_activity": ("action_type", {"bio_link_clicked": 0.5, "email": 0.2, "direction": 0.2, "other": 0.1}),
    "navigation": (
        "story_navigation_action_type",
        {"tap_forward": 0.7, "tap_back": 0.05, "tap_exit": 0.15, "swipe_forward": 0.1},
    ),
}
"""The one breakdown that a metric of Instagram media takes, and how the number splits."""

# Pages

FACEBOOK_POST: Final[Shares] = {
    "post_media_view": "views",
    "post_total_media_view_unique": "reach",
    "post_clicks": "clicks",
    "post_clicks_by_type": "clicks by type",
    "post_reactions_by_type_total": "reactions",
    "post_activity_by_action_type": "activity",
    **{f"post_reactions_{name}_total": "likes" if name == "like" else "nothing" for name in REACTIONS},
}
FACEBOOK_VIDEO_POST: Final[Shares] = {
    "post_video_views": "views",
    "post_video_views_organic": "views",
    "post_video_views_paid": "nothing",
    "post_video_views_15s": "reach",
    "post_video_length": "length",
    "post_video_avg_time_watched": "watched",
    "post_video_view_time": "watched in total",
    "post_video_retention_graph": "retention",
}
"""These say nothing of a post without a video."""

POST_BREAKDOWNS: Final[Mapping[str, float]] = {"is_from_ads": 0.0, "is_from_followers": 0.4}
"""The share of views for which it is so. Of post_media_view and page_media_view only."""

FACEBOOK_STORY: Final[Shares] = {
    "story_media_view": "views",
    "story_total_media_view_unique": "reach",
    "story_interaction": "interactions",
    "pages_fb_story_replies": "replies",
    "pages_fb_story_shares": "shares",
    "pages_fb_story_thread_lightweight_reactions": "likes",
    "pages_fb_story_sticker_interactions": "link_clicks",
}
FACEBOOK_REEL: Final[Shares] = {
    "blue_reels_play_count": "views",
    "fb_reels_total_plays": "all plays",
    "fb_reels_replay_count": "replays",
    "post_video_avg_time_watched": "watched",
    "post_video_view_time": "watched in total",
    "post_video_social_actions": "social actions",
    "post_video_likes_by_reaction_type": "reaction types",
    "post_video_followers": "follows",
    "post_video_retention_graph": "retention",
}
FACEBOOK_VIDEO: Final[Shares] = {
    "total_video_views": "views",
    "total_video_15s_views": "reach",
    "total_video_30s_views": "clicks",
    "total_video_complete_views": "saved",
    "total_video_avg_time_watched": "watched",
    "total_video_view_total_time": "watched in total",
    "total_video_reactions_by_type_total": "reactions",
    "total_video_stories_by_action_type": "activity",
    "total_video_retention_graph": "retention",
}

# Profiles

PAGE_BY_DAY: Final[Shares] = {
    "page_follows": "followers",
    "page_daily_follows": "follows",
    "page_actions_post_reactions_total": "reactions",
    "page_video_view_time": "watched in total",
}
PAGE: Final[Shares] = {
    "page_media_view": "views",
    "page_total_media_view_unique": "reach",
    "page_post_engagements": "interactions",
    "page_daily_follows_unique": "follows",
    "page_daily_unfollows_unique": "reposts",
    "page_views_total": "profile_visits",
    "page_total_actions": "clicks",
    "page_video_views": "views",
    "page_video_complete_views_30s": "saved",
    **{f"page_actions_post_reactions_{name}_total": "likes" if name == "like" else "nothing" for name in REACTIONS},
    **PAGE_BY_DAY,
}
INSTAGRAM_TOTALS: Final[Shares] = {
    "views": "views",
    "reach": "reach",
    "accounts_engaged": "clicks",
    "total_interactions": "interactions",
    "likes": "likes",
    "comments": "comments",
    "saves": "saved",
    "shares": "shares",
    "replies": "replies",
    "reposts": "reposts",
    "profile_links_taps": "link_clicks",
    "follows_and_unfollows": "follows",
}
INSTAGRAM_SERIES: Final[Shares] = {"reach": "reach", "follower_count": "follows"}
