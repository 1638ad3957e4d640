"""An approval signs what an audience sees, and nothing else."""

import json
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postline.core.content import MediaItem, PublishOrder, content_hash, order_from_json, order_to_json
from postline.core.ids import AssetId, ProfileId
from postline.core.words import Format, MediaKind, NetworkKey
from tests.core.orders import image, order, video

FIRST: Final = image(sha256="aa" * 32, alt_text="A cup")
SECOND: Final = image(sha256="bb" * 32, alt_text="A bean")
SIGNED: Final = order(FIRST, SECOND, options={"share_to_feed": True, "location_id": "1"})

SEEN: Final[dict[str, PublishOrder]] = {
    "another caption": replace(SIGNED, caption="Good evening"),
    "a space more in the caption": replace(SIGNED, caption="Good morning "),
    "another format": replace(SIGNED, format=Format.STORY),
    "another network": replace(SIGNED, network=NetworkKey.FACEBOOK),
    "another profile": replace(SIGNED, profile_id=ProfileId(UUID(int=9))),
    "another file": replace(SIGNED, media=(FIRST, replace(SECOND, sha256="cc" * 32))),
    "another order of the files": replace(SIGNED, media=(SECOND, FIRST)),
    "a file less": replace(SIGNED, media=(FIRST,)),
    "another alt text": replace(SIGNED, media=(FIRST, replace(SECOND, alt_text="A leaf"))),
    "another value of an option": replace(SIGNED, options={"share_to_feed": False, "location_id": "1"}),
    "an option less": replace(SIGNED, options={"share_to_feed": True}),
}
UNSEEN: Final[dict[str, PublishOrder]] = {
    "the same content stored as another asset": replace(
        SIGNED, media=(replace(FIRST, asset_id=AssetId(UUID(int=7))), SECOND)
    ),
    "what a newer probe measured": replace(
        SIGNED, media=(replace(FIRST, width=1081, frame_rate=1.0, video_codec="x"), SECOND)
    ),
    "another order of the options": replace(SIGNED, options={"location_id": "1", "share_to_feed": True}),
}


@pytest.mark.parametrize("changed", SEEN.values(), ids=SEEN)
def test_what_an_audience_sees_changes_the_hash(changed: PublishOrder) -> None:
    assert content_hash(changed) != content_hash(SIGNED)


@pytest.mark.parametrize("changed", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_leaves_the_hash(changed: PublishOrder) -> None:
    assert content_hash(changed) == content_hash(SIGNED)


def test_the_hash_is_a_fixed_function_of_the_content() -> None:
    """Approvals outlive releases: a hash that changed would void them all."""
    assert content_hash(order(image())) == "84cfe4c7286c445da7c5d149e75eecccd1600685ad8a1997806473e0a44bcddf"


def test_text_moved_from_one_field_to_another_changes_the_hash() -> None:
    one = order(image(alt_text="b"), image(alt_text=""), caption="a")
    other = order(image(alt_text=""), image(alt_text="b"), caption="a")
    assert content_hash(one) != content_hash(other)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
items = st.builds(
    MediaItem,
    asset_id=st.uuids().map(AssetId),
    kind=st.sampled_from(MediaKind),
    content_type=texts,
    size_bytes=st.integers(0, 2**40),
    sha256=texts,
    width=st.integers(1, 10_000),
    height=st.integers(1, 10_000),
    duration_ms=st.none() | st.integers(0, 10**7),
    video_codec=st.none() | texts,
    audio_codec=st.none() | texts,
    frame_rate=st.none() | st.floats(0, 1_000, allow_nan=False),
    alt_text=texts,
)
orders = st.builds(
    PublishOrder,
    network=st.sampled_from(NetworkKey),
    profile_id=st.uuids().map(ProfileId),
    format=st.sampled_from(Format),
    caption=texts,
    media=st.lists(items, max_size=3).map(tuple),
    options=st.dictionaries(texts, values, max_size=4),
)


def _stored(given_order: PublishOrder) -> PublishOrder:
    """Through the text that the database keeps."""
    plain: dict[str, Any] = json.loads(json.dumps(order_to_json(given_order)))
    return order_from_json(plain)


@given(orders)
def test_an_order_comes_back_from_json_as_it_was(ordered: PublishOrder) -> None:
    assert _stored(ordered) == ordered


@given(orders)
def test_the_hash_survives_storing(ordered: PublishOrder) -> None:
    assert content_hash(_stored(ordered)) == content_hash(ordered)


def test_a_stored_order_has_the_enumerations_back_not_their_text() -> None:
    stored = _stored(order(video()))
    assert [type(each) for each in (stored.network, stored.format, stored.media[0].kind)] == [
        NetworkKey,
        Format,
        MediaKind,
    ]


def test_the_size_of_an_order_is_that_of_its_files() -> None:
    assert order(image(size_bytes=10), video(size_bytes=5)).size_bytes == 15


def test_the_ratio_of_an_upright_video_is_below_one() -> None:
    assert video(width=1080, height=1920).ratio == pytest.approx(9 / 16)
