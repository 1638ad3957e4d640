"""What a sandbox can be told to do differently: times, lifetimes, quotas, audit state. Lengths are in seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

META_APP_ID: Final = "sandbox-meta-app"
META_APP_SECRET: Final = "sandbox-meta-secret"  # noqa: S105 - the sandbox's published default, not a secret
META_APP_NAME: Final = "Postline (sandbox)"
TIKTOK_CLIENT_KEY: Final = "sandbox-tiktok-key"
TIKTOK_CLIENT_SECRET: Final = "sandbox-tiktok-secret"  # noqa: S105 - as above

DAY: Final = 86_400.0
HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Defaults are the networks' documented values, except processing times, which are short. A rate of 0: no limit."""

    # How long media takes until it can be published or is live.
    image_seconds: float = 0.3
    video_seconds: float = 1.0
    tiktok_photo_seconds: float = 0.5
    tiktok_video_seconds: float = 1.0
    tiktok_moderation_seconds: float = 0.5

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
    tiktok_posts_per_day: int = 15
    tiktok_pending_shares: int = 5
    tiktok_active_users_unaudited: int = 5
    tiktok_inits_per_minute: int = 6
    tiktok_creator_info_per_minute: int = 20
    tiktok_status_per_minute: int = 30

    audited: bool = True
    require_appsecret_proof: bool = False
    tiktok_verified_prefixes: tuple[str, ...] = ()
    """URL prefixes that pull uploads may use; empty: any address on this machine, none elsewhere."""

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """These settings with some replaced. Raises ValueError for an unknown name or a value of the wrong type."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        checked: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}; known: {', '.join(sorted(known))}")
            checked[name] = _as_type_of(known[name], value, name)
        return replace(self, **checked)


def _as_type_of(current: object, value: Any, name: str) -> Any:
    if isinstance(current, tuple) and isinstance(value, list | tuple):
        return tuple(str(item) for item in value)
    if isinstance(current, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(current, int | float) and isinstance(value, int | float) and not isinstance(value, bool):
        return type(current)(value)
    raise ValueError(f"setting {name!r} must be a {type(current).__name__}")
