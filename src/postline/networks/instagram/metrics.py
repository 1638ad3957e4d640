"""An Instagram post's numbers. A metric that a kind of media lacks fails the whole call, so each kind has its list.

Source: https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/instagram-media/insights,
read 2026-09-11.
"""

from collections.abc import Mapping
from typing import Final

from postline.core.outcomes import Receipt
from postline.core.words import Format, Metric
from postline.networks.base import Target
from postline.networks.instagram.find import UNRESOLVED
from postline.networks.meta.graph import Graph
from postline.networks.meta.insights import as_count, read_insights

EVERYWHERE: Final = {"views": Metric.VIEWS, "reach": Metric.REACH, "shares": Metric.SHARES}
FEED: Final = EVERYWHERE | {"likes": Metric.LIKES, "comments": Metric.COMMENTS, "saved": Metric.SAVES}
LISTS: Final = {
    "FEED": FEED,
    "REELS": FEED | {"ig_reels_video_view_total_time": Metric.WATCH_TIME_MS},
    "STORY": EVERYWHERE | {"link_clicks": Metric.CLICKS, "replies": Metric.COMMENTS},
}
USUAL_PRODUCT: Final = {Format.FEED: "FEED", Format.REEL: "REELS", Format.STORY: "STORY"}


async def read_metrics(graph: Graph, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
    numbers: dict[Metric, int | None] = dict.fromkeys(Metric)
    if receipt.remote_id.startswith(UNRESOLVED):
        return numbers
    tokens = (target.access_token, target.user_token)
    product = USUAL_PRODUCT[format]
    if format is Format.FEED:
        # A single video ordered for the feed has become a reel.
        node = await graph.read("media.product", receipt.remote_id, tokens, {"fields": "media_product_type"})
        product = str(node.get("media_product_type", product))
    names = LISTS.get(product, FEED)
    found = await read_insights(graph, "media.insights", f"{receipt.remote_id}/insights", tokens, list(names))
    return numbers | {metric: as_count(found.get(name)) for name, metric in names.items()}
