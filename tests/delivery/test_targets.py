"""Access that must be renewed before a call: asked for once, not waited for without need, and in nobody else's way."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import select, text

from postline.connections.models import Connection
from postline.connections.tokens import SealedAccess, sealed_access, store_grant
from postline.connections.vault import Vault
from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.db.engine import Database
from postline.delivery.targets import Targets
from postline.networks.base import Grant
from postline.networks.http import HttpClient
from postline.networks.meta.graph import Graph
from postline.networks.meta.oauth import MetaProvider
from postline.profiles.models import Profile
from tests.support.rows import scheduled_deliveries

pytestmark = pytest.mark.anyio

NOW: Final = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SOON: Final = NOW + timedelta(hours=1)
WITHIN_S: Final = 20
BUSY: Final = NetworkError(ErrorKind.TRANSIENT, "busy", "Meta is busy.", is_definite=True)
DEAD: Final = NetworkError(ErrorKind.RECONNECT_NEEDED, "dead", "Meta says that it ended.", is_definite=True)


def grant(token: str, expires_at: datetime) -> Grant:
    return Grant(
        subject_id="1",
        subject_name="One",
        access_token=token,
        refresh_token=None,
        scopes=frozenset(),
        expires_at=expires_at,
        refresh_expires_at=None,
    )


class Slow(MetaProvider):
    """Answers when it is told to: with a new grant, or with an error."""

    def __init__(self, error: NetworkError | None = None) -> None:
        super().__init__(Graph(HttpClient(), None, "Meta"))
        self.asked, self.may_answer, self.error = 0, asyncio.Event(), error

    async def refresh(self, grant_: Grant, now: datetime) -> Grant:
        return await self._answer()

    async def revive(self, grant_: Grant, token: str, network: NetworkKey, now: datetime) -> Grant:
        return await self._answer()

    async def _answer(self) -> Grant:
        self.asked += 1
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return grant("new", NOW + timedelta(days=60))


@dataclass
class Access:
    """Connections whose grants are due for renewal, each with its profiles' access as a claim reads it."""

    database: Database
    provider: Slow
    vault: Vault = field(default_factory=lambda: Vault([bytes(32)]))

    def __post_init__(self) -> None:
        self.targets = Targets(self.database, self.vault, {ProviderKey.META: self.provider})

    async def connection(self, profiles: int, expires_at: datetime = SOON) -> list[SealedAccess]:
        await scheduled_deliveries(self.database, profiles)
        async with self.database.as_worker() as session:
            newest = select(Connection).order_by(Connection.id.desc()).limit(1)
            connection = (await session.scalars(newest)).one()
            connection.data_key = self.vault.new_data_key(f"connection:{connection.account_id}:{connection.id}")
            store_grant(self.vault, connection, grant("old", expires_at), self.provider)
            mine = await session.scalars(select(Profile).where(Profile.connection_id == connection.id))
            return [sealed_access(profile, connection) for profile in mine]

    async def until_asked(self, times: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while self.provider.asked < times:
                await self.is_database_free()

    async def is_database_free(self) -> None:
        """Raises TimeoutError when every connection is taken."""
        async with asyncio.timeout(WITHIN_S / 4), self.database.as_worker() as session:
            await session.execute(text("SELECT 1"))


async def test_many_posts_of_a_connection_ask_its_provider_once(database: Database) -> None:
    access = Access(database, Slow())
    opening = [asyncio.create_task(access.targets.open(each, NOW)) for each in await access.connection(50)]
    await access.until_asked(1)
    await access.is_database_free()
    access.provider.may_answer.set()
    assert {target.access_token for target in await asyncio.gather(*opening)} == {"new"}
    assert access.provider.asked == 1


async def test_a_provider_that_hangs_takes_no_connections_from_others(database: Database) -> None:
    access = Access(database, Slow())
    sealed = [(await access.connection(1))[0] for _ in range(30)]
    opening = [asyncio.create_task(access.targets.open(each, NOW)) for each in sealed]
    await access.until_asked(5)
    await access.is_database_free()
    access.provider.may_answer.set()
    assert {target.access_token for target in await asyncio.gather(*opening)} == {"new"}
    assert access.provider.asked == 30


@pytest.mark.parametrize("error", [BUSY, DEAD], ids=["busy", "dead"])
@pytest.mark.parametrize("expires_at", [SOON, NOW], ids=["still good", "expired"])
async def test_what_cannot_be_renewed_serves_until_it_expires_or_is_proven_dead(
    database: Database, error: NetworkError, expires_at: datetime
) -> None:
    access = Access(database, Slow(error))
    access.provider.may_answer.set()
    [sealed] = await access.connection(1, expires_at)
    if error is BUSY and expires_at == SOON:
        assert (await access.targets.open(sealed, NOW)).access_token == "old"
    else:
        with pytest.raises(NetworkError, match=error.message):
            await access.targets.open(sealed, NOW)


async def test_many_refusals_of_one_token_are_settled_by_one_question(database: Database) -> None:
    access = Access(database, Slow())
    [sealed] = await access.connection(1)
    access.provider.may_answer.set()
    target = await access.targets.open(sealed, NOW)
    access.provider.may_answer.clear()
    asking = [asyncio.create_task(access.targets.is_dead(sealed, target, "refused", NOW)) for _ in range(50)]
    await access.until_asked(2)
    await access.is_database_free()
    access.provider.may_answer.set()
    assert await asyncio.gather(*asking) == [False] * 50
    assert access.provider.asked == 2


async def test_who_began_the_question_may_go_and_others_still_get_the_answer(database: Database) -> None:
    access = Access(database, Slow())
    first, second = (asyncio.create_task(access.targets.open(each, NOW)) for each in await access.connection(2))
    await access.until_asked(1)
    first.cancel()
    access.provider.may_answer.set()
    assert (await second).access_token == "new"
