"""Taking due deliveries out of the queue, keeping them, handing them back. The database's clock decides what is due."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from postline.core.content import PublishOrder, order_from_json
from postline.core.outcomes import Effect
from postline.core.states import DeliveryState

# `run_at` is set exactly where a machine acts next (a CHECK holds it), so this one index scan finds what is due, what
# a stopped worker left behind and what must be looked up.
CLAIM: Final = text("""
    WITH due AS MATERIALIZED (
        SELECT id, state AS was FROM deliveries
        WHERE run_at <= now()
        ORDER BY run_at
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE deliveries AS d
        SET state = 'publishing', fence = d.fence + 1, lease_owner = :owner, run_at = now() + :lease
        FROM due WHERE d.id = due.id
        RETURNING d.*, due.was
    )
    SELECT taken.*, p.remote_id AS profile_remote_id, p.status AS profile_status, p.secrets AS profile_secrets,
           c.id AS connection_id, c.refresh_at
    FROM taken
    JOIN profiles AS p ON p.id = taken.profile_id
    JOIN connections AS c ON c.id = p.connection_id
    ORDER BY taken.due_at
""")

RENEW: Final = text("""
    UPDATE deliveries AS d SET run_at = now() + :lease
    FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS mine(id, fence)
    WHERE d.id = mine.id AND d.fence = mine.fence AND d.state = 'publishing'
    RETURNING d.id
""")

HAND_BACK: Final = text("UPDATE deliveries SET run_at = now() WHERE lease_owner = :owner AND state = 'publishing'")

NEXT_DUE: Final = text(
    "SELECT EXTRACT(EPOCH FROM min(run_at) - clock_timestamp())::float8 FROM deliveries WHERE run_at IS NOT NULL"
)


@dataclass(slots=True, kw_only=True)
class Claimed:
    """A delivery that this worker owns, and how far it has got. Its changes reach the database by the journal."""

    id: UUID
    account_id: UUID
    profile_id: UUID
    connection_id: UUID
    fence: int
    was: DeliveryState
    due_at: datetime
    order: PublishOrder
    content_hash: str
    approved_hash: str | None
    needs_approval: bool
    checkpoint: Mapping[str, Any]
    steps_done: int
    open_step: str | None
    open_effect: Effect | None
    is_committed: bool
    attempts: int
    lookups: int
    first_call_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lease:
    owner: str
    length: timedelta


async def claim(engine: AsyncEngine, lease: Lease, limit: int) -> list[Claimed]:
    """Up to `limit` deliveries, the earliest due first. What another worker holds or is just taking is left alone."""
    parameters = {"limit": limit, "owner": lease.owner, "lease": lease.length}
    async with engine.begin() as connection:
        rows = (await connection.execute(CLAIM, parameters)).mappings().all()
    return [_claimed(row) for row in rows]


async def renew(engine: AsyncEngine, lease: Lease, held: Mapping[UUID, int]) -> set[UUID]:
    """Extend the leases of deliveries given with their fences; returns those that are still ours."""
    parameters = {"lease": lease.length, "ids": list(held), "fences": list(held.values())}
    async with engine.begin() as connection:
        return set((await connection.execute(RENEW, parameters)).scalars())


async def hand_back(engine: AsyncEngine, lease: Lease) -> None:
    """Let other workers take over at once what this one still holds."""
    async with engine.begin() as connection:
        await connection.execute(HAND_BACK, {"owner": lease.owner})


async def seconds_to_next(engine: AsyncEngine) -> float | None:
    """Until a machine must act on some delivery; negative when overdue, None when there is nothing to wait for."""
    async with engine.connect() as connection:
        found: float | None = await connection.scalar(NEXT_DUE)
        return found


def fences(held: Collection[Claimed]) -> dict[UUID, int]:
    return {each.id: each.fence for each in held}


def _claimed(row: Mapping[Any, Any]) -> Claimed:
    return Claimed(
        id=row["id"],
        account_id=row["account_id"],
        profile_id=row["profile_id"],
        connection_id=row["connection_id"],
        fence=row["fence"],
        was=DeliveryState(row["was"]),
        due_at=row["due_at"],
        order=order_from_json(row["ordered"]),
        content_hash=row["content_hash"],
        approved_hash=row["approved_hash"],
        needs_approval=row["needs_approval"],
        checkpoint=row["checkpoint"],
        steps_done=row["steps_done"],
        open_step=row["open_step"],
        open_effect=Effect(row["open_effect"]) if row["open_effect"] else None,
        is_committed=row["is_committed"],
        attempts=row["attempts"],
        lookups=row["lookups"],
        first_call_at=row["first_call_at"],
    )
