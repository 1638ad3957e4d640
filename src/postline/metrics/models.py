"""Metric samples."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from postline.core.words import Metric
from postline.db.base import Base, Tenant, one_of


class MetricSample(Tenant, Base):
    """One number of one delivery when it was asked. `value` None: the network does not report it for this format."""

    __tablename__ = "metric_samples"
    __table_args__ = (CheckConstraint(one_of("metric", Metric), "metric"),)

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    observed_at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[int | None] = mapped_column(BigInteger)
