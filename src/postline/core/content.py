"""What exactly is published: the order that a publisher carries out, and the hash that an approval signs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from postline.core.ids import AssetId, ProfileId
from postline.core.words import Format, MediaKind, NetworkKey

SMALL_MAX_BYTES: Final = 4_000_000
CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaItem:
    """One picture or video of a post. `sha256` is the hex digest of its bytes; `ratio` is width / height.

    `cover`: the image that stands for a video until it plays.
    """

    asset_id: AssetId
    kind: MediaKind
    content_type: str
    size_bytes: int
    sha256: str
    width: int
    height: int
    duration_ms: int | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    frame_rate: float | None = None
    alt_text: str = ""
    cover: "MediaItem | None" = None

    @property
    def ratio(self) -> float:
        return self.width / self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOrder:
    """One post for one profile, complete: what a network needs to publish it and nothing else.

    `options` are the network's own choices (TikTok's privacy, …), checked by the network's options model.
    """

    network: NetworkKey
    profile_id: ProfileId
    format: Format
    caption: str
    media: tuple[MediaItem, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        return sum(item.size_bytes for item in self.media)

    @property
    def is_upload(self) -> bool:
        """So large that sending it takes a while, and must delay nothing small."""
        return self.size_bytes > SMALL_MAX_BYTES


def content_hash(order: PublishOrder) -> str:
    """Hex SHA-256 over everything an audience would see, and over nothing else (no times, no storage ids)."""
    seen = {
        "network": order.network,
        "profile": str(order.profile_id),
        "format": order.format,
        "caption": order.caption,
        "media": [_seen(item) for item in order.media],
        "options": dict(order.options),
    }
    return hashlib.sha256(CANONICAL.encode(seen).encode()).hexdigest()


def _seen(item: MediaItem) -> dict[str, str]:
    """Without a cover the entry is as it was before there were covers, so that old approvals hold."""
    seen = {"sha256": item.sha256, "alt_text": item.alt_text}
    return seen | {"cover": item.cover.sha256} if item.cover else seen


def order_to_json(order: PublishOrder) -> dict[str, Any]:
    """The order as plain JSON values, as stored with its delivery."""
    plain = asdict(order)
    plain["profile_id"] = str(order.profile_id)
    plain["media"] = [_item_to_json(item) for item in plain["media"]]
    plain["options"] = dict(order.options)
    return plain


def order_from_json(plain: Mapping[str, Any]) -> PublishOrder:
    """The reverse of `order_to_json`."""
    return PublishOrder(
        network=NetworkKey(plain["network"]),
        profile_id=ProfileId(UUID(plain["profile_id"])),
        format=Format(plain["format"]),
        caption=plain["caption"],
        media=tuple(_item_from_json(item) for item in plain["media"]),
        options=plain["options"],
    )


def _item_to_json(item: Mapping[str, Any]) -> dict[str, Any]:
    cover = item["cover"]
    return {**item, "asset_id": str(item["asset_id"]), "cover": _item_to_json(cover) if cover else None}


def _item_from_json(plain: Mapping[str, Any]) -> MediaItem:
    read = {"asset_id": AssetId(UUID(plain["asset_id"])), "kind": MediaKind(plain["kind"])}
    cover = plain.get("cover")
    return MediaItem(**{**plain, **read, "cover": _item_from_json(cover) if cover else None})
