"""Profiles that were bound to an account."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postline.core.words import NetworkKey
from postline.db.base import Base, Dated, Identified, Tenant, one_of


class ProfileStatus(StrEnum):
    ACTIVE = "active"
    NEEDS_RECONNECT = "needs_reconnect"
    UNBOUND = "unbound"


class Profile(Identified, Tenant, Dated, Base):
    """A Page or account. `secrets` holds its own token, sealed with the connection's data key (None: it has none)."""

    __tablename__ = "profiles"
    __table_args__ = (
        UniqueConstraint("account_id", "network", "remote_id"),
        CheckConstraint(one_of("network", NetworkKey), "network"),
        CheckConstraint(one_of("status", ProfileStatus), "status"),
    )

    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"), index=True)
    network: Mapped[str]
    remote_id: Mapped[str]
    name: Mapped[str]
    handle: Mapped[str | None]
    avatar_url: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=ProfileStatus.ACTIVE)
    secrets: Mapped[bytes | None]
