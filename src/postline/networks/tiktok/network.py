"""TikTok as a network."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from postline.core.content import PublishOrder
from postline.core.errors import NetworkError
from postline.core.outcomes import CannotTell, Found, NotFound, Receipt
from postline.core.preflight import Problem
from postline.core.words import Format, Metric, NetworkKey
from postline.networks.apps import Posting
from postline.networks.base import Call, Step, Target
from postline.networks.tiktok.capabilities import CAPABILITIES
from postline.networks.tiktok.checkpoint import TikTokCheckpoint
from postline.networks.tiktok.checks import check_options, check_reach
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.creator import query_creator, query_drafter
from postline.networks.tiktok.find import TikTokFinder
from postline.networks.tiktok.follow import TikTokFollower
from postline.networks.tiktok.metrics import read_metrics
from postline.networks.tiktok.options import TikTokOptions
from postline.networks.tiktok.publish import TikTokPublisher
from postline.networks.tiktok.upload import TikTokUpload


class TikTok:
    key = NetworkKey.TIKTOK
    capabilities = CAPABILITIES
    checkpoint: type[TikTokCheckpoint] = TikTokCheckpoint
    options: type[BaseModel] = TikTokOptions

    def __init__(self, client: TikTokClient) -> None:
        self._client = client
        self._finder = TikTokFinder(client)
        self._publisher = TikTokPublisher(client, TikTokUpload(client), TikTokFollower(client))

    def plan(self, order: PublishOrder) -> Sequence[Step[TikTokCheckpoint]]:
        return self._publisher.plan(order)

    async def find(
        self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint
    ) -> Found[TikTokCheckpoint] | NotFound[TikTokCheckpoint] | CannotTell:
        return await self._finder.find(call, order, checkpoint)

    def check(self, order: PublishOrder) -> list[Problem]:
        return [*check_options(order, self._client.app), *check_reach(order, self._client.app)]

    async def publishing_options(self, target: Target) -> Mapping[str, Any]:
        """What the creator may choose now, and what TikTok wants shown: see `Creator.options`."""
        app = self._client.ready_app
        try:
            query = query_drafter if app.posting is Posting.DRAFTS else query_creator
            creator = await query(self._client, target.access_token)
        except NetworkError as error:
            if error.code != "scope_not_authorized":
                raise
            creator = await query_drafter(self._client, target.access_token)
        return creator.options(is_audited=app.is_audited)

    async def metrics(self, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
        return await read_metrics(self._client, target, receipt)
