"""Tokens in the clear, for as short as possible: sealed into rows, opened out of them, renewed ahead of expiry."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.connections.models import Connection, ConnectionStatus
from postline.connections.vault import Vault
from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.base import EndedHere, Grant, Provider, RemoteProfile, Target
from postline.profiles.models import Profile, ProfileStatus

Providers = Mapping[ProviderKey, Provider]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAccess:
    """A profile and the access to it as rows hold them: nothing in it can be read without the key ring."""

    account_id: UUID
    connection_id: UUID
    profile_id: UUID
    profile_name: str
    remote_id: str
    profile_status: str
    profile_secrets: bytes | None
    data_key: bytes
    secrets: bytes
    refresh_at: datetime | None
    expires_at: datetime | None

    def __repr__(self) -> str:
        return f"SealedAccess({self.profile_name!r})"


def sealed_access(profile: Profile, connection: Connection) -> SealedAccess:
    return SealedAccess(
        account_id=connection.account_id,
        connection_id=connection.id,
        profile_id=profile.id,
        profile_name=profile.name,
        remote_id=profile.remote_id,
        profile_status=profile.status,
        profile_secrets=profile.secrets,
        data_key=connection.data_key,
        secrets=connection.secrets,
        refresh_at=connection.refresh_at,
        expires_at=connection.expires_at,
    )


def key_context(connection: Connection) -> str:
    return _key_context(connection.account_id, connection.id)


def _key_context(account_id: UUID, connection_id: UUID) -> str:
    return f"connection:{account_id}:{connection_id}"


def store_grant(vault: Vault, connection: Connection, grant: Grant, provider: Provider) -> None:
    """Put a grant into its row, sealed, and note when to renew it."""
    plain = json.dumps({"access_token": grant.access_token, "refresh_token": grant.refresh_token}).encode()
    context = key_context(connection)
    connection.secrets = vault.seal(connection.data_key, context, plain, context + ":grant")
    connection.scopes = sorted(grant.scopes)
    connection.expires_at, connection.refresh_expires_at = (grant.expires_at, grant.refresh_expires_at)
    connection.refresh_at = grant.expires_at - provider.refresh_ahead if grant.expires_at else None


def open_grant(vault: Vault, connection: Connection) -> Grant:
    context = key_context(connection)
    secrets = json.loads(vault.open(connection.data_key, context, connection.secrets, context + ":grant"))
    return Grant(
        subject_id=connection.subject_id,
        subject_name=connection.subject_name,
        access_token=secrets["access_token"],
        refresh_token=secrets["refresh_token"],
        scopes=frozenset(connection.scopes),
        expires_at=connection.expires_at,
        refresh_expires_at=connection.refresh_expires_at,
    )


def seal_profile_token(vault: Vault, connection: Connection, profile: Profile, token: str) -> bytes:
    return vault.seal(connection.data_key, key_context(connection), token.encode(), f"profile:{profile.id}")


def adopt(vault: Vault, connection: Connection, profile: Profile, remote: RemoteProfile) -> None:
    """Make a row what the network offers now, with its token sealed, ready to publish to."""
    profile.connection_id = connection.id
    profile.name, profile.handle, profile.avatar_url = remote.name, remote.handle, remote.avatar_url
    profile.status = ProfileStatus.ACTIVE
    token = remote.access_token
    profile.secrets = seal_profile_token(vault, connection, profile, token) if token else None


def open_target(vault: Vault, access: SealedAccess) -> Target:
    """The profile with its tokens, for a call to its network. Raises CannotOpen."""
    context = _key_context(access.account_id, access.connection_id)
    sealed = [(access.secrets, context + ":grant")]
    if access.profile_secrets is not None:
        sealed.append((access.profile_secrets, f"profile:{access.profile_id}"))
    grant, *own = vault.open_all(access.data_key, context, *sealed)
    user_token = json.loads(grant)["access_token"]
    own_token = own[0].decode() if own else user_token
    return Target(remote_id=access.remote_id, access_token=own_token, user_token=user_token)


async def lock_connection(session: AsyncSession, connection_id: UUID) -> Connection | None:
    """The row under lock: whoever holds it is the only one to renew this grant, so rotation cannot cut itself off."""
    query = select(Connection).where(Connection.id == connection_id).with_for_update()
    found: Connection | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def renew(
    vault: Vault, connection: Connection, provider: Provider, seen_expiry: datetime | None, now: datetime
) -> None:
    """Renew the grant of a locked row, unless somebody did since its expiry was read. Raises NetworkError."""
    if connection.status != ConnectionStatus.ACTIVE:
        reason = connection.status_reason or "Reconnect it."
        raise NetworkError(ErrorKind.RECONNECT_NEEDED, "connection-not-active", reason, is_definite=True)
    if connection.expires_at == seen_expiry:
        store_grant(vault, connection, await provider.refresh(open_grant(vault, connection), now), provider)


async def revive(
    vault: Vault, connection: Connection, profile: Profile, provider: Provider, refused: str, now: datetime
) -> bool | EndedHere:
    """Whether a locked row's grant still lives after the profile's network refused one of its tokens.

    Keeps what was renewed. Raises NetworkError when the provider cannot tell.
    """
    if connection.status != ConnectionStatus.ACTIVE:
        return False
    target = open_target(vault, sealed_access(profile, connection))
    if refused not in (target.access_token, target.user_token):
        return True  # renewed by somebody else since
    grant = open_grant(vault, connection)
    found = await provider.revive(grant, refused, NetworkKey(profile.network), now)
    if isinstance(found, EndedHere):
        return found
    if found is not None and found != grant:
        store_grant(vault, connection, found, provider)
    return found is not None
