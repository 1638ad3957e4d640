"""Accounts and members as an operator makes them, where no host platform does."""

from dataclasses import dataclass, field
from uuid import UUID

from postline.accounts import service
from postline.accounts.models import Account
from postline.core.ids import new_id
from postline.core.words import Role
from postline.db.engine import Database


@dataclass(frozen=True, slots=True)
class Newcomer:
    email: str
    name: str
    password: str = field(repr=False)
    role: Role


async def create_account(
    url: str, name: str, time_zone: str, *members: Newcomer, account_id: UUID | None = None
) -> UUID:
    """Make an account with its members and return its id. Raises Refusal for an unknown zone."""
    account_id = account_id or new_id()
    database = Database(url)
    try:
        async with database.as_account(account_id) as session:
            service.create_account(session, account_id, name, time_zone)
            await session.flush()
            for member in members:
                await service.add_member(session, account_id, member.email, member.name, member.password, member.role)
        return account_id
    finally:
        await database.dispose()


async def add_member(url: str, account_id: UUID, member: Newcomer) -> None:
    """Raises Refusal when there is no such account, or the person is a member already."""
    database = Database(url)
    try:
        async with database.as_account(account_id) as session:
            await service.get_account(session, account_id)
            await service.add_member(session, account_id, member.email, member.name, member.password, member.role)
    finally:
        await database.dispose()


async def account_exists(url: str, account_id: UUID) -> bool:
    database = Database(url)
    try:
        async with database.as_account(account_id) as session:
            return await session.get(Account, account_id) is not None
    finally:
        await database.dispose()
