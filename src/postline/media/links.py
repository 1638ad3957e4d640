"""Public links to one asset, signed and expiring: how a network fetches a file that only members may see."""

import hashlib
import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

PURPOSE: Final = b"postline media link 1"
CLAIM: Final = struct.Struct(">16s16sq")  # account, asset, end in whole seconds since 1970
# 40 bytes of claim and 32 of signature are 96 characters, without padding or spare bits; a file's ending may follow.
TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{96})(?:\.[a-z0-9]{1,5})?", re.ASCII)


class LinkInvalid(ValueError):
    """Not a link that this server signed."""


class LinkExpired(ValueError):
    """Signed by this server, and over."""


class LinkSigner:
    """Signs with HMAC-SHA256 and the first key; links signed with any of the keys are valid. They serve this alone."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def sign(self, account_id: UUID, asset_id: UUID, expires_at: datetime) -> str:
        """A token of 96 URL-safe ASCII characters. A network may want a file's ending: append ".jpg" freely.

        Raises ValueError for a time without a zone.
        """
        if expires_at.tzinfo is None:
            raise ValueError("expires_at needs a time zone")
        claim = CLAIM.pack(account_id.bytes, asset_id.bytes, int(expires_at.timestamp()))
        return urlsafe_b64encode(claim + _signature(self._keys[0], claim)).decode("ascii")

    def read(self, token: str, now: datetime) -> tuple[UUID, UUID]:
        """The account's and the asset's id. Raises LinkInvalid, or LinkExpired from `expires_at` on."""
        match = TOKEN.fullmatch(token)
        if match is None:
            raise LinkInvalid("this is not a media link")
        signed = urlsafe_b64decode(match[1])
        claim, signature = signed[: CLAIM.size], signed[CLAIM.size :]
        if not any(hmac.compare_digest(signature, _signature(key, claim)) for key in self._keys):
            raise LinkInvalid("this media link was not signed by this server")
        account, asset, ends = CLAIM.unpack(claim)
        if now >= datetime.fromtimestamp(ends, UTC):
            raise LinkExpired("this media link has expired")
        return UUID(bytes=account), UUID(bytes=asset)


def _signature(key: bytes, claim: bytes) -> bytes:
    return hmac.digest(key, PURPOSE + claim, hashlib.sha256)
