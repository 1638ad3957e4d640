"""How many posts a profile may publish in 24 hours, where its network says so. What has no place left today waits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import text

from postline.core.states import DeliveryState
from postline.db.engine import Database
from postline.delivery.claim import Claimed
from postline.delivery.journal import Next
from postline.networks.base import AnyNetwork

# What came due within two days and began to commit within one; the index on profile and due time bounds the read.
COUNT: Final = text("""
    SELECT count(*) AS sent,
           EXTRACT(EPOCH FROM min(commit_began_at) + interval '1 day' - clock_timestamp())::float8 AS wait_s
    FROM deliveries
    WHERE profile_id = :profile_id AND due_at > now() - interval '2 days' AND is_committed
      AND commit_began_at > now() - interval '1 day' AND ordered ->> 'format' = :format
""")


@dataclass(frozen=True, slots=True)
class Quota:
    database: Database

    async def wait(self, delivery: Claimed, network: AnyNetwork) -> Next | None:
        """Where a delivery goes whose profile has used up its day; None when there is room, or no such limit."""
        rules = network.capabilities.formats.get(delivery.order.format)
        if rules is None or rules.per_day is None or delivery.steps_done or delivery.open_step:
            return None
        parameters = {"profile_id": delivery.profile_id, "format": delivery.order.format}
        async with self.database.as_worker() as session:
            found = (await session.execute(COUNT, parameters)).one()
        if found.sent < rules.per_day:
            return None
        reason = (
            f"{network.capabilities.name} takes {rules.per_day} {delivery.order.format} posts a day from one profile, "
            "and today's are used up. It goes out as soon as there is room again."
        )
        wait = timedelta(seconds=max(found.wait_s, 1))
        return Next(state=DeliveryState.SCHEDULED, wait=wait, error_code="daily-limit", reason=reason)
