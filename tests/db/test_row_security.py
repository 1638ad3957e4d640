"""A forgotten filter returns nothing: the database itself shows a transaction only its account's rows."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from postline.accounts.models import Account
from postline.core.ids import new_id
from postline.db.engine import Database
from postline.media.models import Asset
from postline.schema import tenant_tables

pytestmark = pytest.mark.anyio

NOT_TENANT = {"alembic_version", "users", "sign_ins", "webhooks", "deletion_requests"}


async def _account_with_asset(database: Database) -> Asset:
    account_id = new_id()
    async with database.as_account(account_id) as session:
        session.add(Account(id=account_id, name="One", time_zone="UTC"))
        await session.flush()
        asset = Asset(
            account_id=account_id,
            name="a.jpg",
            kind="image",
            content_type="image/jpeg",
            size_bytes=1,
            sha256="00",
            width=1,
            height=1,
        )
        session.add(asset)
    return asset


async def test_another_accounts_rows_are_not_there(database: Database) -> None:
    own, foreign = await _account_with_asset(database), await _account_with_asset(database)
    async with database.as_account(own.account_id) as session:
        assert [asset.id for asset in await session.scalars(select(Asset))] == [own.id]
        assert await session.get(Asset, foreign.id) is None


async def test_without_an_account_nothing_is_there(database: Database) -> None:
    await _account_with_asset(database)
    async with database.as_user() as session:
        assert await session.scalar(select(func.count()).select_from(Asset)) == 0
        assert await session.scalar(select(func.count()).select_from(Account)) == 0


async def test_the_worker_sees_all_accounts(database: Database) -> None:
    await _account_with_asset(database)
    await _account_with_asset(database)
    async with database.as_worker() as session:
        assert await session.scalar(select(func.count()).select_from(Asset)) == 2


async def test_a_row_cannot_be_written_into_another_account(database: Database) -> None:
    own, foreign = await _account_with_asset(database), await _account_with_asset(database)
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.as_account(own.account_id) as session:
            await session.execute(text("UPDATE assets SET account_id = :other"), {"other": foreign.account_id})


async def test_every_table_with_an_account_is_protected_and_forced(database: Database) -> None:
    query = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    async with database.as_worker() as session:
        protected = set(await session.scalars(query))
        tables = set(await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    assert set(tenant_tables()) | {"accounts"} == protected
    assert tables - protected == NOT_TENANT


@pytest.mark.parametrize("table", ["audit_events", "journal"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET message = 'other'"])
async def test_history_cannot_be_rewritten(database: Database, table: str, change: str) -> None:
    account_id = (await _account_with_asset(database)).account_id
    for role in (database.as_account(account_id), database.as_worker()):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with role as session:
                await session.execute(text(change.format(table)))
