"""Taking due deliveries out of the queue, keeping them, handing them back. The database's clock decides what is due."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from typing import Any, Final, NamedTuple
from uuid import UUID

from postline.connections.tokens import SealedAccess
from postline.core.content import PublishOrder, order_from_json
from postline.core.outcomes import Effect
from postline.core.states import DeliveryState
from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.posts.models import IN_ANY_LANE

# `run_at` is set exactly where a machine acts next (a CHECK holds it), so one index scan finds what is due, what a
# stopped worker left behind and what must be looked up. One profile's posts go out in the order of their times: what
# has not begun waits while an earlier one of its profile is due, under way, or will be asked about within a minute.
# Both the earlier one's states before and after its claim hold the later one back, so claims at once cannot differ.
DUE: Final = """
    SELECT d.id, d.state AS was FROM deliveries AS d
    WHERE d.network = %(network)s AND d.is_upload = %(is_upload)s AND d.run_at <= now() AND (
        d.state <> 'scheduled' OR d.is_committed OR NOT EXISTS (
            SELECT FROM deliveries AS e
            WHERE e.profile_id = d.profile_id
              AND e.due_at BETWEEN d.due_at - interval '1 day' AND d.due_at
              AND (e.due_at, e.id) < (d.due_at, d.id)
              AND e.state IN ('scheduled', 'publishing') AND NOT e.is_committed
              AND (e.state = 'publishing' OR e.run_at <= now()
                   OR (e.first_call_at IS NOT NULL AND e.run_at <= now() + interval '1 minute'))
        )
    )
    ORDER BY d.run_at
    LIMIT %(limit)s
    FOR UPDATE OF d SKIP LOCKED
"""
# The database commits when its answer has been taken, so what locks rows answers with little: a worker that freezes in
# the middle then keeps a lease, which lapses, and no locks, which do not. What was taken is read by itself.
CLAIM: Final = f"""
    WITH due AS MATERIALIZED ({DUE})
    UPDATE deliveries AS d
    SET state = 'publishing', fence = d.fence + 1, lease_owner = %(owner)s, run_at = now() + %(lease)s
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.fence, due.was
"""  # noqa: S608 - constants of ours
TAKEN: Final = """
    SELECT d.id, d.account_id, d.profile_id, d.fence, mine.was, d.due_at, d.ordered, d.content_hash, d.approved_hash,
           d.needs_approval, d.checkpoint, d.steps_done, d.open_step, d.open_effect, d.is_committed, d.attempts,
           d.lookups, d.first_call_at, d.commit_began_at, p.connection_id, p.name AS profile_name,
           p.remote_id AS profile_remote_id, p.status AS profile_status, p.secrets AS profile_secrets, c.data_key,
           c.secrets, c.refresh_at, c.expires_at, clock_timestamp() AS claimed_at
    FROM unnest(CAST(%(ids)s AS uuid[]), CAST(%(fences)s AS bigint[]), CAST(%(was)s AS text[])) AS mine(id, fence, was)
    JOIN deliveries AS d ON d.id = mine.id AND d.fence = mine.fence AND d.state = 'publishing'
    JOIN profiles AS p ON p.id = d.profile_id
    JOIN connections AS c ON c.id = p.connection_id
    ORDER BY d.due_at
"""

# Rows that somebody keeps locked are left as they are: a lease that is not extended now can be in a moment.
RENEW: Final = """
    WITH mine AS MATERIALIZED (
        SELECT * FROM unnest(CAST(%(ids)s AS uuid[]), CAST(%(fences)s AS bigint[])) AS m(id, fence)
    ), free AS MATERIALIZED (
        SELECT d.id FROM deliveries AS d JOIN mine ON d.id = mine.id
        WHERE d.fence = mine.fence AND d.state = 'publishing'
        FOR UPDATE OF d SKIP LOCKED
    ), extended AS (
        UPDATE deliveries AS d SET run_at = now() + %(lease)s FROM free WHERE d.id = free.id RETURNING d.id
    )
    SELECT mine.id, d.id IS NULL AS is_lost
    FROM mine LEFT JOIN deliveries AS d ON d.id = mine.id AND d.fence = mine.fence AND d.state = 'publishing'
    WHERE mine.id NOT IN (SELECT id FROM extended)
"""

# All lanes are named, and how long a lease may last: that is how the index finds them.
HAND_BACK: Final = f"""
    UPDATE deliveries SET run_at = now() WHERE id IN (
        SELECT id FROM deliveries
        WHERE {IN_ANY_LANE} AND run_at <= now() + %(lease)s AND lease_owner = %(owner)s AND state = 'publishing'
        FOR UPDATE SKIP LOCKED
    )
"""  # noqa: S608 - constants of ours

NEXT_DUE: Final = """
    SELECT EXTRACT(EPOCH FROM min(run_at) - clock_timestamp())::float8 AS seconds FROM deliveries
    WHERE network = %(network)s AND is_upload = %(is_upload)s AND run_at IS NOT NULL
