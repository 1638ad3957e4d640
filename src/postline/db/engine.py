"""Connections to PostgreSQL in one of two roles.

`postline_app` sees only the rows of the account that a transaction names, so a forgotten filter returns nothing.
`postline_worker` sees all accounts and is used by the worker alone.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_loads
from pydantic_core import from_json
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

APP_ROLE: Final = "postline_app"
WORKER_ROLE: Final = "postline_worker"

set_json_loads(from_json)  # half of the time that the standard library's takes
HOT: Final = "hot"
HOT_CONNECTIONS: Final = 6  # the journal's two, the heartbeat's, and the claims'
# A plan made once serves as long as its connection, so tables that were empty then must not mislead it.
PLANNED_ONCE: Final = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
# How long a process that froze, or a machine that vanished, may hold others up. The longest that a transaction of ours
# waits is for a network's answer about a grant that it renews.
NOT_LEFT_LYING: Final = "-c idle_in_transaction_session_timeout=5min"
SERVER_NOTICES: Final = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4"
CLIENT_NOTICES: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
ROW_KEPT: Final = "-c lock_timeout=1s"  # the hot path's patience with whoever keeps a row; it goes on with the others

SCOPE = text(
    "SELECT set_config('postline.account_id', :account_id, true), set_config('postline.user_id', :user_id, true)"
)


def driver_url(url: str) -> str:
    """The same database through psycopg 3."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def connect_args(role: str, name: str, options: str = "") -> dict[str, Any]:
    """How every connection of ours is made, but for its address."""
    told = f"-c role={role} {NOT_LEFT_LYING} {SERVER_NOTICES} {options}"
    return {"options": told, "application_name": name, **CLIENT_NOTICES}


class Database:
    """Sessions, each one transaction: committed when its block ends well, else rolled back."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = url
        self._pool_size = pool_size
        self._engines: dict[str, AsyncEngine] = {}

    @asynccontextmanager
    async def as_account(self, account_id: UUID, user_id: UUID | None = None) -> AsyncIterator[AsyncSession]:
        async with self._transaction(APP_ROLE) as session:
            await session.execute(SCOPE, {"account_id": str(account_id), "user_id": str(user_id or "")})
            yield session

    @asynccontextmanager
    async def as_user(self, user_id: UUID | None = None) -> AsyncIterator[AsyncSession]:
        """No account: sees users, sign-ins, and the accounts and memberships of this user."""
        async with self._transaction(APP_ROLE) as session:
            await session.execute(SCOPE, {"account_id": "", "user_id": str(user_id or "")})
            yield session

    @asynccontextmanager
    async def as_worker(self) -> AsyncIterator[AsyncSession]:
        async with self._transaction(WORKER_ROLE) as session:
            yield session

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[psycopg.AsyncConnection[DictRow]]:
        """The driver's own connection, for the worker's hot path: a statement is a transaction, in one round trip."""
        async with self._hot.connect() as connection:
            driver: psycopg.AsyncConnection[DictRow] | None = (await connection.get_raw_connection()).driver_connection
            if driver is None:
                raise psycopg.OperationalError("the connection was closed")
            driver.row_factory = dict_row
            try:
                yield driver
            except psycopg.Error as error:
                if driver.closed or isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
                    await connection.invalidate()  # to a server that is a copy now, there is nothing to come back for
                raise

    def engine(self, role: str) -> AsyncEngine:
        if role not in self._engines:
            self._engines[role] = self._open(role, self._pool_size)
        return self._engines[role]

    @property
    def _hot(self) -> AsyncEngine:
        """Few connections, whose few statements are prepared when first used."""
        if HOT not in self._engines:
            hot = self._open(WORKER_ROLE, HOT_CONNECTIONS, f"{PLANNED_ONCE} {ROW_KEPT}", prepare_threshold=0)
            self._engines[HOT] = hot.execution_options(isolation_level="AUTOCOMMIT")
        return self._engines[HOT]

    def _open(self, role: str, pool_size: int, options: str = "", **more: int) -> AsyncEngine:
        return create_async_engine(
            driver_url(self.url),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args=connect_args(role, role, options) | more,
        )

    async def dispose(self) -> None:
        for engine in self._engines.values():
            await engine.dispose()

    @asynccontextmanager
    async def _transaction(self, role: str) -> AsyncIterator[AsyncSession]:
        make_session = async_sessionmaker(self.engine(role), expire_on_commit=False)
        async with make_session() as session, session.begin():
            yield session
