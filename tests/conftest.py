"""What all tests share: a real PostgreSQL, the sandbox and our own server over real HTTP."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from postline import migrations
from postline.db.embedded import EmbeddedServer, ensure_server
from postline.db.engine import Database
from postline.sandbox.server import RunningSandbox, running_sandbox
from tests.support.databases import TEMPLATE, fresh_database
from tests.support.world import World, running_world


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """One server for all tests of this process; durability is switched off where no test kills it."""
    server = ensure_server(tmp_path_factory.mktemp("postgres"), {"fsync": "off", "synchronous_commit": "off"})
    migrations.upgrade(server.url(TEMPLATE))
    yield server
    server.destroy()


@pytest.fixture
def database_url(postgres: EmbeddedServer) -> Iterator[str]:
    """An empty database at the newest schema, of this test alone."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, pool_size=10)
    yield database
    await database.dispose()


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox() as running:
        yield running


@pytest.fixture
async def world(database_url: str, sandbox: RunningSandbox, tmp_path: Path) -> AsyncIterator[World]:
    """Our server over real HTTP with an account, its members and the sandbox as its networks."""
    async with running_world(database_url, sandbox.url, tmp_path) as running:
        yield running
