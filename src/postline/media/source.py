"""The bytes of an account's assets, as the publisher hands them to networks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from postline.clock import Clock
from postline.core.ids import AssetId
from postline.media.links import LinkSigner
from postline.media.storage import MediaStorage

LINK_LASTS: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """Implements `networks.base.MediaSource` for one account."""

    storage: MediaStorage
    signer: LinkSigner
    public_root: str
    account_id: UUID
    clock: Clock

    def read(self, asset_id: AssetId, start: int, end: int) -> AsyncIterator[bytes]:
        return self.storage.read(f"{self.account_id}/{asset_id}", start, end)

    def public_url(self, asset_id: AssetId) -> str:
        token = self.signer.sign(self.account_id, asset_id, self.clock() + LINK_LASTS)
        return f"{self.public_root}/media/{token}"
