"""Parameters of a Page's edges, by kind, as Meta's specification v25.0 names them.

Source: https://github.com/facebook/facebook-business-sdk-codegen, api_specs/specs, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import Final

TABLES: Final[Mapping[tuple[str, str, str], Mapping[str, str]]] = {
    ("POST", "page", "feed"): {
        "text": (
            "album_id android_key_hash application_id asset3d_id associated_id caption client_mutation_id "
            "composer_entry_picker composer_entry_point composer_session_events_log composer_session_id "
            "composer_source_surface composer_type connection_class content_attachment cta_link cta_type "
            "description fun_fact_prompt_id instant_game_entry_point_data ios_bundle_id link location_source_id "
            "message name nectar_module object_attachment og_action_type_id og_icon_id og_object_id og_phrase "
            "og_suggestion_mechanism page_recommendation picture place_list privacy prompt_id "
            "prompt_tracking_string proxied_app_id quote referral_id source sponsor_id text_format_metadata "
            "text_format_preset_id text_only_place title tracking_info"
        ),
        "flag": (
            "attach_place_suggestion audience_exp breaking_news enforce_link_ownership is_backout_draft "
            "is_boost_intended is_explicit_location is_explicit_share is_group_linking_post is_photo_container "
            "manual_privacy multi_share_end_card multi_share_optimized og_hide_object_attachment "
            "og_set_profile_badge published user_selected_tags"
        ),
        "count": (
            "asked_fun_fact_prompt_id breaking_news_expiration composer_entry_time direct_share_status "
            "expanded_height expanded_width fun_fact_toastee_id height publish_event_id sponsor_relationship "
            "time_since_original_post video_start_time_ms width"
        ),
        "time": "backdated_time scheduled_publish_time",
        "list": (
            "attached_media child_attachments implicit_with_tags place_list_data post_surfaces_blacklist ref "
            "referenceable_image_ids tags"
        ),
        "object": "image_crops",
        "json": (
            "actions call_to_action coordinates feed_targeting home_checkin_city_id place properties "
            "suggested_place_id targeting viewer_coordinates"
        ),
        "file": "thumbnail",
        "backdated_time_granularity of": "day hour min month none year",
        "formatting of": "MARKDOWN PLAINTEXT",
        "place_attachment_setting of": "1 2",
        "posting_to_redspace of": "disabled enabled",
        "target_surface of": "STORY TIMELINE",
        "unpublished_content_type of": (
            "ADS_POST DRAFT INLINE_CREATED PUBLISHED PUBLISH_PENDING REVIEWABLE_BRANDED_CONTENT SCHEDULED "
            "SCHEDULED_RECURRING"
        ),
    },
    ("POST", "page", "photos"): {
        "text": (
            "aid alt_text_custom android_key_hash application_id caption composer_session_id ios_bundle_id "
            "location_source_id message name nectar_module og_action_type_id og_icon_id og_object_id og_phrase "
            "og_suggestion_mechanism privacy proxied_app_id qn sponsor_id url vault_image_id"
        ),
        "flag": (
            "allow_spherical_photo audience_exp full_res_is_coming_later is_explicit_location is_explicit_place "
            "manual_privacy no_story og_set_profile_badge published temporary user_selected_tags"
        ),
        "count": (
            "attempt direct_share_status filter_type initial_view_heading_override_degrees "
            "initial_view_pitch_override_degrees initial_view_vertical_fov_override_degrees offline_id "
            "parent_media_id scheduled_publish_time sponsor_relationship time_since_original_post"
        ),
        "int": "profile_id target_id uid",
        "time": "backdated_time",
        "list": "tags",
        "object": "provenance_info spherical_metadata",
        "json": "feed_targeting place targeting",
        "backdated_time_granularity of": "day hour min month none year",
        "unpublished_content_type of": (
            "ADS_POST DRAFT INLINE_CREATED PUBLISHED PUBLISH_PENDING REVIEWABLE_BRANDED_CONTENT SCHEDULED "
            "SCHEDULED_RECURRING"
        ),
    },
    ("POST", "page", "videos"): {
        "text": (
            "application_id audio_story_wave_animation_handle composer_entry_picker composer_entry_point "
            "composer_session_events_log composer_session_id composer_source_surface composer_type container_type "
            "creative_tools crossposted_video_id description fbuploader_video_file_chunk file_url "
            "fun_fact_prompt_id instant_game_entry_point_data location_source_id og_action_type_id og_icon_id "
            "og_object_id og_phrase og_suggestion_mechanism partnership_ad_ad_code referenced_sticker_id "
            "replace_video_id source source_instagram_media_id specified_dialect sponsor_id text_format_metadata "
            "title transcode_setting_properties universal_video_id upload_session_id upload_setting_properties "
            "video_asset_id video_file_chunk video_id_original waterfall_id"
        ),
        "flag": (
            "embeddable fisheye_video_cropped guide_enabled is_boost_intended is_explicit_share "
            "is_group_linking_post is_partnership_ad is_voice_clip manual_privacy no_story published reference_only "
            "secret social_actions spherical"
        ),
        "count": (
            "asked_fun_fact_prompt_id composer_entry_time direct_share_status end_offset file_size fov "
            "fun_fact_toastee_id initial_heading initial_pitch original_fov publish_event_id scheduled_publish_time "
            "sponsor_relationship start_offset time_since_original_post video_start_time_ms"
        ),
        "float": "front_z_rotation",
        "list": "ad_breaks backdated_post content_tags custom_labels guide multilingual_data",
        "object": "edit_description_spec slideshow_spec",
        "json": "call_to_action expiration feed_targeting targeting",
        "file": "thumb",
        "content_category of": (
            "BEAUTY_FASHION BUSINESS CARS_TRUCKS COMEDY CUTE_ANIMALS ENTERTAINMENT FAMILY FOOD_HEALTH HOME "
            "LIFESTYLE MUSIC NEWS OTHER POLITICS SCIENCE SPORTS TECHNOLOGY VIDEO_GAMING"
        ),
        "formatting of": "MARKDOWN PLAINTEXT",
        "original_projection_type of": "cubemap equirectangular half_equirectangular",
        "swap_mode of": "replace",
        "unpublished_content_type of": (
            "ADS_POST DRAFT INLINE_CREATED PUBLISHED PUBLISH_PENDING REVIEWABLE_BRANDED_CONTENT SCHEDULED "
            "SCHEDULED_RECURRING"
        ),
        "upload_phase of": "cancel finish start transfer",
    },
    ("POST", "page", "video_reels"): {
        "text": "description place title video_id",
        "time": "scheduled_publish_time",
        "json": "feed_targeting targeting",
        "upload_phase of": "FINISH START",
        "video_state of": "DRAFT PUBLISHED SCHEDULED",
    },
    ("POST", "page", "video_stories"): {
        "text": "description place title video_id",
        "time": "scheduled_publish_time",
        "json": "feed_targeting targeting",
        "upload_phase of": "FINISH START",
        "video_state of": "DRAFT PUBLISHED SCHEDULED",
    },
    ("POST", "page", "photo_stories"): {
        "text": "photo_id",
    },
    ("GET", "page", ""): {
        "text": "account_linking_token",
    },
    ("GET", "page", "feed"): {
        "flag": "include_hidden show_expired",
        "count": "limit",
        "with of": "LOCATION",
    },
    ("GET", "page", "posts"): {
        "text": "q",
        "flag": "include_hidden show_expired",
        "count": "limit",
        "with of": "LOCATION",
    },
    ("GET", "page", "published_posts"): {
        "flag": "include_hidden show_expired",
        "count": "limit",
        "with of": "LOCATION",
    },
    ("GET", "page", "scheduled_posts"): {},
    ("GET", "page", "videos"): {
        "type of": "TAGGED UPLOADED",
    },
    ("GET", "page", "video_reels"): {
        "time": "since until",
    },
    ("GET", "page", "stories"): {
        "time": "since until",
        "list": "status",
    },
    ("GET", "page", "insights"): {
        "flag": "show_description_from_api_doc",
        "time": "since until",
        "list": "breakdown metric",
        "date_preset of": (
            "data_maximum last_14d last_28d last_30d last_3d last_7d last_90d last_month last_quarter "
            "last_week_mon_sun last_week_sun_sat last_year maximum this_month this_quarter this_week_mon_today "
            "this_week_sun_today this_year today yesterday"
        ),
        "period of": "day days_28 lifetime month total_over_range week",
    },
    ("GET", "page", "subscribed_apps"): {},
    ("POST", "page", "subscribed_apps"): {
        "list": "subscribed_fields",
    },
    ("DELETE", "page", "subscribed_apps"): {},
}
