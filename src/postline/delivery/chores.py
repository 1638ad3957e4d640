"""What a worker does besides publishing: numbers, renewals, webhooks, letters, each due by a column of its row."""

import asyncio
import smtplib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, TextClause, text

from postline.clock import Clock
from postline.core.errors import NetworkError
from postline.core.outcomes import Receipt
from postline.core.words import Format, NetworkKey, ProviderKey
from postline.db.engine import Database
from postline.delivery.targets import ASKED_AT_ONCE, Targets
from postline.metrics.service import RETRY_AFTER, store_numbers
from postline.notices.mail import Mailer
from postline.notices.service import note_mailed, take_letters
from postline.posts.compose import Networks
from postline.posts.models import Delivery
from postline.webhooks import service as webhooks

log = structlog.get_logger()

BATCH: Final = 20
LONGEST_SLEEP: Final = 30.0
TIDY_EVERY: Final = timedelta(hours=1)

# Taking a chore puts its next time ahead, so another worker leaves it alone and a crash only delays it.
TAKE_METRICS: Final = text("""
    UPDATE deliveries SET metrics_at = now() + :retry
    WHERE id IN (SELECT id FROM deliveries WHERE metrics_at <= now() ORDER BY metrics_at LIMIT :limit
                 FOR UPDATE SKIP LOCKED)
    RETURNING id
""")
TAKE_REFRESHES: Final = text("""
    UPDATE connections SET refresh_at = now() + :retry
    WHERE id IN (SELECT id FROM connections WHERE refresh_at <= now() ORDER BY refresh_at LIMIT :limit
                 FOR UPDATE SKIP LOCKED)
    RETURNING id, expires_at
""")
NEXT: Final = text("""
    SELECT EXTRACT(EPOCH FROM least((SELECT min(metrics_at) FROM deliveries WHERE metrics_at IS NOT NULL),
                                    (SELECT min(refresh_at) FROM connections WHERE refresh_at IS NOT NULL),
                                    (SELECT min(process_at) FROM webhooks WHERE process_at IS NOT NULL),
                                    (SELECT min(mail_at) FROM notices WHERE mail_at IS NOT NULL AND :mails))
                              - clock_timestamp())::float8
""")


@dataclass(slots=True)
class Chores:
    """`mailer` None: no mail server is set, so notices stay on the page. `woken`: set when something may be due."""

    database: Database
    networks: Networks
    targets: Targets
    mailer: Mailer | None
    clock: Clock
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    _tidied_at: datetime | None = field(default=None, init=False)

    async def run_due(self) -> None:
        """Do what is due, then sleep until something is, half a minute at most."""
        self.woken.clear()
        told = await self._take_webhooks()
        letters = await self._take_letters()
        live = await self._take(TAKE_METRICS)
        await asyncio.gather(*(self.sync_metrics(row.id) for row in live))
        stale = await self._take(TAKE_REFRESHES, ASKED_AT_ONCE)  # more would wait for each other, and all else for them
        await asyncio.gather(*(self._refresh(row.id, row.expires_at) for row in stale))
        await self._tidy()
        if told or letters or live or stale:
            return
        async with self.database.as_worker() as session:
            seconds: float | None = await session.scalar(NEXT, {"mails": self.mailer is not None})
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SLEEP if seconds is None else min(max(seconds, 0.1), LONGEST_SLEEP)):
                await self.woken.wait()

    async def _take_webhooks(self) -> bool:
        """Process what came. A failure is tried again in a minute."""
        async with self.database.as_worker() as session:
            taken = await webhooks.take(session)
        for webhook in taken:
            key = ProviderKey(webhook.provider)
            async with self.database.as_worker() as session:
                await webhooks.apply(session, key, self.targets.providers[key].signals(webhook.body))
                await webhooks.finish(session, webhook)
        return bool(taken)

    async def _tidy(self) -> None:
        """Now and then, whatever the load: what is kept for a while only."""
        now = self.clock()
        if self._tidied_at is not None and now - self._tidied_at < TIDY_EVERY:
            return
        async with self.database.as_worker() as session:
            await webhooks.forget_old(session)
        self._tidied_at = now

    async def _take_letters(self) -> bool:
        if self.mailer is None:
            return False
        async with self.database.as_worker() as session:
            letters = await take_letters(session)
        for letter in letters:
            try:
                await asyncio.to_thread(self.mailer.send, letter)
            except (OSError, smtplib.SMTPException) as error:
                log.warning("notice.not_mailed", notice=str(letter.notice_id), error=type(error).__name__)
                continue
            async with self.database.as_worker() as session:
                await note_mailed(session, letter.notice_id)
        return bool(letters)

    async def sync_metrics(self, delivery_id: UUID) -> None:
        """Ask the network for one live post's numbers and keep them. A failure is tried again later.

        A delivery that was deleted meanwhile needs no numbers any more.
        """
        async with self.database.as_worker() as session:
            delivery = await session.get(Delivery, delivery_id)
        if delivery is None:
            return
        network = self.networks[NetworkKey(delivery.network)]
        ordered: Mapping[str, Any] = delivery.ordered or {}
        receipt = Receipt(delivery.remote_id or "", delivery.permalink, delivery.live_at)
        try:
            target = await self.targets.load(delivery.profile_id, self.clock())
            numbers = await network.metrics(target, receipt, Format(ordered["format"]))
        except NetworkError as error:
            log.warning("metrics.failed", delivery=str(delivery_id), kind=str(error.kind), code=error.code)
            return
        async with self.database.as_worker() as session:
            delivery = await session.get(Delivery, delivery_id, with_for_update=True)
            if delivery is None:
                return
            store_numbers(session, delivery, numbers, self.clock())
        log.info("metrics.synced", delivery=str(delivery_id))

    async def _refresh(self, connection_id: UUID, seen_expiry: datetime | None) -> None:
        """A failure leaves it for later; a grant that was proven dead is no longer due at all."""
        try:
            await self.targets.refresh(connection_id, seen_expiry, self.clock())
        except NetworkError as error:
            log.warning("connection.refresh_failed", connection=str(connection_id), code=error.code)

    async def _take(self, statement: TextClause, limit: int = BATCH) -> Sequence[Row[Any]]:
        async with self.database.as_worker() as session:
            return (await session.execute(statement, {"retry": RETRY_AFTER, "limit": limit})).all()
