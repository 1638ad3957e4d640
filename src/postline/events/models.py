"""The audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from postline.db.base import EMPTY_OBJECT, Base, Identified, Tenant


class AuditEvent(Identified, Tenant, Base):
    __tablename__ = "audit_events"
    __table_args__ = (Index("audit_events_subject_ix", "account_id", "subject_id"),)

    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    actor: Mapped[str]
    actor_id: Mapped[UUID | None]
    verb: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    message: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
