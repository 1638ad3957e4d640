"""The profile to publish to with its tokens, opened only here and handed straight to the network's code."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from postline.accounts.actor import postline_itself
from postline.connections.models import Connection
from postline.connections.service import mark_dead, mark_ended
from postline.connections.tokens import (
    Providers,
    SealedAccess,
    lock_connection,
    open_target,
    renew,
    revive,
    sealed_access,
)
from postline.connections.vault import CannotOpen, Vault
from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.db.engine import Database
from postline.delivery.shared import Shared
from postline.networks.base import EndedHere, Target
from postline.profiles.models import Profile, ProfileStatus

log = structlog.get_logger()

ASKED_AT_ONCE: Final = 5  # of the pool's twenty connections: each is held while its provider answers


@dataclass(frozen=True, slots=True)
class Targets:
    """Reads profiles and tokens across accounts, and renews grants that are about to expire.

    While providers take their time, those that need their answers hold a few connections to the database, not one each.
    """

    database: Database
    vault: Vault
    providers: Providers
    shared: Shared = field(default_factory=lambda: Shared(ASKED_AT_ONCE))

    async def load(self, profile_id: UUID, now: datetime) -> Target:
        """Raises NetworkError RECONNECT_NEEDED when the profile has no living access."""
        return await self.open(await self._read(profile_id), now)

    async def open(self, access: SealedAccess, now: datetime) -> Target:
        """As `load`, for access that was read a moment ago."""
        if access.profile_status != ProfileStatus.ACTIVE:
            text = f"{access.profile_name} must be reconnected before anything can be published to it."
            raise NetworkError(ErrorKind.RECONNECT_NEEDED, "profile-not-active", text, is_definite=True)
        if access.refresh_at is not None and now >= access.refresh_at:
            access = await self._renewed(access, now)
        try:
            return open_target(self.vault, access)
        except CannotOpen as error:
            text = f"The stored access cannot be opened: {error}."
            raise NetworkError(ErrorKind.APP_NOT_READY, "key-missing", text, is_definite=True) from None

    async def _renewed(self, access: SealedAccess, now: datetime) -> SealedAccess:
        """As it is after a renewal, or as it was if that failed and it has not expired yet. Raises NetworkError."""
        try:
            await self.refresh(access.connection_id, access.expires_at, now)
        except NetworkError as error:
            is_over = access.expires_at is None or now >= access.expires_at
            if error.kind is ErrorKind.RECONNECT_NEEDED or is_over:
                raise
            log.warning("connection.refresh_failed", connection=str(access.connection_id), code=error.code)
            return access
        return await self._read(access.profile_id)

    async def refresh(self, connection_id: UUID, seen_expiry: datetime | None, now: datetime) -> None:
        """Renew a grant under its lock, if it still is the one whose expiry was read. Raises NetworkError.

        Only a refusal that proves the grant dead makes the connection need a reconnect; anything else changes nothing.
        """
        await self.shared.call(connection_id, lambda: self._refresh(connection_id, seen_expiry, now))

    async def _refresh(self, connection_id: UUID, seen_expiry: datetime | None, now: datetime) -> None:
        try:
            async with self.database.as_worker() as session:
                connection = await lock_connection(session, connection_id)
                if connection is not None:
                    provider = self.providers[ProviderKey(connection.provider)]
                    await renew(self.vault, connection, provider, seen_expiry, now)
        except NetworkError as error:
            if error.kind is ErrorKind.RECONNECT_NEEDED:
                await self.give_up(connection_id, error.message)
            raise

    async def is_dead(self, access: SealedAccess, refused: Target, reason: str, now: datetime) -> bool:
        """A network refused our access. Only the provider's own proof ends the connection; a blip never does.

        Where the proof is about this network alone, what the connection gives elsewhere goes on.
        """
        key = (access.profile_id, refused.access_token)
        return await self.shared.call(key, lambda: self._is_dead(access, refused, reason, now))

    async def _is_dead(self, access: SealedAccess, refused: Target, reason: str, now: datetime) -> bool:
        try:
            async with self.database.as_worker() as session:
                connection = await lock_connection(session, access.connection_id)
                if connection is None:
                    return True
                profile = await session.get_one(Profile, access.profile_id)
                provider = self.providers[ProviderKey(connection.provider)]
                found = await revive(self.vault, connection, profile, provider, refused.access_token, now)
                if isinstance(found, EndedHere):
                    actor, network = postline_itself(connection.account_id), NetworkKey(profile.network)
                    await mark_ended(session, actor, connection, network, found.reason)
                    return True
                if found:
                    return False
        except (NetworkError, CannotOpen) as error:
            log.warning("connection.cannot_prove", connection=str(access.connection_id), error=str(error))
            return False
        await self.give_up(access.connection_id, reason)
        return True

    async def give_up(self, connection_id: UUID, reason: str) -> None:
        """The provider proved that this access is dead."""
        async with self.database.as_worker() as session:
            connection = await lock_connection(session, connection_id)
            if connection is not None:
                await mark_dead(session, postline_itself(connection.account_id), connection, reason)

    async def _read(self, profile_id: UUID) -> SealedAccess:
        async with self.database.as_worker() as session:
            profile = await session.get_one(Profile, profile_id)
            return sealed_access(profile, await session.get_one(Connection, profile.connection_id))
