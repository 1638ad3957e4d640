"""The demo's account and its members: what the host platform would have brought along."""

import asyncio
from typing import Final
from uuid import UUID

from postline.accounts.people import Newcomer, account_exists, create_account
from postline.core.words import Role

ACCOUNT_ID: Final = UUID("01940000-0000-7000-8000-00000000c0fe")
ACCOUNT_NAME: Final = "Harbor Coffee"
TIME_ZONE: Final = "Europe/Lisbon"
PASSWORD: Final = "harbor-demo"  # noqa: S105 - the demo's own, printed on the screen

MIA: Final = Newcomer("mia@harbor.example", "Mia Fields", PASSWORD, Role.ADMINISTRATOR)
EDO: Final = Newcomer("edo@harbor.example", "Edo Brandt", PASSWORD, Role.EDITOR)
VERA: Final = Newcomer("vera@harbor.example", "Vera Silva", PASSWORD, Role.VIEWER)
PEOPLE: Final = (MIA, EDO, VERA)


def ensure_people(database_url: str) -> bool:
    """Make the account and its members unless they are there. Returns whether they were made."""
    if asyncio.run(account_exists(database_url, ACCOUNT_ID)):
        return False
    asyncio.run(create_account(database_url, ACCOUNT_NAME, TIME_ZONE, *PEOPLE, account_id=ACCOUNT_ID))
    return True
