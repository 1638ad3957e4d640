"""The demo's account and its members: what the host platform would have brought along."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from postline.accounts.models import Account
from postline.accounts.service import add_member, create_account
from postline.core.words import Role
from postline.db.engine import Database

ACCOUNT_ID: Final = UUID("01940000-0000-7000-8000-00000000c0fe")
ACCOUNT_NAME: Final = "Harbor Coffee"
TIME_ZONE: Final = "Europe/Lisbon"
PASSWORD: Final = "harbor-demo"  # noqa: S105 - the demo's own, printed on the screen


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    role: Role


MIA: Final = Person("Mia Fields", "mia@harbor.example", Role.ADMINISTRATOR)
EDO: Final = Person("Edo Brandt", "edo@harbor.example", Role.EDITOR)
VERA: Final = Person("Vera Silva", "vera@harbor.example", Role.VIEWER)
PEOPLE: Final = (MIA, EDO, VERA)


def ensure_people(database_url: str) -> bool:
    """Make the account and its members unless they are there. Returns whether they were made."""
    return asyncio.run(_ensure(database_url))


async def _ensure(database_url: str) -> bool:
    database = Database(database_url)
    try:
        async with database.as_account(ACCOUNT_ID) as session:
            if await session.get(Account, ACCOUNT_ID) is not None:
                return False
            create_account(session, ACCOUNT_ID, ACCOUNT_NAME, TIME_ZONE)
            await session.flush()
            for person in PEOPLE:
                await add_member(session, ACCOUNT_ID, person.email, person.name, PASSWORD, person.role)
            return True
    finally:
        await database.dispose()
