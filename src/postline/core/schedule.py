"""Wall-clock time in a zone, and the instant it means."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class UnknownTimeZone(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is not a known time zone; use a name such as Europe/Berlin or UTC")
        self.name = name


def get_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises UnknownTimeZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone(name) from None


def to_instant(local: datetime, zone: str) -> datetime:
    """The UTC instant of a naive wall-clock time in a zone.

    An hour that happens twice means its first occurrence. An hour that a clock change skips means the same distance
    after the change (02:30 becomes 03:30), so nothing planned then is lost.
    """
    if local.tzinfo is not None:
        raise ValueError("a local time carries no offset; give the wall-clock time and the zone's name")
    return local.replace(tzinfo=get_zone(zone), fold=0).astimezone(UTC)


def to_local(instant: datetime, zone: str) -> datetime:
    """The naive wall-clock time of an aware instant in a zone."""
    return instant.astimezone(get_zone(zone)).replace(tzinfo=None)
