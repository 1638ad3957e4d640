"""Parameters of a Page's posts, of people, businesses and apps, by kind, as Meta's specification v25.0 names them.

Source: https://github.com/facebook/facebook-business-sdk-codegen, api_specs/specs, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import Final

TABLES: Final[Mapping[tuple[str, str, str], Mapping[str, str]]] = {
    ("GET", "post", ""): {
        "text": "primary_fb_page_id primary_ig_user_id",
    },
    ("POST", "post", ""): {
        "text": (
            "composer_session_id message og_action_type_id og_icon_id og_object_id og_phrase "
            "og_suggestion_mechanism privacy source_type sponsor_id text_format_preset_id tracking"
        ),
        "flag": (
            "is_explicit_location is_hidden is_pinned is_published og_hide_object_attachment og_set_profile_badge "
            "should_sync_product_edit"
        ),
        "count": "direct_share_status scheduled_publish_time sponsor_relationship",
        "time": "backdated_time",
        "list": "attached_media explicitly_added_mentionee_ids tags",
        "json": "place product_item",
        "backdated_time_granularity of": "day hour min month none year",
        "feed_story_visibility of": "hidden visible",
        "timeline_visibility of": "forced_allow hidden normal",
    },
    ("DELETE", "post", ""): {},
    ("GET", "post", "comments"): {
        "time": "since",
        "filter of": "stream toplevel",
        "live_filter of": "filter_low_quality no_filter",
        "order of": "chronological reverse_chronological",
    },
    ("POST", "post", "comments"): {
        "text": (
            "attachment_id attachment_share_url attachment_url comment feedback_source message nectar_module "
            "post_id tracking"
        ),
        "json": "parent_comment_id",
        "comment_privacy_value of": (
            "DECLINED_BY_ADMIN_ASSISTANT DEFAULT_PRIVACY FRIENDS_AND_POST_OWNER FRIENDS_ONLY "
            "GRAPHQL_MULTIPLE_VALUE_HACK_DO_NOT_USE OWNER_OR_COMMENTER PENDING_APPROVAL REMOVED_BY_ADMIN_ASSISTANT "
            "SIDE_CONVERSATION SIDE_CONVERSATION_AND_POST_OWNER SPOTLIGHT_TAB"
        ),
    },
    ("GET", "post", "insights"): {
        "time": "since until",
        "list": "metric",
        "date_preset of": (
            "data_maximum last_14d last_28d last_30d last_3d last_7d last_90d last_month last_quarter "
            "last_week_mon_sun last_week_sun_sat last_year maximum this_month this_quarter this_week_mon_today "
            "this_week_sun_today this_year today yesterday"
        ),
        "period of": "day days_28 lifetime month total_over_range week",
    },
    ("GET", "photo", ""): {},
    ("DELETE", "photo", ""): {},
    ("GET", "photo", "comments"): {
        "time": "since",
        "filter of": "stream toplevel",
        "live_filter of": "filter_low_quality no_filter",
        "order of": "chronological reverse_chronological",
    },
    ("POST", "photo", "comments"): {
        "text": (
            "attachment_id attachment_share_url attachment_url feedback_source message nectar_module object_id text "
            "tracking"
        ),
        "flag": "is_offline",
        "list": "facepile_mentioned_ids",
        "json": "parent_comment_id",
        "comment_privacy_value of": (
            "DECLINED_BY_ADMIN_ASSISTANT DEFAULT_PRIVACY FRIENDS_AND_POST_OWNER FRIENDS_ONLY "
            "GRAPHQL_MULTIPLE_VALUE_HACK_DO_NOT_USE OWNER_OR_COMMENTER PENDING_APPROVAL REMOVED_BY_ADMIN_ASSISTANT "
            "SIDE_CONVERSATION SIDE_CONVERSATION_AND_POST_OWNER SPOTLIGHT_TAB"
        ),
    },
    ("GET", "video", ""): {},
    ("DELETE", "video", ""): {},
    ("GET", "video", "comments"): {
        "time": "since",
        "filter of": "stream toplevel",
        "live_filter of": "filter_low_quality no_filter",
        "order of": "chronological reverse_chronological",
    },
    ("POST", "video", "comments"): {
        "text": (
            "attachment_id attachment_share_url attachment_url feedback_source message nectar_module object_id text "
            "tracking"
        ),
        "flag": "is_offline",
        "list": "facepile_mentioned_ids",
        "json": "parent_comment_id",
        "comment_privacy_value of": (
            "DECLINED_BY_ADMIN_ASSISTANT DEFAULT_PRIVACY FRIENDS_AND_POST_OWNER FRIENDS_ONLY "
            "GRAPHQL_MULTIPLE_VALUE_HACK_DO_NOT_USE OWNER_OR_COMMENTER PENDING_APPROVAL REMOVED_BY_ADMIN_ASSISTANT "
            "SIDE_CONVERSATION SIDE_CONVERSATION_AND_POST_OWNER SPOTLIGHT_TAB"
        ),
    },
    ("GET", "video", "thumbnails"): {},
    ("POST", "video", "thumbnails"): {
        "flag": "is_preferred",
        "file": "source",
    },
    ("GET", "video", "video_insights"): {
        "time": "since until",
        "list": "metric",
        "period of": "day days_28 lifetime month total_over_range week",
    },
    ("GET", "comment", ""): {},
    ("POST", "comment", ""): {
        "text": "attachment_id attachment_share_url attachment_url message",
        "flag": "is_hidden",
    },
    ("DELETE", "comment", ""): {},
    ("GET", "me", ""): {},
    ("GET", "me", "accounts"): {
        "text": "ad_id",
        "flag": "is_place is_promotable",
    },
    ("GET", "me", "businesses"): {},
    ("GET", "me", "permissions"): {
        "text": "permission",
        "status of": "declined expired granted",
    },
    ("DELETE", "me", "permissions"): {
        "text": "permission",
    },
    ("GET", "business", ""): {},
    ("GET", "business", "owned_pages"): {},
    ("GET", "business", "client_pages"): {},
    ("POST", "app", "uploads"): {
        "count": "file_length",
        "json": "file_name file_type",
        "session_type of": "attachment",
    },
}
