"""Numbers that grow as a post ages: made from its id alone, so that they are the same on every run.

Most of the growth comes early, as with real posts: a few seconds after publishing there are views, and a week later the
curve is nearly flat.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Final

WEEK_SECONDS: Final = 7 * 86_400.0
FIRST_SECONDS: Final = 4.0

SHARES: Final[Mapping[str, tuple[float, float]]] = {
    "views": (1.0, 1.0),
    "reach": (0.62, 0.88),
    "likes": (0.05, 0.14),
    "comments": (0.004, 0.02),
    "shares": (0.003, 0.018),
    "saved": (0.006, 0.03),
    "clicks": (0.01, 0.05),
    "follows": (0.001, 0.006),
    "profile_visits": (0.008, 0.03),
    "replies": (0.001, 0.005),
    "navigation": (0.7, 1.1),
    "link_clicks": (0.001, 0.008),
    "reposts": (0.001, 0.006),
    "replays": (0.05, 0.2),
}
"""Each number as a share of the views: from, to."""


def number(name: str, post_id: str, age_seconds: float) -> int:
    """A post's `name` (a key of SHARES) at an age. At least one view as soon as it is live; never falls."""
    low, high = SHARES[name]
    rate = low + (high - low) * _chance(f"{post_id}/{name}")
    views = _views(post_id, age_seconds)
    return views if name == "views" else int(views * rate)


def watched_ms(post_id: str, seconds: float) -> int:
    """The average time watched of a video of this length, in milliseconds."""
    return int(seconds * 1_000 * (0.25 + 0.5 * _chance(f"{post_id}/watched")))


def _views(post_id: str, age_seconds: float) -> int:
    if age_seconds <= 0:
        return 0
    peak = 900 + 11_000 * _chance(post_id) ** 3
    share = math.log1p(age_seconds / FIRST_SECONDS) / math.log1p(WEEK_SECONDS / FIRST_SECONDS)
    return 1 + int(peak * share)


def _chance(text: str) -> float:
    """A number from 0 to 1 that follows from the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48
