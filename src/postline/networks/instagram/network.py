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
from postline.networks.instagram.find import find_commit
from postline.networks.instagram.metrics import read_metrics
from postline.networks.instagram.options import InstagramOptions, check_options
from postline.networks.instagram.publish import InstagramPublisher
from postline.networks.meta.graph import Graph


class Instagram:
    key = NetworkKey.INSTAGRAM
    capabilities = CAPABILITIES
    checkpoint: type[InstagramCheckpoint] = InstagramCheckpoint
    options: type[BaseModel] = InstagramOptions

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._publisher = InstagramPublisher(graph)

    def plan(self, order: PublishOrder) -> Sequence[Step[InstagramCheckpoint]]:
        return self._publisher.plan(order)

    async def find(
        self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint
    ) -> Found[InstagramCheckpoint] | NotFound[InstagramCheckpoint] | CannotTell:
        return await find_commit(self._graph, call, checkpoint)

    def check(self, order: PublishOrder) -> list[Problem]:
        return check_options(order)

    async def publishing_options(self, target: Target) -> Mapping[str, Any]:
        """{"quota_used", "quota_total", "quota_duration_s"}: posts by API in a moving window; None where not told."""
        params = {"fields": "quota_usage,config"}
        path = f"{target.remote_id}/content_publishing_limit"
        answer = await self._graph.get("account.limit", path, target.access_token, params)
        limit: Mapping[str, Any] = next(iter(answer.get("data", ())), {})
        config = limit.get("config") or {}
        return {
            "quota_used": limit.get("quota_usage"),
            "quota_total": config.get("quota_total"),
            "quota_duration_s": config.get("quota_duration"),
        }

    async def metrics(self, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
        return await read_metrics(self._graph, target, receipt, format)
