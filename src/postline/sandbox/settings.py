"""What a sandbox can be told to do differently: times, lifetimes, quotas, audit state. Lengths are in seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from postline.sandbox.changes import changed

META_APP_ID: Final = "sandbox-meta-app"
META_APP_SECRET: Final = "sandbox-meta-secret"  # noqa: S105 - the sandbox's published default, not a secret
META_APP_NAME: Final = "Postline (sandbox)"
TIKTOK_CLIENT_KEY: Final = "sandbox-tiktok-key"
TIKTOK_CLIENT_SECRET: Final = "sandbox-tiktok-secret"  # noqa: S105 - as above

DAY: Final = 86_400.0
HOUR: Final = 3_600.0

ID_SHAPES: Final = ("numbers", "texts", "null", "absent", "late")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaWebhooks:
    """The app's addresses in Meta's dashboard; empty: not set. `fields`: feed, story_insights, and permissions for that
    object. Setting `callback_url` asks it first whether it knows the `verify_token`."""

    callback_url: str = ""
    verify_token: str = ""
    fields: tuple[str, ...] = ("feed", "permissions", "story_insights")
    deauthorize_url: str = ""
    data_deletion_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TikTokWebhooks:
    """The app's one address in TikTok's portal, which gets every event; empty: not set."""

    callback_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAddresses:
    meta: MetaWebhooks = MetaWebhooks()
    tiktok: TikTokWebhooks = TikTokWebhooks()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaLimits:
    """Meta's limits of calls, of the app, a person, a Page and an Instagram account. 0: no limit.

    A `percent` is what the usage headers tell at least; from 100 on, calls are refused. `regain_minutes` is the wait
    that a refusal names; 0: as long as it takes until calls are allowed again.
    """

    app_calls_per_hour: int = 0
    user_calls_per_hour: int = 0
    page_calls_per_day: int = 0
    instagram_calls_per_day: int = 0
    app_percent: int = 0
    user_percent: int = 0
    page_percent: int = 0
    instagram_percent: int = 0
    regain_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Defaults are the networks' documented values, except processing times, which are short. A rate of 0: no limit."""

    # How long media takes until it can be published or is live.
    image_seconds: float = 0.3
    video_seconds: float = 1.0
    tiktok_photo_seconds: float = 0.5
    tiktok_video_seconds: float = 1.0
    tiktok_moderation_seconds: float = 0.5

    metrics_lag_seconds: float = 0.0
    """How far numbers lag behind what people did."""

    meta_code_seconds: float = 600.0
    meta_short_token_seconds: float = 2 * HOUR
    meta_long_token_seconds: float = 60 * DAY
    meta_data_access_seconds: float = 90 * DAY
    tiktok_code_seconds: float = 600.0
    tiktok_access_seconds: float = 2 * HOUR
    tiktok_refresh_seconds: float = 180 * DAY
    tiktok_upload_seconds: float = HOUR
    container_seconds: float = DAY

    instagram_posts_per_day: int = 50
    instagram_containers_per_day: int = 400
    facebook_reels_per_day: int = 30
    facebook_refuses_duplicates: bool = True
    facebook_photo_bytes_max: int = 4_000_000
    """Meta's pages tell 4 MB and 10 MB."""
    facebook_video_seconds_max: int = 14_400
    """Of videos in the feed; Meta's pages tell 20 and 45 minutes and 4 hours."""
    tiktok_posts_per_day: int = 15
    tiktok_pending_shares: int = 5
    tiktok_active_users_unaudited: int = 5
    tiktok_inits_per_minute: int = 6
    tiktok_creator_info_per_minute: int = 20
    tiktok_status_per_minute: int = 30

    audited: bool = True
    require_appsecret_proof: bool = False
    meta_limits: MetaLimits = MetaLimits()
    meta_default_version: str = "v26.0"
    """What serves calls without a version in their path."""
    meta_ignores_unknown_parameters: bool = False
    """Graph API ignores most of them; refused, they show a caller's mistakes."""
    meta_guide_spelling: bool = False
    """Tell a video's status in the words of Meta's guide, which differ from those of its specification."""
    meta_processing_failure: int = 0
    """The subcode that processing ends with for every video that is complete from now on; 0: what its bytes deserve."""
    tiktok_verified_prefixes: tuple[str, ...] = ()
    """What pull uploads may use: URL prefixes (https://host/path/) and domains with all below them (host). Empty: any
    address on this machine, none elsewhere."""

    tiktok_pull_seconds: float = HOUR
    tiktok_active_users: int = 0
    """Creators an audited app may post for in 24 h; 0: any number."""
    tiktok_display_per_minute: int = 600
    """Calls per minute of user/info, video/list and video/query, each, for the whole app."""
    tiktok_requires_pkce: bool = False
    """Login Kit for desktop asks for PKCE, Login Kit for web does not know it."""
    tiktok_invalid_grant_status: int = 200
    """A sandbox app was seen to get `invalid_grant` with HTTP 200; 400 is what RFC 6749 asks for."""
    tiktok_fail_reason: str = ""
    """What processing ends with for whatever is complete from now on; empty: what its media deserve."""
    tiktok_never_ends: bool = False
    """What is complete from now on stays in processing for ever."""
    tiktok_id_shape: str = "numbers"
    """How status/fetch tells the ids of public posts: numbers, texts, null, absent, or late (never any)."""

    webhooks: WebhookAddresses = WebhookAddresses()
    webhook_copies: int = 1
    """How often each event is sent."""
    webhook_delay_ms: int = 0
    webhook_spread_ms: int = 0
    """Each copy waits up to this much longer, at random from a seed, so that events overtake each other."""
    webhook_attempts: int = 6
    webhook_retry_ms: int = 200
    """The wait before the second attempt; it doubles from attempt to attempt."""
    webhook_wrong_signature: bool = False

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """These settings with some replaced. Raises ValueError for an unknown name or a value that will not do."""
        made = changed(self, changes, "setting ")
        if made.tiktok_id_shape not in ID_SHAPES:
            raise ValueError(f"setting tiktok_id_shape must be one of {', '.join(ID_SHAPES)}")
        return made
