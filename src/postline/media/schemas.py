"""Assets as the API shows them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from postline.core.words import MediaKind
from postline.media.models import Asset


class AssetOut(BaseModel):
    """`content_url` and `thumbnail_url` are paths on this server, readable by members of the account."""

    id: UUID
    name: str
    kind: MediaKind
    content_type: str
    size_bytes: int
    width: int
    height: int
    duration_ms: int | None
    content_url: str
    thumbnail_url: str
    created_at: datetime

    @classmethod
    def of(cls, asset: Asset) -> Self:
        path = asset_path(asset)
        return cls(
            id=asset.id,
            name=asset.name,
            kind=MediaKind(asset.kind),
            content_type=asset.content_type,
            size_bytes=asset.size_bytes,
            width=asset.width,
            height=asset.height,
            duration_ms=asset.duration_ms,
            content_url=f"{path}/content",
            thumbnail_url=f"{path}/thumbnail",
            created_at=asset.created_at,
        )


def asset_path(asset: Asset) -> str:
    return f"/api/v1/accounts/{asset.account_id}/assets/{asset.id}"
