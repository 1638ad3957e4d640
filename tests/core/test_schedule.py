"""Wall-clock time means an instant, also on the days when clocks change."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postline.core.schedule import UnknownTimeZone, get_zone, to_instant, to_local

CASES: Final = {  # name: (local time, zone, UTC)
    "winter": ("2026-01-15 09:00", "Europe/Berlin", "2026-01-15 08:00"),
    "summer": ("2026-07-15 09:00", "Europe/Berlin", "2026-07-15 07:00"),
    "the minute before the skipped hour": ("2026-03-29 01:59", "Europe/Berlin", "2026-03-29 00:59"),
    "a skipped hour goes as far past the change": ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29 01:30"),
    "the first minute after the skipped hour": ("2026-03-29 03:00", "Europe/Berlin", "2026-03-29 01:00"),
    "a repeated hour means its first occurrence": ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25 00:30"),
    "the first minute after the repeated hour": ("2026-10-25 03:00", "Europe/Berlin", "2026-10-25 02:00"),
    "a repeated hour in America": ("2026-11-01 01:30", "America/New_York", "2026-11-01 05:30"),
    "a skipped half hour": ("2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-03 15:45"),
    "a skipped day": ("2011-12-30 12:00", "Pacific/Apia", "2011-12-30 22:00"),
    "a quarter of an hour off": ("2026-05-01 09:00", "Asia/Kathmandu", "2026-05-01 03:15"),
    "UTC": ("2026-05-01 09:00", "UTC", "2026-05-01 09:00"),
}


@pytest.mark.parametrize(("local", "zone", "expected"), CASES.values(), ids=CASES)
def test_local_time_to_instant(local: str, zone: str, expected: str) -> None:
    assert to_instant(datetime.fromisoformat(local), zone) == datetime.fromisoformat(f"{expected}+00:00")


def test_a_skipped_hour_reads_as_the_hour_after_it() -> None:
    instant = to_instant(datetime.fromisoformat("2026-03-29 02:30"), "Europe/Berlin")
    assert to_local(instant, "Europe/Berlin") == datetime.fromisoformat("2026-03-29 03:30")


def test_the_same_hour_on_both_sides_of_a_change_is_not_a_day_apart() -> None:
    before, after = (to_instant(datetime.fromisoformat(f"2026-03-{day} 09:00"), "Europe/Berlin") for day in (28, 29))
    assert (after - before).total_seconds() == 23 * 3600


@given(st.integers(0, 2**31 - 1))
def test_an_instant_survives_the_way_through_local_time_unless_its_hour_is_repeated(unix_s: int) -> None:
    instant = datetime.fromtimestamp(unix_s, UTC)
    local = to_local(instant, "Europe/Berlin")
    assert (instant - to_instant(local, "Europe/Berlin")).total_seconds() in {0, 3600}


@pytest.mark.parametrize("name", ["", "Berlin", "Europe/Atlantis", "../etc/passwd", "Europe/Berlin\0", "Europe"])
def test_an_unknown_zone_is_named_with_an_example(name: str) -> None:
    with pytest.raises(UnknownTimeZone, match="use a name such as Europe/Berlin or UTC"):
        get_zone(name)


def test_a_local_time_with_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="carries no offset"):
        to_instant(datetime(2026, 1, 1, tzinfo=UTC), "UTC")
