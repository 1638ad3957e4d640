"""Facebook Pages as a network."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from postline.core.content import PublishOrder
from postline.core.outcomes import CannotTell, Found, NotFound, Receipt
from postline.core.preflight import Problem
from postline.core.words import Format, Metric, NetworkKey
from postline.networks.base import Call, Step, Target
from postline.networks.facebook.capabilities import CAPABILITIES
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.facebook.checks import check_media, check_options
from postline.networks.facebook.find import FacebookFinder
from postline.networks.facebook.metrics import read_metrics
from postline.networks.facebook.options import FacebookOptions
from postline.networks.facebook.publish import FacebookPublisher
from postline.networks.facebook.uploads import FacebookUploads
from postline.networks.meta.comments import FirstComment
from postline.networks.meta.graph import Graph


class Facebook:
    key = NetworkKey.FACEBOOK
    capabilities = CAPABILITIES
    checkpoint: type[FacebookCheckpoint] = FacebookCheckpoint
    options: type[BaseModel] = FacebookOptions

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._finder = FacebookFinder(graph)
        comments = FirstComment(graph, text_field="message", fields="id,message,from", tells_author=True)
        self._publisher = FacebookPublisher(graph, FacebookUploads(graph), self._finder, comments)

    def plan(self, order: PublishOrder) -> Sequence[Step[FacebookCheckpoint]]:
        return self._publisher.plan(order)

    async def find(
        self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint
    ) -> Found[FacebookCheckpoint] | NotFound[FacebookCheckpoint] | CannotTell:
        return await self._finder.find(call, order, checkpoint)

    def check(self, order: PublishOrder) -> list[Problem]:
        return [*check_options(order), *check_media(order)]

    async def publishing_options(self, target: Target) -> Mapping[str, Any]:
        return {}

    async def metrics(self, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
        return await read_metrics(self._graph, target, receipt, format)
