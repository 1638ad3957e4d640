"""The time of this process. What is due is decided by the database's clock; this one dates what we observe."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)
