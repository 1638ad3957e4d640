"""Connections and the consent requests that lead to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from postline.core.words import ProviderKey
from postline.db.base import Base, Dated, Identified, Tenant, one_of


class ConnectionStatus(StrEnum):
    ACTIVE = "active"
    NEEDS_RECONNECT = "needs_reconnect"
    REVOKED = "revoked"


class Connection(Identified, Tenant, Dated, Base):
    """One grant. `data_key` is wrapped by the key ring; `secrets` is sealed with it (see `vault`)."""

    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("account_id", "provider", "subject_id"),
        CheckConstraint(one_of("provider", ProviderKey), "provider"),
        CheckConstraint(one_of("status", ConnectionStatus), "status"),
        Index("connections_refresh_at_ix", "refresh_at", postgresql_where="refresh_at IS NOT NULL"),
    )

    provider: Mapped[str]
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    status: Mapped[str] = mapped_column(default=ConnectionStatus.ACTIVE)
    status_reason: Mapped[str | None]
    data_key: Mapped[bytes]
    secrets: Mapped[bytes]
    expires_at: Mapped[datetime | None]
    refresh_expires_at: Mapped[datetime | None]
    refresh_at: Mapped[datetime | None]
    connected_at: Mapped[datetime]


class ConsentRequest(Tenant, Dated, Base):
    """Somebody was sent to a network's consent page and has not come back yet. Used once."""

    __tablename__ = "consent_requests"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    connection_id: Mapped[UUID | None]
    member_name: Mapped[str]
    member_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_verifier: Mapped[bytes | None]
    data_key: Mapped[bytes]
    expires_at: Mapped[datetime]
