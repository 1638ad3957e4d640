"""Key rotation: data keys are wrapped anew, what they sealed stays as it is."""

from sqlalchemy import select

from postline.connections.models import Connection, ConnectionStatus
from postline.connections.tokens import key_context
from postline.connections.vault import Vault
from postline.db.engine import Database


async def rewrap_all(url: str, vault: Vault) -> int:
    """Wrap with the first key what another one wraps, in all accounts; returns how many. Raises CannotOpen."""
    database = Database(url)
    try:
        async with database.as_worker() as session:
            query = select(Connection).where(Connection.status != ConnectionStatus.REVOKED).with_for_update()
            stale = [each for each in await session.scalars(query) if not vault.is_current(each.data_key)]
            for connection in stale:
                connection.data_key = vault.rewrap(connection.data_key, key_context(connection))
            return len(stale)
    finally:
        await database.dispose()
