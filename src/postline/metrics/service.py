"""Asking networks for the numbers of live posts: often at first, then ever more rarely."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from postline.core.words import Metric
from postline.metrics.models import MetricSample
from postline.posts.models import Delivery

S, M, H, D = (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
# Waits between questions. Stories are gone after a day, and their last numbers are read before that (20 h after 3 h).
LADDER: Final = (5 * S, 30 * S, 5 * M, 30 * M, 2 * H, 6 * H, 11 * H, D, 2 * D, 4 * D, 7 * D, 14 * D, 30 * D, 30 * D)
RETRY_AFTER: Final = 5 * M


def store_numbers(
    session: AsyncSession, delivery: Delivery, numbers: Mapping[Metric, int | None], now: datetime
) -> None:
    """Keep what the network said now, and plan the next question."""
    for metric, value in numbers.items():
        session.add(
            MetricSample(
                account_id=delivery.account_id, delivery_id=delivery.id, metric=metric, observed_at=now, value=value
            )
        )
    delivery.metrics_rung += 1
    rung = delivery.metrics_rung
    delivery.metrics_at = now + LADDER[rung] if rung < len(LADDER) else None
