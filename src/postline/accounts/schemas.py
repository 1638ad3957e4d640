"""Accounts as the API shows them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from postline.core.words import Role


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: str = Field(min_length=3, max_length=320)
    password: str = Field(min_length=1, max_length=1000)


class AccountOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    time_zone: str
    is_enabled: bool
    requires_approval: bool
    created_at: datetime


class AccountChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, min_length=1, max_length=200)
    time_zone: str | None = None
    is_enabled: bool | None = None
    requires_approval: bool | None = None


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str


class MembershipOut(BaseModel):
    account: AccountOut
    member_id: UUID
    role: Role


class SessionOut(BaseModel):
    user: UserOut
    memberships: list[MembershipOut]


class MemberOut(BaseModel):
    id: UUID
    user_id: UUID
    name: str
    email: str
    role: Role


class TokenIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    role: Role = Role.EDITOR


class TokenOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    role: Role
    created_by: str
    created_at: datetime
    last_used_at: datetime | None


class NewTokenOut(TokenOut):
    token: str
