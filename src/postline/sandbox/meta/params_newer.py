"""Parameters that Meta's own SDK for Python, release 26.0.3, adds to the specification v25.0.

Source: https://github.com/facebook/facebook-python-business-sdk, read 2026-11-25.
"""

from collections.abc import Mapping
from typing import Final

TABLES: Final[Mapping[tuple[str, str, str], Mapping[str, str]]] = {
    ("POST", "page", "photos"): {"text": "composer_entry_point"},
    ("POST", "page", "videos"): {"flag": "is_ai_generated", "object": "selected_audio_spec"},
    ("POST", "page", "video_reels"): {"flag": "is_ai_generated"},
    ("POST", "page", "video_stories"): {"flag": "is_ai_generated"},
    ("POST", "instagram", "media"): {
        "text": "audio_configuration poll_attachment title",
        "flag": (
            "cross_post_to_threads is_ai_generated is_comment_prompt_used is_paid_partnership "
            "is_poll_duration_extended show_ig_link"
        ),
        "list": "branded_content_sponsor_ids",
    },
    ("POST", "instagram", "subscribed_apps"): {"list": "subscribed_fields"},
}
