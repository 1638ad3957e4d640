"""How many posts by API an account has left today.

Source: https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit,
read 2026-09-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.base import Target
from postline.networks.meta.graph import Graph

# The window moves: a place comes free when the oldest post in it is a day old, and Instagram does not tell when.
ASK_AGAIN: Final = timedelta(minutes=30)
FIELDS: Final = "quota_usage,config"


@dataclass(frozen=True, slots=True)
class PublishingQuota:
    """Posts in a moving window of `duration_s`. None: Instagram did not tell."""

    used: int | None
    total: int | None
    duration_s: int | None

    @property
    def is_used_up(self) -> bool:
        return self.used is not None and self.total is not None and self.used >= self.total

    @property
    def refusal(self) -> NetworkError:
        text = (
            f"The account has published {self.used} posts by API within a day; Instagram allows {self.total}. "
            "It goes out as soon as there is room again."
        )
        return NetworkError(ErrorKind.RATE_LIMITED, "quota-used-up", text, ASK_AGAIN, is_definite=True)


async def read_quota(graph: Graph, target: Target) -> PublishingQuota:
    """Raises NetworkError."""
    path, tokens = f"{target.remote_id}/content_publishing_limit", (target.access_token, target.user_token)
    answer = await graph.read("account.limit", path, tokens, {"fields": FIELDS})
    limit: Mapping[str, Any] = next(iter(answer.get("data", ())), {})
    config = limit.get("config") or {}
    return PublishingQuota(limit.get("quota_usage"), config.get("quota_total"), config.get("quota_duration"))
