"""Durable writes of a worker: intents before calls, results after them. Many deliveries' writes share one commit.

Every write carries the fence: a worker that lost its lease, or whose delivery a person withdrew, can write nothing.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg
import structlog
from psycopg.rows import DictRow
from sqlalchemy.exc import OperationalError

from postline.core.outcomes import Effect, Receipt
from postline.core.states import DeliveryState, move
from postline.db.engine import Database
from postline.delivery.claim import Claimed

log = structlog.get_logger()

BATCH: Final = 500
PAUSE: Final = 0.2  # shorter than a claim's after an error: a result is to be in before anybody takes it over
# Of PostgreSQL itself, such as the size of a value: https://www.postgresql.org/docs/18/errcodes-appendix.html
LIMITS: Final = "54"

# Networks tell whole seconds, so the post went live within the second that follows: the later bound never flatters.
# Patches come in the order of their ids, in which people's changes lock rows too, so that the two do not deadlock.
_WRITE: Final = """
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(%(patches)s::jsonb) AS g(
            place int, id uuid, fence bigint, state text, wait_s float8, checkpoint jsonb, steps_done int,
            open_step text, open_effect text, is_committed boolean, attempts int, lookups int,
            first_call_at timestamptz, commit_began_at timestamptz, error_code text, reason text, remote_id text,
            permalink text, live_at timestamptz, metrics_s float8, lines jsonb)
    ), {free} written AS (
        UPDATE deliveries AS d SET
            state = g.state,
            -- While it is under way the heartbeat alone moves its lease: this write touches no index.
            run_at = CASE WHEN g.state = 'publishing' THEN d.run_at ELSE now() + make_interval(secs => g.wait_s) END,
            lease_owner = CASE WHEN g.state = 'publishing' THEN d.lease_owner END,
            checkpoint = g.checkpoint,
            steps_done = g.steps_done,
            open_step = g.open_step,
            open_effect = g.open_effect,
            is_committed = g.is_committed,
            attempts = g.attempts,
            lookups = g.lookups,
            first_call_at = g.first_call_at,
            commit_began_at = g.commit_began_at,
            error_code = g.error_code,
            reason = g.reason,
            remote_id = coalesce(g.remote_id, d.remote_id),
            permalink = coalesce(g.permalink, d.permalink),
            live_at = CASE WHEN g.state = 'published'
                           THEN least(g.live_at + interval '1 second', clock_timestamp()) END,
            metrics_at = now() + make_interval(secs => g.metrics_s)
        FROM given AS g
        WHERE d.id = g.id AND d.fence = g.fence AND d.state = 'publishing' {is_free}
        RETURNING g.place, g.lines, d.id, d.account_id, d.fence
    ), noted AS (
        INSERT INTO journal (account_id, delivery_id, fence, at, kind, step, message)
        SELECT w.account_id, w.id, w.fence, e.at, e.kind, e.step, e.message
        FROM written AS w, jsonb_to_recordset(w.lines) AS e(at timestamptz, kind text, step text, message text)
    )
    SELECT coalesce(array_agg(place), '{{}}') AS places FROM written
"""
WRITE: Final = _WRITE.format(free="", is_free="")
FREE: Final = """
    free AS MATERIALIZED (
        SELECT l.id FROM deliveries AS l JOIN given ON l.id = given.id ORDER BY l.id FOR UPDATE OF l SKIP LOCKED
    ),
"""
WRITE_FREE: Final = _WRITE.format(free=FREE, is_free="AND d.id IN (SELECT id FROM free)")  # of rows that nobody keeps
STILL_OURS: Final = """
    SELECT d.id FROM deliveries AS d
    JOIN unnest(CAST(%(ids)s AS uuid[]), CAST(%(fences)s AS bigint[])) AS mine(id, fence) ON d.id = mine.id
    WHERE d.fence = mine.fence AND d.state = 'publishing'
