"""TikTok's error codes and reasons of failure, and what a person should do about each. Matched whole, never by part.

Sources, read 2026-09-11: https://developers.tiktok.com/doc/tiktok-api-v2-error-handling,
https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status, https://developers.tiktok.com/doc/oauth-error-handling
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.redaction import redact
from postline.networks.rules import Rule

K = ErrorKind
DAY: Final = timedelta(days=1)

TOO_MANY_POSTS: Final = (
    "The creator has reached TikTok's posts per day, counted over all apps. Postline tries again tomorrow; "
    "in the TikTok app posting still works."
)
BANNED: Final = "TikTok does not let this account post at the moment. Open the app to see why."
NOT_FETCHED: Final = (
    "TikTok could not fetch the media within an hour and posted nothing. The operator must see that "
    "POSTLINE_PUBLIC_URL can be reached from outside; then send it again."
)
INVALID: Final = Rule(K.CONTENT_REJECTED, "TikTok refused the request as not valid. Check the post and its options.")
FAULT: Final = Rule(
    K.TRANSIENT, "TikTok has a fault of its own at the moment. Postline tries again.", is_definite=False
)

API_RULES: Final[Mapping[str, Rule]] = {
    "invalid_param": INVALID,
    "invalid_params": INVALID,
    "invalid_file_upload": Rule(K.CONTENT_REJECTED, "TikTok does not take this file. Convert it to MP4 with H.264."),
    "invalid_publish_id": Rule(
        K.AMBIGUOUS, "TikTok no longer knows this upload. Look at the profile.", is_definite=False
    ),
    "token_not_authorized_for_specified_publish_id": Rule(
        K.RECONNECT_NEEDED, "This upload belongs to another account. Reconnect the account that it was made with."
    ),
    "publish_not_cancellable": Rule(K.CONTENT_REJECTED, "TikTok has published this already; it cannot be stopped."),
    "app_version_check_failed": Rule(
        K.CONTENT_REJECTED, "The creator's TikTok app is too old for photo drafts. Update it to 31.8 or newer."
    ),
    "scope_permission_missed": Rule(
        K.RECONNECT_NEEDED, "A permission is missing. Reconnect and leave every box ticked."
    ),
    "access_token_invalid": Rule(
        K.RECONNECT_NEEDED, "TikTok no longer accepts this connection. Reconnect the profile."
    ),
    "scope_not_authorized": Rule(K.RECONNECT_NEEDED, "A permission is missing. Reconnect and leave every box ticked."),
    "spam_risk_too_many_posts": Rule(K.RATE_LIMITED, TOO_MANY_POSTS, DAY),
    "spam_risk_user_banned_from_posting": Rule(K.CONTENT_REJECTED, BANNED),
    "reached_active_user_cap": Rule(
        K.RATE_LIMITED, "The app has reached the number of creators that TikTok lets it post for in a day.", DAY
    ),
    "spam_risk_too_many_pending_share": Rule(
        K.RATE_LIMITED, "Five drafts wait in the TikTok app. Post or delete some there.", DAY
    ),
    "unaudited_client_can_only_post_to_private_accounts": Rule(
        K.APP_NOT_READY,
        "TikTok has not audited this app: it posts to private accounts only, for “Only me”. Its operator must apply.",
    ),
    "url_ownership_unverified": Rule(
        K.APP_NOT_READY,
        "TikTok does not know that the media's address is yours. The operator must verify it at TikTok.",
    ),
    "privacy_level_option_mismatch": Rule(
        K.CONTENT_REJECTED, "The creator can no longer choose this visibility. Choose another."
    ),
    "rate_limit_exceeded": Rule(K.RATE_LIMITED, "TikTok asks to slow down. Postline waits.", timedelta(minutes=1)),
    "internal_error": FAULT,
}

OAUTH_RULES: Final[Mapping[str, Rule]] = {
    "access_denied": Rule(K.RECONNECT_NEEDED, "The person did not agree. Connect again and agree."),
    "invalid_client": Rule(
        K.APP_NOT_READY, "TikTok does not accept the app's key or secret. The operator must correct them."
    ),
    "invalid_grant": Rule(K.RECONNECT_NEEDED, "TikTok no longer accepts this connection. Reconnect the profile."),
    "invalid_request": Rule(K.APP_NOT_READY, "TikTok refused the request for access. The operator must check the app."),
    "invalid_scope": Rule(
        K.APP_NOT_READY, "TikTok has not approved a permission for this app. The operator must ask for it."
    ),
    "unauthorized_client": Rule(
        K.APP_NOT_READY, "TikTok does not let this app connect so. The operator must check it."
    ),
    "unsupported_grant_type": Rule(
        K.APP_NOT_READY, "TikTok does not let this app connect so. The operator must check it."
    ),
    "unsupported_response_type": Rule(
        K.APP_NOT_READY, "TikTok does not let this app connect so. The operator must check it."
    ),
    "server_error": FAULT,
    "temporarily_unavailable": FAULT,
}

# Why a post failed after TikTok had accepted it. Nothing of it is visible.
FAIL_RULES: Final[Mapping[str, Rule]] = {
    "file_format_check_failed": Rule(
        K.CONTENT_REJECTED, "TikTok does not take this format. Convert it to MP4 or JPEG."
    ),
    "duration_check_failed": Rule(K.CONTENT_REJECTED, "The video is too long or too short for this creator. Cut it."),
    "frame_rate_check_failed": Rule(K.CONTENT_REJECTED, "The video needs 23 to 60 frames a second. Convert it."),
    "picture_size_check_failed": Rule(K.CONTENT_REJECTED, "The picture is too small or too large. Change its size."),
    "internal": Rule(K.TRANSIENT, "TikTok had a fault of its own and posted nothing. Send it again."),
    "video_pull_failed": Rule(K.TRANSIENT, NOT_FETCHED),
    "photo_pull_failed": Rule(K.TRANSIENT, NOT_FETCHED),
    "publish_cancelled": Rule(
        K.CONTENT_REJECTED, "The post was cancelled at TikTok and nothing was posted. Send it again if you want it."
    ),
    "auth_removed": Rule(K.RECONNECT_NEEDED, "The person removed the app at TikTok. Reconnect the profile."),
    "spam_risk_too_many_posts": Rule(
        K.CONTENT_REJECTED, "The creator has reached TikTok's posts per day. Send it tomorrow."
    ),
    "spam_risk_user_banned_from_posting": Rule(K.CONTENT_REJECTED, BANNED),
    "spam_risk_text": Rule(K.CONTENT_REJECTED, "TikTok finds the text risky. Change it."),
    "spam_risk": Rule(K.CONTENT_REJECTED, "TikTok finds this post risky. Change it."),
}


def failure_of(reason: str) -> NetworkError:
    """Why TikTok gave up a post, as the kind that its rule says; always definite."""
    rule = FAIL_RULES.get(reason)
    if rule is None:
        text = (
            f"TikTok did not publish the post: {redact(reason)[:80] or 'it gave no reason'}. Change it and try again."
        )
        return NetworkError(K.CONTENT_REJECTED, "unknown_fail_reason", text, is_definite=True)
    return NetworkError(rule.kind, reason, rule.message, rule.retry_after, is_definite=True)