"""


CLOCK: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)


@dataclass(slots=True)
class Entry:
    """A line of the delivery's history, for people."""

    kind: str
    step: str | None
    message: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Claimed:
    """A delivery that this worker owns, and how far it has got. Its changes reach the database by the journal.

    `untold_call`: when the first call was made, if no write has told of it yet. `untold`: lines for its history,
    likewise.
    """

    id: UUID
    account_id: UUID
    profile_id: UUID
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
    commit_began_at: datetime | None
    access: SealedAccess
    claimed_at: datetime
    seen_at: float = field(default_factory=monotonic)
    lease_until: float = inf
    untold_call: datetime | None = None
    untold: list[Entry] = field(default_factory=list)

    def is_ours(self) -> bool:
        """Whether the lease still runs, by a clock that also counts while the process or the machine is stopped."""
        return uptime() < self.lease_until

    def now(self) -> datetime:
        """The database's time, whatever this machine's clock says."""
        return self.claimed_at + timedelta(0, monotonic() - self.seen_at)

    def begin(self, step: str, effect: Effect, at: datetime) -> None:
        """A call to the network follows."""
        self.open_step, self.open_effect = step, effect
        if self.first_call_at is None:
            self.first_call_at = self.untold_call = at
        if effect is Effect.ONCE:
            self.commit_began_at = at

    def note(self, kind: str, step: str | None, message: str) -> None:
        """A line that the next write takes along."""
        self.untold.append(Entry(kind, step, message, self.now()))


@dataclass(frozen=True, slots=True)
class Lease:
    owner: str
    length: timedelta


class LaneKey(NamedTuple):
    """Deliveries that wait for places of their own: a network that hangs, or a slow upload, holds up no other lane."""

    network: NetworkKey
    is_upload: bool


class Renewal(NamedTuple):
    """What was not extended and is not lost is still ours, and locked by somebody just now."""

    extended: set[UUID]
    lost: set[UUID]


async def claim(database: Database, lease: Lease, limit: int, lane: LaneKey) -> list[Claimed]:
    """Up to `limit` deliveries of a lane, the earliest due first. What another worker holds or takes is left alone."""
    parameters = {"limit": limit, "owner": lease.owner, "lease": lease.length, **lane._asdict()}
    lease_until = uptime() + lease.length.total_seconds()
    async with database.autocommit() as connection:
        taken = await (await connection.execute(CLAIM, parameters)).fetchall()
        if not taken:
            return []
        mine = {"ids": [row["id"] for row in taken], "fences": [row["fence"] for row in taken]}
        rows = await connection.execute(TAKEN, mine | {"was": [row["was"] for row in taken]})
        return [_claimed(row, lease_until) for row in await rows.fetchall()]


async def renew(database: Database, lease: Lease, held: Mapping[UUID, int]) -> Renewal:
    """Extend the leases of deliveries given with their fences."""
    parameters = {"lease": lease.length, "ids": list(held), "fences": list(held.values())}
    async with database.autocommit() as connection:
        left_out = await (await connection.execute(RENEW, parameters)).fetchall()
    lost = {row["id"] for row in left_out if row["is_lost"]}
    return Renewal(extended=held.keys() - {row["id"] for row in left_out}, lost=lost)


async def hand_back(database: Database, lease: Lease) -> None:
    """Let other workers take over at once what this one still holds."""
    async with database.autocommit() as connection:
        await connection.execute(HAND_BACK, {"owner": lease.owner, "lease": lease.length})


async def seconds_to_next(database: Database, lane: LaneKey) -> float | None:
    """Until a machine must act in a lane; negative when something is overdue, None when nothing waits."""
    async with database.autocommit() as connection:
        row = await (await connection.execute(NEXT_DUE, lane._asdict())).fetchone()
    return row["seconds"] if row else None


def fences(held: Collection[Claimed]) -> dict[UUID, int]:
    return {each.id: each.fence for each in held}


def uptime() -> float:
    """Seconds, by the clock that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(CLOCK) if CLOCK is not None else monotonic()


def _claimed(row: Mapping[Any, Any], lease_until: float) -> Claimed:
    return Claimed(
        id=row["id"],
        account_id=row["account_id"],
        profile_id=row["profile_id"],
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
        commit_began_at=row["commit_began_at"],
        claimed_at=row["claimed_at"],
        lease_until=lease_until,
        access=SealedAccess(
            account_id=row["account_id"],
            connection_id=row["connection_id"],
            profile_id=row["profile_id"],
            profile_name=row["profile_name"],
            remote_id=row["profile_remote_id"],
            profile_status=row["profile_status"],
            profile_secrets=row["profile_secrets"],
            data_key=row["data_key"],
            secrets=row["secrets"],
            refresh_at=row["refresh_at"],
            expires_at=row["expires_at"],
        ),
    )
