"""Connections as the API shows them. Never a token."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from postline.connections.models import ConnectionStatus
from postline.core.words import ProviderKey


class ConnectionIn(BaseModel):
    """`connection_id`: the connection to renew; absent for a new one."""

    model_config = ConfigDict(extra="forbid")

    provider: ProviderKey
    connection_id: UUID | None = None


class ConsentOut(BaseModel):
    """Send the person's browser here; it comes back to `/connections`."""

    authorize_url: str


class ConnectionOut(BaseModel):
    id: UUID
    provider: ProviderKey
    provider_name: str
    subject_name: str
    status: ConnectionStatus
    status_reason: str | None
    scopes_missing: list[str]
    expires_at: datetime | None
    connected_at: datetime
    profile_count: int
