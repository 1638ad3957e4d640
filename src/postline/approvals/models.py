"""Approvals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from postline.core.states import ApprovalState
from postline.db.base import Base, Identified, Tenant, one_of


class Approval(Identified, Tenant, Base):
    """One request for approval and its answer. `content_hashes` maps profile ids to the hash that was asked about."""

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint(one_of("state", ApprovalState), "state"),
        Index("approvals_one_open_ix", "post_id", unique=True, postgresql_where="state IN ('pending', 'approved')"),
        Index("approvals_pending_ix", "account_id", "requested_at", postgresql_where="state = 'pending'"),
    )

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    state: Mapped[str]
    content_hashes: Mapped[dict[str, Any]]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    request_note: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
