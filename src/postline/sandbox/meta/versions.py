"""Graph API's versions: which there are, and which one really serves a call.

Source: https://developers.facebook.com/docs/graph-api/changelog, read 2026-11-24.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from postline.sandbox.meta.errors import refuse

Version = tuple[int, int]

ENDS: Final[Mapping[Version, date | None]] = {
    (20, 0): date(2026, 9, 24),
    (21, 0): date(2027, 1, 21),
    (22, 0): date(2027, 5, 20),
    (23, 0): date(2027, 10, 8),
    (24, 0): date(2028, 2, 18),
    (25, 0): date(2028, 7, 29),
    (26, 0): None,
}
"""The day from which a version is no longer served; None: not announced."""

MINORS: Final[Mapping[int, int]] = {2: 12, 3: 3}
"""The highest minor version of the old ones that had any."""


def served_by(asked: str, now: float) -> str:
    """The version that serves a call for `asked` ("v21.0"): an expired one's calls go to the oldest that is alive.

    Raises Refusal (2500) for a version that never was.
    """
    major, _, minor = asked.removeprefix("v").partition(".")
    version = (int(major), int(minor))
    today = datetime.fromtimestamp(now, UTC).date()
    live = [each for each, end in ENDS.items() if end is None or today < end]
    if version in live:
        return asked
    if not (1, 0) <= version < live[0] or version[1] > MINORS.get(version[0], 0):
        raise refuse(2500, f"Unknown path components: /{asked}")
    return "v{}.{}".format(*live[0])
