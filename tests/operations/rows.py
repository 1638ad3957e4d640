"""Deliveries put into one exact situation, for what watches over them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import update

from postline.db.engine import Database
from postline.posts.models import Delivery
from tests.support.rows import scheduled_deliveries

HOUR: Final = timedelta(hours=1)


def ago(**units: float) -> timedelta:
    """For the columns below: that long before the moment of writing; negative: after it."""
    return -timedelta(**units)


async def delivery_in(database: Database, **fields: Any) -> UUID:
    """One delivery with these columns; a span stands for a time that far from now."""
    [delivery_id] = await scheduled_deliveries(database, 1)
    await change(database, delivery_id, **fields)
    return delivery_id


async def change(database: Database, delivery_id: UUID, **fields: Any) -> None:
    now = datetime.now(UTC)
    values = {name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    async with database.as_worker() as session:
        await session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))


async def add_waiting(database: Database, count: int) -> None:
    """Copies of one delivery that wait for the next hours, as planned; without posts of their own."""
    await scheduled_deliveries(database, 1, due_in=HOUR)
    waits = SQL("now() + interval '1 hour' + n * interval '1 second'")
    own = {"id": SQL("gen_random_uuid()"), "post_id": SQL("gen_random_uuid()"), "due_at": waits, "run_at": waits}
    with psycopg.connect(database.url, autocommit=True) as connection:
        names = [column.name for column in Delivery.__table__.columns]
        values = [own.get(name, SQL("d.{}").format(Identifier(name))) for name in names]
        connection.execute("SET session_replication_role = replica")  # their posts are not missed here
        connection.execute(
            SQL("INSERT INTO deliveries ({}) SELECT {} FROM deliveries AS d, generate_series(1, {}) AS n").format(
                SQL(", ").join(map(Identifier, names)), SQL(", ").join(values), Literal(count)
            )
        )
        connection.execute("VACUUM ANALYZE deliveries")


def scans(plan: Sequence[str]) -> set[str]:
    """How a plan reads the table of deliveries: the names of its indexes, or the whole line."""
    lines = [line for line in plan if "Scan" in line and ("deliveries" in line)]
    found = set()
    for line in lines:
        words = line.split()
        place = words.index("using") if "using" in words else words.index("on") if "Index" in words else None
        found.add(words[place + 1] if place is not None else line.strip())
    return found
