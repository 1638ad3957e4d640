"""Identifiers. Time-ordered UUIDs (version 7) keep index inserts at the right-hand edge."""

import os
import time
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
UserId = NewType("UserId", UUID)
ConnectionId = NewType("ConnectionId", UUID)
ProfileId = NewType("ProfileId", UUID)
AssetId = NewType("AssetId", UUID)
PostId = NewType("PostId", UUID)
DeliveryId = NewType("DeliveryId", UUID)


def new_id() -> UUID:
    """A version 7 UUID: 48 bits of Unix milliseconds, then random bits.

    Source: https://www.rfc-editor.org/rfc/rfc9562#section-5.7
    """
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (2**48 - 1)) << 80 | random_bits & (2**80 - 1)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)
