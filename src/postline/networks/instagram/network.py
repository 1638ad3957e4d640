"""Instagram professional accounts as a network."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from postline.core.content import PublishOrder
from postline.core.outcomes import CannotTell, Found, NotFound, Receipt
from postline.core.preflight import Problem
from postline.core.words import Format, Metric, NetworkKey
from postline.networks.base import Call, Step, Target
from postline.networks.instagram.capabilities import CAPABILITIES
from postline.networks.instagram.checkpoint import InstagramCheckpoint
from postline.networks.instagram.checks import check_media, check_options, check_reach
from postline.networks.instagram.find import find_commit
from postline.networks.instagram.metrics import read_metrics
from postline.networks.instagram.options import InstagramOptions
from postline.networks.instagram.publish import InstagramPublisher
from postline.networks.instagram.quota import read_quota
from postline.networks.meta.comments import FirstComment
from postline.networks.meta.graph import Graph


class Instagram:
    key = NetworkKey.INSTAGRAM
    capabilities = CAPABILITIES
    checkpoint: type[InstagramCheckpoint] = InstagramCheckpoint
    options: type[BaseModel] = InstagramOptions

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        # Meta's pages do not say that a commenter's id is the account's own, so authors are not compared.
        comments = FirstComment(graph, text_field="text", fields="id,text,timestamp", tells_author=False)
        self._publisher = InstagramPublisher(graph, comments)

    def plan(self, order: PublishOrder) -> Sequence[Step[InstagramCheckpoint]]:
        return self._publisher.plan(order)

    async def find(
        self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint
    ) -> Found[InstagramCheckpoint] | NotFound[InstagramCheckpoint] | CannotTell:
        return await find_commit(self._graph, call, checkpoint)

    def check(self, order: PublishOrder) -> list[Problem]:
        problems = [*check_options(order), *check_media(order)]
        rules, app = self.capabilities.formats.get(order.format), self._graph.app
        if rules is None or app is None or app.can_fetch:
            return problems
        return [*problems, *check_reach(order, rules.needs_public_url)]

    async def publishing_options(self, target: Target) -> Mapping[str, Any]:
        """{"quota_used", "quota_total", "quota_duration_s"}: posts by API in a moving window; None where not told."""
        quota = await read_quota(self._graph, target)
        return {"quota_used": quota.used, "quota_total": quota.total, "quota_duration_s": quota.duration_s}

    async def metrics(self, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
        return await read_metrics(self._graph, target, receipt, format)
