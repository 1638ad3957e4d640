"""Signed links open one asset until they end, and nothing else opens anything."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from postline.media.links import LinkExpired, LinkInvalid, LinkSigner

ACCOUNT, ASSET = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENDS = NOW + timedelta(hours=1)
SIGNER = LinkSigner([b"k" * 32])
TOKEN = SIGNER.sign(ACCOUNT, ASSET, ENDS)


def test_a_link_gives_back_what_was_signed() -> None:
    assert SIGNER.read(TOKEN, NOW) == (ACCOUNT, ASSET)


def test_a_token_is_safe_in_a_url() -> None:
    assert TOKEN.isascii()
    assert TOKEN.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("ending", [".jpg", ".mp4", ".webm"])
def test_a_files_ending_may_follow(ending: str) -> None:
    assert SIGNER.read(TOKEN + ending, NOW) == (ACCOUNT, ASSET)


def test_a_link_lives_until_its_last_second() -> None:
    assert SIGNER.read(TOKEN, ENDS - timedelta(seconds=1)) == (ACCOUNT, ASSET)
    with pytest.raises(LinkExpired):
        SIGNER.read(TOKEN, ENDS)


def test_every_changed_character_makes_it_invalid() -> None:
    for place, letter in enumerate(TOKEN):
        changed = TOKEN[:place] + ("A" if letter != "A" else "B") + TOKEN[place + 1 :]
        with pytest.raises(LinkInvalid):
            SIGNER.read(changed, NOW)


INVALID = {
    "nothing": "",
    "cut short": TOKEN[:-1],
    "too long": TOKEN + "A",
    "not ASCII": TOKEN[:-1] + "é",
    "a path after the token": TOKEN + "/../x",
    "a line end after the token": TOKEN + "\n",
    "other alphabet": TOKEN[:-1] + "+",
    "another key": LinkSigner([b"o" * 32]).sign(ACCOUNT, ASSET, ENDS),
}


@pytest.mark.parametrize("token", INVALID.values(), ids=INVALID)
def test_what_we_did_not_sign_is_invalid(token: str) -> None:
    with pytest.raises(LinkInvalid):
        SIGNER.read(token, NOW)


def test_a_forged_link_that_is_over_is_invalid_and_not_expired() -> None:
    with pytest.raises(LinkInvalid):
        SIGNER.read(LinkSigner([b"o" * 32]).sign(ACCOUNT, ASSET, NOW - timedelta(days=1)), NOW)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SIGNER.sign(ACCOUNT, ASSET, NOW.replace(tzinfo=None))
