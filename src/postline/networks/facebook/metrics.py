"""A Page post's numbers.

Names that Meta has kept; most others were removed on 2025-11-15 and 2026-06-15. Sources, read 2026-09-11:
https://developers.facebook.com/docs/graph-api/reference/page/insights/,
https://developers.facebook.com/documentation/pages-api/platforminsights/page/deprecated-metrics
"""

from collections.abc import Mapping
from typing import Any, Final

from postline.core.outcomes import Receipt
from postline.core.words import Format, Metric
from postline.networks.base import Target
from postline.networks.meta.graph import Graph
from postline.networks.meta.insights import as_count, read_insights

POST: Final = {
    "post_media_view": Metric.VIEWS,
    "post_total_media_view_unique": Metric.REACH,
    "post_clicks": Metric.CLICKS,
    "post_video_view_time": Metric.WATCH_TIME_MS,
}
VIDEO: Final = {
    "fb_reels_total_plays": Metric.VIEWS,
    "post_video_likes_by_reaction_type": Metric.LIKES,
    "post_video_view_time": Metric.WATCH_TIME_MS,
}
STORY: Final = {
    "story_media_view": Metric.VIEWS,
    "story_total_media_view_unique": Metric.REACH,
    "pages_fb_story_thread_lightweight_reactions": Metric.LIKES,
    "pages_fb_story_replies": Metric.COMMENTS,
    "pages_fb_story_shares": Metric.SHARES,
}
SOCIAL_ACTIONS: Final = "post_video_social_actions"
COUNTS: Final = "shares,comments.limit(0).summary(true),reactions.limit(0).summary(true)"

Numbers = dict[Metric, int | None]


async def read_metrics(graph: Graph, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
    numbers: Numbers = dict.fromkeys(Metric)
    tokens = (target.access_token, target.access_token)
    remote_id = receipt.remote_id
    if format is Format.STORY:
        found = await read_insights(graph, "story.insights", f"{remote_id}/insights", tokens, list(STORY))
        return numbers | _named(found, STORY)
    # A post's id is {page}_{post}; a bare number is a video, which has an edge of its own.
    if "_" not in remote_id:
        names = [*VIDEO, SOCIAL_ACTIONS]
        found = await read_insights(graph, "video.insights", f"{remote_id}/video_insights", tokens, names)
        return numbers | _named(found, VIDEO) | _social(found.get(SOCIAL_ACTIONS))
    found = await read_insights(graph, "post.insights", f"{remote_id}/insights", tokens, list(POST))
    node = await graph.get("post.counts", remote_id, target.access_token, {"fields": COUNTS}, can_wait=True)
    return numbers | _named(found, POST) | _counts(node)


def _named(found: Mapping[str, Any], names: Mapping[str, Metric]) -> Numbers:
    return {metric: as_count(found.get(name)) for name, metric in names.items()}


def _social(actions: Any) -> Numbers:
    """{"COMMENT": 5, "SHARE": 2}; None when Facebook gave nothing at all."""
    if not isinstance(actions, Mapping):
        return {}
    by_name = {str(name).upper(): value for name, value in actions.items()}
    return {Metric.COMMENTS: by_name.get("COMMENT", 0), Metric.SHARES: by_name.get("SHARE", 0)}


def _counts(node: Mapping[str, Any]) -> Numbers:
    """Facebook leaves `shares` out when there are none."""
    return {
        Metric.LIKES: (node.get("reactions") or {}).get("summary", {}).get("total_count"),
        Metric.COMMENTS: (node.get("comments") or {}).get("summary", {}).get("total_count"),
        Metric.SHARES: (node.get("shares") or {}).get("count", 0),
    }
