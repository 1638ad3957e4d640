"""Secrets open with a key of the ring, for the row they were sealed for, and not otherwise."""

import os
from typing import Final

import pytest

from postline.connections.vault import CannotOpen, Vault, derive, key_id

OLD: Final = bytes(range(32))
NEW: Final = bytes(range(32, 64))
ROW: Final = "connection:1:2"
TOKEN: Final = b"EAAB-token-of-a-page"


@pytest.fixture
def sealed_with_old() -> tuple[bytes, bytes]:
    """A wrapped data key and a secret under it, as they stand in the database."""
    vault = Vault([OLD])
    data_key = vault.new_data_key(ROW)
    return data_key, vault.seal(data_key, ROW, TOKEN, f"{ROW}:grant")


def test_what_was_sealed_opens(sealed_with_old: tuple[bytes, bytes]) -> None:
    data_key, sealed = sealed_with_old
    assert Vault([OLD]).open(data_key, ROW, sealed, f"{ROW}:grant") == TOKEN


def test_neither_the_token_nor_the_key_stands_in_what_is_stored(sealed_with_old: tuple[bytes, bytes]) -> None:
    stored = b"".join(sealed_with_old)
    assert TOKEN not in stored
    assert OLD not in stored


def test_sealing_twice_gives_two_ciphertexts() -> None:
    vault = Vault([OLD])
    data_key = vault.new_data_key(ROW)
    assert vault.seal(data_key, ROW, TOKEN, ROW) != vault.seal(data_key, ROW, TOKEN, ROW)


WRONG_PLACES: Final = {
    "another row's data key": ("connection:1:3", f"{ROW}:grant"),
    "another purpose of the same row": (ROW, f"{ROW}:other"),
    "another account": ("connection:9:2", f"{ROW}:grant"),
}


@pytest.mark.parametrize(("key_context", "context"), WRONG_PLACES.values(), ids=WRONG_PLACES)
def test_a_secret_moved_to_another_place_does_not_open(
    sealed_with_old: tuple[bytes, bytes], key_context: str, context: str
) -> None:
    data_key, sealed = sealed_with_old
    with pytest.raises(CannotOpen, match="not sealed for this row"):
        Vault([OLD]).open(data_key, key_context, sealed, context)


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_a_changed_byte_is_noticed(sealed_with_old: tuple[bytes, bytes], place: int) -> None:
    data_key, sealed = sealed_with_old
    changed = bytearray(sealed)
    changed[place] ^= 1
    with pytest.raises(CannotOpen, match="was changed since"):
        Vault([OLD]).open(data_key, ROW, bytes(changed), f"{ROW}:grant")


def test_a_new_first_key_still_opens_what_the_old_one_sealed(sealed_with_old: tuple[bytes, bytes]) -> None:
    data_key, sealed = sealed_with_old
    assert Vault([NEW, OLD]).open(data_key, ROW, sealed, f"{ROW}:grant") == TOKEN


def test_the_first_key_of_the_ring_seals() -> None:
    data_key = Vault([NEW, OLD]).new_data_key(ROW)
    assert Vault([NEW]).open(data_key, ROW, Vault([NEW]).seal(data_key, ROW, TOKEN, ROW), ROW) == TOKEN


def test_without_the_old_key_the_message_says_what_to_do(sealed_with_old: tuple[bytes, bytes]) -> None:
    data_key, sealed = sealed_with_old
    with pytest.raises(CannotOpen, match="not in POSTLINE_SECRET_KEYS; add the old key to the ring"):
        Vault([NEW]).open(data_key, ROW, sealed, f"{ROW}:grant")


def test_after_rewrapping_the_old_key_can_go(sealed_with_old: tuple[bytes, bytes]) -> None:
    data_key, sealed = sealed_with_old
    rewrapped = Vault([NEW, OLD]).rewrap(data_key, ROW)
    assert Vault([NEW]).open(rewrapped, ROW, sealed, f"{ROW}:grant") == TOKEN


def test_rewrapping_needs_the_right_row(sealed_with_old: tuple[bytes, bytes]) -> None:
    with pytest.raises(CannotOpen):
        Vault([NEW, OLD]).rewrap(sealed_with_old[0], "connection:1:3")


def test_it_tells_which_data_keys_need_rewrapping(sealed_with_old: tuple[bytes, bytes]) -> None:
    vault = Vault([NEW, OLD])
    data_key = sealed_with_old[0]
    assert (vault.is_current(data_key), vault.is_current(vault.rewrap(data_key, ROW))) == (False, True)


def test_a_keys_id_does_not_give_the_key_away() -> None:
    assert key_id(OLD) not in OLD


def test_keys_for_other_purposes_differ_from_the_key_and_from_each_other() -> None:
    key = os.urandom(32)
    derived = {key, derive(key, "media links"), derive(key, "something else")}
    assert len(derived) == 3


def test_a_derived_key_is_the_same_every_time() -> None:
    assert derive(OLD, "media links") == derive(OLD, "media links")
