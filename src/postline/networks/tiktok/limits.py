"""How many calls a minute TikTok takes of one token.

Sources: https://developers.tiktok.com/docs/en/tiktok-api-v2-rate-limit, read 2026-08-04; the endpoints' own pages, read
2026-09-11. They do not say whether the three ways to begin a post share one limit: here they do. Nor whether the limit
of `display` is the token's or the app's: here it is the token's, and the app's is left to TikTok's own refusal.
"""

from collections.abc import Mapping
from typing import Final

CALLS_PER_MINUTE: Final[Mapping[str, int]] = {"init": 6, "status": 30, "creator_info": 20, "display": 600}

GROUPS: Final[Mapping[str, str]] = {
    "video.init": "init",
    "inbox.init": "init",
    "content.init": "init",
    "status.fetch": "status",
    "creator_info.query": "creator_info",
    "user.info": "display",
    "video.list": "display",
    "video.query": "display",
}