"""


class LostLease(Exception):
    """The delivery is no longer this worker's: it was taken over, or a person withdrew it. Stop, write nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """Where the delivery stands after this write. `wait`: until a machine acts again (None: none does, or this one is
    at it, and the heartbeat keeps the lease).

    `ask_metrics`: when to ask for the first numbers.
    """

    state: DeliveryState
    wait: timedelta | None = None
    error_code: str | None = None
    reason: str | None = None
    receipt: Receipt | None = None
    ask_metrics: timedelta | None = None


@dataclass(slots=True)
class _Write:
    delivery: Claimed
    patch: dict[str, Any]
    done: asyncio.Future[None]

    @property
    def is_intent_to_commit(self) -> bool:
        return self.patch["state"] == DeliveryState.PUBLISHING and self.patch.get("open_effect") == Effect.ONCE


class Journal:
    """Writes in groups: what arrives while one commit is under way goes into the next.

    `_kept`: what waits for rows that somebody keeps locked.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Write] = []
        self._kept: list[_Write] = []
        self._flusher: asyncio.Task[None] | None = None
        self._insister: asyncio.Task[None] | None = None

    async def write(self, delivery: Claimed, to: Next) -> None:
        """Returns when it is durable, the delivery's lines with it. Raises LostLease, having written nothing, when the
        delivery is no longer ours.
        """
        move(DeliveryState.PUBLISHING, to.state)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Write(delivery, _patch(delivery, to), done))
        delivery.untold, delivery.untold_call = [], None
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        """Until nothing waits. One connection serves all commits of a busy time, a statement and a commit in one."""
        batch: list[_Write] = []
        alone = 0
        while batch or self._waiting:
            try:
                async with self._database.autocommit() as connection:
                    while batch or self._waiting:
                        most, alone = (1, alone - 1) if alone else (BATCH, 0)
                        batch, self._waiting = [*batch, *self._waiting][:most], self._waiting[most - len(batch) :]
                        _confirm(batch, await self._commit(connection, batch))
                        _fail(batch, LostLease())
                        batch = []
            except psycopg.errors.LockNotAvailable:
                self._insist_on(batch)
                batch = []
            except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits must learn of it
                if _is_away(error):
                    # Perhaps the answer alone was lost. What was written all the same is not written twice: it is no
                    # longer what the fence and the state say, or says the same again.
                    log.warning("journal.waits", writes=len(batch) + len(self._waiting), error=type(error).__name__)
                    await asyncio.sleep(PAUSE)
                    batch, self._waiting = _worth_it(batch), _worth_it(self._waiting)
                    continue
                # One write that cannot be written must not take others along: each is tried by itself.
                if len(batch) > 1:
                    alone, self._waiting = len(batch), [*batch, *self._waiting]
                else:
                    _fail(batch, error)
                batch = []

    def _insist_on(self, batch: Sequence[_Write]) -> None:
        self._kept.extend(batch)
        if self._insister is None or self._insister.done():
            self._insister = asyncio.create_task(self._insist())

    async def _insist(self) -> None:
        """Apart from all other writes: what can be written by now, again and again."""
        while self._kept:
            batch, self._kept = self._kept[:BATCH], self._kept[BATCH:]
            try:
                async with self._database.autocommit() as connection:
                    _confirm(batch, await self._commit(connection, batch, WRITE_FREE))
                    batch = [each for each in batch if not each.done.done()]
                    ours = await _still_ours(connection, batch)
                _fail([each for each in batch if each.delivery.id not in ours], LostLease())
            except Exception as error:  # noqa: BLE001 - as above
                if not _is_away(error):
                    _fail(batch, error)
            await asyncio.sleep(PAUSE)
            self._kept.extend(_worth_it(batch))

    async def _commit(
        self, connection: psycopg.AsyncConnection[DictRow], batch: Sequence[_Write], statement: str = WRITE
    ) -> set[int]:
        """The places in the batch of what was written."""
        for place, each in enumerate(batch):
            each.patch["place"] = place
        patches = sorted((each.patch for each in batch), key=lambda patch: patch["id"].int)
        answer = await connection.execute(statement, {"patches": orjson.dumps(patches).decode()})
        row = await answer.fetchone()
        return set(row["places"]) if row else set()


async def _still_ours(connection: psycopg.AsyncConnection[DictRow], batch: Sequence[_Write]) -> set[UUID]:
    held = {"ids": [each.delivery.id for each in batch], "fences": [each.delivery.fence for each in batch]}
    return {row["id"] for row in await (await connection.execute(STILL_OURS, held)).fetchall()}


def _is_away(error: Exception) -> bool:
    """Whether it is the database that cannot write now, not this that cannot be written: it is down, out of room, or a
    copy of the one that took over. The fence tells when it is back, however long that takes.
    """
    if isinstance(error, OperationalError | psycopg.errors.ReadOnlySqlTransaction):
        return True
    return isinstance(error, psycopg.OperationalError) and not (error.sqlstate or "").startswith(LIMITS)


def _worth_it(batch: Sequence[_Write]) -> list[_Write]:
    """Those that still wait, without intents to commit that no call can follow, as their leases have run out: stored,
    they would only raise the question of what became of it.
    """
    intents = [each for each in batch if each.is_intent_to_commit and not each.delivery.is_ours()]
    _fail(intents, LostLease())
    return [each for each in batch if not each.done.done()]


def _confirm(batch: Sequence[_Write], written: Collection[int]) -> None:
    for place in written:
        if not batch[place].done.done():
            batch[place].done.set_result(None)


def _fail(batch: Sequence[_Write], error: Exception) -> None:
    """Tell all that still wait. Leases that are not lost by now run out, and what was not written is looked up."""
    for each in batch:
        if not each.done.done():
            each.done.set_exception(error)


def _patch(delivery: Claimed, to: Next) -> dict[str, Any]:
    """What is None is left out: the database reads it as null, and most of it is."""
    receipt = to.receipt
    patch = {
        "id": delivery.id,
        "fence": delivery.fence,
        "state": to.state,
        "wait_s": to.wait.total_seconds() if to.wait is not None else None,
        "checkpoint": delivery.checkpoint,
        "steps_done": delivery.steps_done,
        "open_step": delivery.open_step,
        "open_effect": delivery.open_effect,
        "is_committed": delivery.is_committed,
        "attempts": delivery.attempts,
        "lookups": delivery.lookups,
        "first_call_at": delivery.first_call_at,
        "commit_began_at": delivery.commit_began_at,
        "error_code": to.error_code,
        "reason": to.reason,
        "remote_id": receipt.remote_id if receipt else None,
        "permalink": receipt.permalink if receipt else None,
        "live_at": receipt.live_at if receipt else None,
        "metrics_s": to.ask_metrics.total_seconds() if to.ask_metrics else None,
        "lines": delivery.untold or None,
    }
    return {name: value for name, value in patch.items() if value is not None}
