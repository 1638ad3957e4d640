"""Orders for tests of pure code."""

from typing import Any, Final
from uuid import UUID

from postline.core.content import MediaItem, PublishOrder
from postline.core.ids import AssetId, ProfileId
from postline.core.words import Format, MediaKind, NetworkKey

PROFILE: Final = ProfileId(UUID(int=1))
ASSET: Final = AssetId(UUID(int=2))


def image(**changes: Any) -> MediaItem:
    """A square JPEG of 1 MB."""
    fields: dict[str, Any] = {
        "asset_id": ASSET,
        "kind": MediaKind.IMAGE,
        "content_type": "image/jpeg",
        "size_bytes": 1_000_000,
        "sha256": "aa" * 32,
        "width": 1080,
        "height": 1080,
    }
    return MediaItem(**fields | changes)


def video(**changes: Any) -> MediaItem:
    """Ten seconds of upright H.264 at 30 frames a second."""
    fields: dict[str, Any] = {
        "kind": MediaKind.VIDEO,
        "content_type": "video/mp4",
        "width": 1080,
        "height": 1920,
        "duration_ms": 10_000,
        "video_codec": "h264",
        "audio_codec": "aac",
        "frame_rate": 30.0,
    }
    return image(**fields | changes)


def order(*media: MediaItem, **changes: Any) -> PublishOrder:
    """A feed post for one profile."""
    fields: dict[str, Any] = {
        "network": NetworkKey.INSTAGRAM,
        "profile_id": PROFILE,
        "format": Format.FEED,
        "caption": "Good morning",
        "media": media,
    }
    return PublishOrder(**fields | changes)
