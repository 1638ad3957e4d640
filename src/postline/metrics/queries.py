"""The newest numbers of deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from postline.core.words import Metric
from postline.metrics.models import MetricSample


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a delivery counted when it was last asked."""

    values: dict[Metric, int | None]
    observed_at: datetime


async def latest_numbers(session: AsyncSession, delivery_ids: Sequence[UUID]) -> dict[UUID, Numbers]:
    """By delivery; those never asked are missing."""
    query = (
        select(MetricSample)
        .ext(distinct_on(MetricSample.delivery_id, MetricSample.metric))
        .where(MetricSample.delivery_id.in_(delivery_ids))
        .order_by(MetricSample.delivery_id, MetricSample.metric, MetricSample.observed_at.desc())
    )
    found: dict[UUID, Numbers] = {}
    for sample in await session.scalars(query):
        known = found.get(sample.delivery_id)
        values = {**(known.values if known else {}), Metric(sample.metric): sample.value}
        observed_at = max(known.observed_at, sample.observed_at) if known else sample.observed_at
        found[sample.delivery_id] = Numbers(values, observed_at)
    return found
