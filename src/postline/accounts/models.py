"""Accounts and who may act in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postline.core.words import Role
from postline.db.base import Base, Dated, Identified, Tenant, one_of


class Account(Identified, Dated, Base):
    __tablename__ = "accounts"

    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    is_enabled: Mapped[bool] = mapped_column(default=False)
    requires_approval: Mapped[bool] = mapped_column(default=False)


class User(Identified, Dated, Base):
    """A person. Not a row of an account: one person may be a member of several."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]


class SignIn(Dated, Base):
    """A browser session. Only the hash of its cookie is stored."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class Member(Identified, Tenant, Dated, Base):
    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("account_id", "user_id"), CheckConstraint(one_of("role", Role), "role"))

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]


class ApiToken(Identified, Tenant, Dated, Base):
    """A program's key to one account. Only its hash is stored."""

    __tablename__ = "api_tokens"
    __table_args__ = (CheckConstraint(one_of("role", Role), "role"),)

    name: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_by: Mapped[str]
    last_used_at: Mapped[datetime | None]
