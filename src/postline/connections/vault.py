"""Secrets at rest: AES-256-GCM with a data key per connection, itself wrapped by the key ring.

The row's ids are the associated data, so a ciphertext moved to another row cannot be opened.
"""

import hashlib
import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
KEY_ID_BYTES: Final = 4


class CannotOpen(Exception):
    """The ciphertext was not sealed with any of our keys for this row."""


def key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"postline key id" + key).digest()[:KEY_ID_BYTES]


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose other than encryption."""
    return hashlib.blake2b(purpose.encode(), key=key, digest_size=32).digest()


class Vault:
    """Seals with the first key of the ring, opens with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._first = key_id(keys[0])
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}

    def new_data_key(self, context: str) -> bytes:
        """A fresh data key, wrapped. `context` names the row it belongs to."""
        return self._wrap(AESGCM.generate_key(256), context)

    def rewrap(self, wrapped: bytes, context: str) -> bytes:
        """The same data key under the first key of the ring; what it sealed stays as it is."""
        return self._wrap(self._unwrap(wrapped, context), context)

    def is_current(self, wrapped: bytes) -> bool:
        return wrapped[:KEY_ID_BYTES] == self._first

    def seal(self, wrapped_key: bytes, key_context: str, plain: bytes, context: str) -> bytes:
        return _seal(AESGCM(self._unwrap(wrapped_key, key_context)), plain, context)

    def open(self, wrapped_key: bytes, key_context: str, sealed: bytes, context: str) -> bytes:
        """Raises CannotOpen."""
        return self.open_all(wrapped_key, key_context, (sealed, context))[0]

    def open_all(self, wrapped_key: bytes, key_context: str, *sealed: tuple[bytes, str]) -> list[bytes]:
        """What one data key sealed, each with its context. Raises CannotOpen."""
        cipher = AESGCM(self._unwrap(wrapped_key, key_context))
        return [_open(cipher, each, context) for each, context in sealed]

    def _wrap(self, data_key: bytes, context: str) -> bytes:
        return self._first + _seal(self._ciphers[self._first], data_key, context)

    def _unwrap(self, wrapped: bytes, context: str) -> bytes:
        cipher = self._ciphers.get(wrapped[:KEY_ID_BYTES])
        if cipher is None:
            raise CannotOpen("the key that sealed this is not in POSTLINE_SECRET_KEYS; add the old key to the ring")
        return _open(cipher, wrapped[KEY_ID_BYTES:], context)


def _seal(cipher: AESGCM, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, context.encode())


def _open(cipher: AESGCM, sealed: bytes, context: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except InvalidTag:
        raise CannotOpen("this secret was not sealed for this row, or was changed since") from None
