"""How many posts a profile may publish in 24 hours, where its network says so. What has no place left today waits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Float, cast, func, select

from postline.core.states import DeliveryState
from postline.db.engine import Database
from postline.delivery.claim import Claimed
from postline.delivery.journal import Next
from postline.networks.base import AnyNetwork
from postline.posts.crowding import DAY, counted
from postline.posts.models import Delivery

WAIT_S: Final = cast(func.extract("epoch", func.min(Delivery.commit_began_at) + DAY - func.clock_timestamp()), Float)


@dataclass(frozen=True, slots=True)
class Quota:
    database: Database

    async def wait(self, delivery: Claimed, network: AnyNetwork) -> Next | None:
        """Where a delivery goes whose profile has used up its day; None when there is room, or no such limit."""
        rules = network.capabilities.formats.get(delivery.order.format)
        limit = rules.per_day if rules else None
        if limit is None or not limit.counts(delivery.order) or delivery.steps_done or delivery.open_step:
            return None
        # What came due within two days and began to commit within one; the index on profile and due time bounds it.
        spent = select(func.count(), WAIT_S).where(
            counted(limit, delivery.profile_id),
            Delivery.due_at > func.now() - 2 * DAY,
            Delivery.is_committed,
            Delivery.commit_began_at > func.now() - DAY,
        )
        async with self.database.as_worker() as session:
            sent, wait_s = (await session.execute(spent)).one()
        if sent < limit.posts:
            return None
        reason = (
            f"{limit.told_of(network.capabilities.name)}, and today's are used up. "
            "It goes out as soon as there is room again."
        )
        wait = timedelta(seconds=max(wait_s, 1))
        return Next(state=DeliveryState.SCHEDULED, wait=wait, error_code="daily-limit", reason=reason)
