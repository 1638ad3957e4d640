"""The profile to publish to with its tokens, opened only here and handed straight to the network's code."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from postline.accounts.actor import postline_itself
from postline.connections.models import Connection
from postline.connections.service import mark_dead
from postline.connections.tokens import Providers, lock_connection, open_target, renew
from postline.connections.vault import CannotOpen, Vault
from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import ProviderKey
from postline.db.engine import Database
from postline.networks.base import Target
from postline.profiles.models import Profile, ProfileStatus


@dataclass(frozen=True, slots=True)
class Targets:
    """Reads profiles and tokens across accounts, and renews grants that are about to expire."""

    database: Database
    vault: Vault
    providers: Providers

    async def load(self, profile_id: UUID, now: datetime) -> Target:
        """Raises NetworkError RECONNECT_NEEDED when the profile has no living access."""
        async with self.database.as_worker() as session:
            profile = await session.get_one(Profile, profile_id)
            if profile.status != ProfileStatus.ACTIVE:
                raise _reconnect(f"{profile.name} must be reconnected before anything can be published to it.")
            connection = await session.get_one(Connection, profile.connection_id)
            if connection.refresh_at is None or now < connection.refresh_at:
                return self._open(profile, connection)
        await self.refresh(connection.id, connection.expires_at, now)
        async with self.database.as_worker() as session:
            connection = await session.get_one(Connection, connection.id)
            profile = await session.get_one(Profile, profile_id)
            return self._open(profile, connection)

    async def refresh(self, connection_id: UUID, seen_expiry: datetime | None, now: datetime) -> None:
        """Renew a grant under its lock, if it still is the one whose expiry was read. Raises NetworkError.

        Only a refusal that proves the grant dead makes the connection need a reconnect; anything else changes nothing.
        """
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

    def _open(self, profile: Profile, connection: Connection) -> Target:
        try:
            return open_target(self.vault, profile, connection)
        except CannotOpen as error:
            text = f"The stored access cannot be opened: {error}."
            raise NetworkError(ErrorKind.APP_NOT_READY, "key-missing", text, is_definite=True) from None

    async def give_up(self, connection_id: UUID, reason: str) -> None:
        """The network proved that this access is dead."""
        async with self.database.as_worker() as session:
            connection = await lock_connection(session, connection_id)
            if connection is not None:
                await mark_dead(session, postline_itself(connection.account_id), connection, reason)


def _reconnect(message: str) -> NetworkError:
    return NetworkError(ErrorKind.RECONNECT_NEEDED, "profile-not-active", message, is_definite=True)
