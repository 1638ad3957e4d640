"""Parameters of Instagram accounts, containers and media, by kind, as Meta's specification v25.0 names them.

Source: https://github.com/facebook/facebook-business-sdk-codegen, api_specs/specs, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import Final

TABLES: Final[Mapping[tuple[str, str, str], Mapping[str, str]]] = {
    ("GET", "instagram", ""): {
        "text": "adgroup_id",
    },
    ("GET", "instagram", "media"): {
        "time": "since until",
    },
    ("POST", "instagram", "media"): {
        "text": (
            "alt_text audio_name caption cover_url image_url location_id media_type thumb_offset upload_type video_url"
        ),
        "flag": "is_carousel_item share_to_feed",
        "list": "children collaborators product_tags user_tags",
        "object": "trial_params",
    },
    ("POST", "instagram", "media_publish"): {
        "count": "creation_id",
    },
    ("GET", "instagram", "content_publishing_limit"): {
        "time": "since",
    },
    ("GET", "instagram", "insights"): {
        "time": "since until",
        "list": "breakdown metric period",
        "metric_type of": "default time_series total_value",
        "timeframe of": "last_14_days last_30_days last_90_days prev_month this_month this_week",
    },
    ("GET", "instagram", "stories"): {},
    ("GET", "container", ""): {},
    ("GET", "media", ""): {
        "text": ("business_id primary_fb_page_id primary_ig_user_id secondary_fb_page_id secondary_ig_user_id"),
        "count": "ad_account_id",
        "boostable_media_callsite of": (
            "ADS_MANAGER_L1_EDITOR_DYNAMIC_ADS_WITH_EXISTING_POST PA_HUB_CATALOG_INGESTION_CREATOR_ASSET"
        ),
    },
    ("POST", "media", ""): {
        "flag": "comment_enabled",
    },
    ("DELETE", "media", ""): {},
    ("GET", "media", "children"): {},
    ("GET", "media", "collaborators"): {},
    ("GET", "media", "comments"): {},
    ("POST", "media", "comments"): {
        "text": "ad_id message",
    },
    ("GET", "media", "insights"): {
        "list": "breakdown metric period",
    },
    ("GET", "reply", ""): {},
    ("POST", "reply", ""): {
        "text": "ad_id",
        "flag": "hide",
    },
    ("DELETE", "reply", ""): {
        "text": "ad_id",
    },
}
