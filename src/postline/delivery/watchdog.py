"""Nothing is late in silence: what is overdue beyond its limit, or unconfirmed and undecided, becomes an incident.

An incident is an event in the account's activity, a notice to its administrators, an error in the log and a count for
the operator's alarms.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from postline import telemetry
from postline.accounts.actor import postline_itself
from postline.beside import beside
from postline.config import Settings
from postline.core.states import DeliveryState
from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.delivery.queue import HAS_BEGUN, IS_DUE
from postline.events.service import record
from postline.notices.models import Notice
from postline.notices.service import Kind as NoticeKind
from postline.notices.service import notify_administrators

log = structlog.get_logger()

BATCH: Final = 200
LOOK_EVERY: Final = timedelta(seconds=15)
BREATH: Final = timedelta(seconds=1)  # between batches, when very much is late at once
REMIND_EVERY: Final = timedelta(days=1)
QUIET: Final = timedelta(hours=1)  # when a network fails, its thousand late posts are one letter, not a thousand

# What nobody has taken is found by when a worker was wanted, what has begun by its due time: both from small indexes,
# so that a million deliveries waiting for later cost nothing. What a worker or a person is changing at this very
# moment is left for the next look. A committed delivery that is still being processed is not late: it is out.
MARK: Final = text(f"""
    WITH untaken AS (
        SELECT id FROM deliveries
        WHERE {IS_DUE} AND run_at < now() - :limit
          AND state IN ('scheduled', 'publishing') AND NOT is_committed AND incident_at IS NULL
        LIMIT :batch
        FOR UPDATE SKIP LOCKED
    ), begun AS (
        SELECT id FROM deliveries
        WHERE {HAS_BEGUN} AND due_at < now() - :limit
          AND ((state IN ('scheduled', 'publishing') AND NOT is_committed AND incident_at IS NULL)
               OR (state = 'unconfirmed' AND incident_at IS NULL)
               OR (state = 'unconfirmed' AND run_at IS NULL AND incident_at < now() - :remind))
        ORDER BY due_at
        LIMIT :batch
        FOR UPDATE SKIP LOCKED
    )
    UPDATE deliveries AS d SET incident_at = now()
    FROM (SELECT id FROM untaken UNION SELECT id FROM begun) AS found, profiles AS p
    WHERE d.id = found.id AND p.id = d.profile_id
    RETURNING d.id, d.account_id, d.post_id, d.network, d.state, d.due_at, d.run_at, d.reason, d.error_code,
              p.name AS profile_name, now() - d.due_at AS late
""")  # noqa: S608 - constants of ours


class Kind(StrEnum):
    LATE = "late"
    UNCONFIRMED = "unconfirmed"


SUBJECTS: Final = {Kind.LATE: "Posts are late", Kind.UNCONFIRMED: "Posts may be live, or not"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A delivery whose lateness has just been marked. `run_at` None: no machine acts on it any more."""

    id: UUID
    account_id: UUID
    post_id: UUID
    network: NetworkKey
    profile_name: str
    state: DeliveryState
    due_at: datetime
    run_at: datetime | None
    late: timedelta
    reason: str | None
    error_code: str | None

    @property
    def kind(self) -> Kind:
        return Kind.UNCONFIRMED if self.state is DeliveryState.UNCONFIRMED else Kind.LATE

    def message(self) -> str:
        """A sentence or two for the account's activity: what is wrong, why, and who acts next."""
        late = _span(self.late)
        name = f"The post to {self.profile_name}"
        why = f" {self.reason}" if self.reason else ""
        if self.kind is Kind.LATE:
            return f"{name} is {late} late and not out yet.{why or ' No worker has taken it yet.'}"
        if self.run_at is not None:
            return f"{name} may be live: {late} after its time the network has not said so.{why}"
        return f"{name} may be live, and the network cannot tell. Look there and decide.{why}"


async def find_late(session: AsyncSession, limit: timedelta) -> Sequence[Late]:
    """Mark what is late beyond `limit` by the database's clock, and return it: each delivery once.

    What waits for a person's word alone is returned again each day. At most a few hundred at a time.
    """
    parameters = {"limit": limit, "remind": REMIND_EVERY, "batch": BATCH}
    rows = (await session.execute(MARK, parameters)).mappings().all()
    return [
        Late(**{**row, "network": NetworkKey(row["network"]), "state": DeliveryState(row["state"])}) for row in rows
    ]


def _span(late: timedelta) -> str:
    """Whole seconds, minutes or hours, whichever still tells something."""
    units = ((timedelta(hours=1), "h"), (timedelta(minutes=1), "min"), (timedelta(seconds=1), "s"))
    unit, name = next((each for each in units if late >= 2 * each[0]), units[-1])
    return f"{late // unit} {name}"


@dataclass(frozen=True, slots=True)
class Watchdog:
    """Any number may run over one database: each incident is raised once."""

    database: Database
    limit: timedelta

    async def run(self) -> None:
        """For ever. A database that is away is for the other alarms to tell; this goes on when it is back."""
        while True:
            pause = LOOK_EVERY
            try:
                if len(await self.look()) >= BATCH:
                    pause = BREATH
            except SQLAlchemyError as error:
                log.warning("watchdog.cannot_look", error=type(error).__name__)
            await asyncio.sleep(pause.total_seconds())

    async def look(self) -> Sequence[Late]:
        """Raise an incident for what became late, in one transaction with its mark; then log and count it."""
        async with self.database.as_worker() as session:
            found = await find_late(session, self.limit)
            for late in found:
                record(
                    session,
                    postline_itself(late.account_id),
                    f"delivery.{late.kind}",
                    ("delivery", late.id),
                    late.message(),
                    {"due_at": late.due_at.isoformat(), "state": late.state, "error_code": late.error_code},
                )
            await _notify(session, found)
        for late in found:
            telemetry.INCIDENTS.labels(late.network, late.kind).inc()
            log.error(
                "delivery.incident",
                kind=str(late.kind),
                delivery=str(late.id),
                account=str(late.account_id),
                network=str(late.network),
                state=str(late.state),
                late_s=round(late.late.total_seconds()),
                error_code=late.error_code,
            )
        return found


async def _notify(session: AsyncSession, found: Sequence[Late]) -> None:
    """One notice for each account and kind, unless its administrators had one a short while ago."""
    groups: defaultdict[tuple[UUID, Kind], list[Late]] = defaultdict(list)
    for late in found:
        groups[late.account_id, late.kind].append(late)
    recent = select(Notice.account_id, Notice.subject).where(
        Notice.account_id.in_({account_id for account_id, _ in groups}),
        Notice.kind == NoticeKind.INCIDENT,
        Notice.created_at > func.now() - QUIET,
    )
    told = {(row.account_id, row.subject) for row in await session.execute(recent)} if groups else set()
    for (account_id, kind), [first, *others] in groups.items():
        if (account_id, SUBJECTS[kind]) not in told:
            more = f" {len(others)} more are listed under Activity." if others else ""
            path = "/activity" if others else f"/posts/{first.post_id}"
            await notify_administrators(
                session, account_id, NoticeKind.INCIDENT, SUBJECTS[kind], first.message() + more, path
            )


@asynccontextmanager
async def running_watchdog(database: Database, settings: Settings) -> AsyncIterator[None]:
    """A watchdog beside what the block does."""
    async with beside(Watchdog(database, timedelta(seconds=settings.late_limit_seconds)).run()):
        yield
