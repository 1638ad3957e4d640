"""Ids are version 7 UUIDs: their order is the order of their making."""

import time
from uuid import RFC_4122

import pytest

from postline.core.ids import new_id


def _made_at(milliseconds: int, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(time, "time_ns", lambda: milliseconds * 1_000_000)
    return new_id().int


def test_it_is_a_version_7_uuid() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_it_carries_the_milliseconds_of_its_making(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _made_at(1_764_000_000_123, monkeypatch) >> 80 == 1_764_000_000_123


def test_a_later_one_sorts_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [_made_at(milliseconds, monkeypatch) for milliseconds in range(1_000_000, 1_000_200)]
    assert made == sorted(made)


def test_ids_of_the_same_millisecond_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({_made_at(1, monkeypatch) for _ in range(1_000)}) == 1_000
