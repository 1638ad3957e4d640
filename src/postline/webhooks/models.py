"""Webhooks as they came, and requests to delete a person's data. Neither belongs to an account."""

from datetime import datetime

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from postline.db.base import Base


class Webhook(Base):
    """`id` is the hash of provider and body, so a repeated one is stored once. `process_at` None: done with."""

    __tablename__ = "webhooks"
    __table_args__ = (
        Index("webhooks_process_at_ix", "process_at", postgresql_where="process_at IS NOT NULL"),
        Index("webhooks_received_at_ix", "received_at"),
    )

    id: Mapped[bytes] = mapped_column(primary_key=True)
    provider: Mapped[str]
    body: Mapped[bytes]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    process_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")


class DeletionRequest(Base):
    """Somebody asked their network to have us delete what we hold of them. With `code` they can ask about it."""

    __tablename__ = "deletion_requests"

    code: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    connections_deleted: Mapped[int]
