"""A TikTok post's numbers: public posts only, and no reach, saves or watch time.

Source: https://developers.tiktok.com/doc/tiktok-api-v2-video-query, read 2026-09-11.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from postline.core.outcomes import Receipt
from postline.core.words import Metric
from postline.networks.base import Target
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.find import UNRESOLVED
from postline.networks.tiktok.status import fetch_status

COUNTS: Final = {
    "view_count": Metric.VIEWS,
    "like_count": Metric.LIKES,
    "comment_count": Metric.COMMENTS,
    "share_count": Metric.SHARES,
}


async def read_metrics(client: TikTokClient, target: Target, receipt: Receipt) -> Mapping[Metric, int | None]:
    """A post that TikTok does not list (private, deleted, in moderation) has no numbers, which is not zero."""
    numbers: dict[Metric, int | None] = dict.fromkeys(Metric)
    post_id: str | None = receipt.remote_id
    if receipt.remote_id.startswith(UNRESOLVED):
        publish_id = receipt.remote_id.removeprefix(UNRESOLVED)
        post_id = (await fetch_status(client, target.access_token, publish_id)).post_id
    if not post_id:
        return numbers
    body, params = {"filters": {"video_ids": [post_id]}}, {"fields": ",".join(["id", *COUNTS])}
    answer = await client.post("video.query", "video/query/", target.access_token, body, params)
    videos: Sequence[Mapping[str, int]] = answer.get("videos") or ()
    found = next((video for video in videos if str(video.get("id")) == post_id), dict[str, int]())
    return numbers | {metric: found.get(name) for name, metric in COUNTS.items()}
