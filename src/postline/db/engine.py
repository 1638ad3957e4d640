"""Connections to PostgreSQL in one of two roles.

`postline_app` sees only the rows of the account that a transaction names, so a forgotten filter returns nothing.
`postline_worker` sees all accounts and is used by the worker alone.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import psycopg
from psycopg.rows import DictRow, dict_row, tuple_row
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

APP_ROLE: Final = "postline_app"
WORKER_ROLE: Final = "postline_worker"

SCOPE = text(
    "SELECT set_config('postline.account_id', :account_id, true), set_config('postline.user_id', :user_id, true)"
)


def driver_url(url: str) -> str:
    """The same database through psycopg 3."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@asynccontextmanager
async def autocommit(engine: AsyncEngine) -> AsyncIterator[psycopg.AsyncConnection[DictRow]]:
    """The driver's own connection, for the hot path: each statement is a transaction, in one round trip."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        driver: psycopg.AsyncConnection[DictRow] | None = (await connection.get_raw_connection()).driver_connection
        if driver is None:
            raise psycopg.OperationalError("the connection was closed")
        driver.row_factory = dict_row
        try:
            yield driver
        except psycopg.OperationalError:
            await connection.invalidate()
            raise
        finally:
            driver.row_factory = tuple_row  # type: ignore[assignment]  # as the pool expects it


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

    def engine(self, role: str) -> AsyncEngine:
        if role not in self._engines:
            self._engines[role] = create_async_engine(
                driver_url(self.url),
                pool_size=self._pool_size,
                pool_use_lifo=True,  # statements are prepared by connection: few of them, used often, plan them once
                max_overflow=0,
                pool_pre_ping=True,
                connect_args={"options": f"-c role={role}", "application_name": role},
            )
        return self._engines[role]

    async def dispose(self) -> None:
        for engine in self._engines.values():
            await engine.dispose()

    @asynccontextmanager
    async def _transaction(self, role: str) -> AsyncIterator[AsyncSession]:
        make_session = async_sessionmaker(self.engine(role), expire_on_commit=False)
        async with make_session() as session, session.begin():
            yield session
