"""The profile to publish to with its tokens, opened only here and handed straight to the network's code."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from postline.accounts.actor import postline_itself
from postline.connections.models import Connection
from postline.connections.service import mark_dead
from postline.connections.tokens import Providers, lock_connection, open_target, renew
from postline.connections.vault import Vault
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
                return open_target(self.vault, profile, connection)
        await self.refresh(connection.id, now)
        async with self.database.as_worker() as session:
            connection = await session.get_one(Connection, connection.id)
            profile = await session.get_one(Profile, profile_id)
            return open_target(self.vault, profile, connection)

    async def refresh(self, connection_id: UUID, now: datetime) -> None:
        """Renew a grant under its lock. Raises NetworkError; a proven-dead one is marked so before."""
        try:
            async with self.database.as_worker() as session:
                connection = await lock_connection(session, connection_id)
                if connection is not None:
                    await renew(self.vault, connection, self.providers[ProviderKey(connection.provider)], now)
        except NetworkError as error:
            if error.kind is ErrorKind.RECONNECT_NEEDED:
                await self.give_up(connection_id, error.message)
            raise

    async def give_up(self, connection_id: UUID, reason: str) -> None:
        """The network proved that this access is dead."""
        async with self.database.as_worker() as session:
            connection = await lock_connection(session, connection_id)
            if connection is not None:
                await mark_dead(session, postline_itself(connection.account_id), connection, reason)


def _reconnect(message: str) -> NetworkError:
    return NetworkError(ErrorKind.RECONNECT_NEEDED, "profile-not-active", message, is_definite=True)
