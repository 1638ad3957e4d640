"""What providers tell: stored before it is believed, then turned into a question to the network or a dead connection.

A signal about a post changes no state by itself: it only brings the next look forward, so a forged, late or repeated
one can do no harm.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import postline_itself
from postline.connections.models import Connection, ConnectionStatus
from postline.connections.service import forget, mark_dead
from postline.core.words import ProviderKey
from postline.networks.signals import AccessSignal, PostSignal, Signal
from postline.posts.moves import announce_due
from postline.webhooks.models import DeletionRequest, Webhook

KEPT_FOR: Final = timedelta(days=30)  # providers repeat for two days at most; a replay within this is known
RETRY_AFTER: Final = timedelta(minutes=1)
MAX_ATTEMPTS: Final = 10
BATCH: Final = 50

TAKE: Final = text("""
    UPDATE webhooks SET process_at = CASE WHEN attempts + 1 < :most THEN now() + :retry END, attempts = attempts + 1
    WHERE id IN (SELECT id FROM webhooks WHERE process_at <= now() ORDER BY process_at LIMIT :batch
                 FOR UPDATE SKIP LOCKED)
    RETURNING id, provider, body
""")

# What is being polled, or may be live and is known by this id, is looked at now. An unknown outcome of the profile is
# looked at for any news of it: the network may have named a post whose id never reached us.
LOOK_NOW: Final = text("""
    UPDATE deliveries AS d SET run_at = now()
    FROM profiles AS p
    WHERE d.profile_id = p.id AND p.network = :network AND p.remote_id = :remote_id
      AND d.due_at > now() - interval '8 days'
      AND (d.state = 'unconfirmed' OR (
           d.state = 'scheduled' AND d.first_call_at IS NOT NULL AND d.run_at > now()
           AND jsonb_path_exists(d.checkpoint, '$.** ? (@ == $handle)', jsonb_build_object('handle', :handle ::text))))
    RETURNING d.id
""")
NAME_POST: Final = text("""
    UPDATE deliveries AS d SET remote_id = :post_id, metrics_at = now()
    FROM profiles AS p
    WHERE d.profile_id = p.id AND p.network = :network AND p.remote_id = :remote_id
      AND d.due_at > now() - interval '8 days'
      AND d.state = 'published' AND d.remote_id LIKE '%:' || :handle
""")


async def store(session: AsyncSession, provider: ProviderKey, body: bytes) -> bool:
    """Keep it for processing. False: this very one was here before."""
    is_new = await _insert(session, provider, body, process_at=func.now())
    if is_new:
        await announce_due(session)
    return is_new


async def store_done(session: AsyncSession, provider: ProviderKey, body: bytes) -> bool:
    """Keep what is processed in this very transaction. False: this very one was here before."""
    return await _insert(session, provider, body, process_at=None)


async def take(session: AsyncSession) -> Sequence[Webhook]:
    """What is due, put off so that another worker leaves it alone and a crash only delays it."""
    rows = (await session.execute(TAKE, {"retry": RETRY_AFTER, "most": MAX_ATTEMPTS, "batch": BATCH})).all()
    return [Webhook(id=row.id, provider=row.provider, body=row.body) for row in rows]


async def finish(session: AsyncSession, webhook: Webhook) -> None:
    """It is done with; the hash stays for a while, so that a repetition is known."""
    await session.execute(text("UPDATE webhooks SET process_at = NULL WHERE id = :id"), {"id": webhook.id})


async def forget_old(session: AsyncSession) -> None:
    """Delete what is done with and so old that no provider repeats it."""
    is_old = Webhook.received_at < func.now() - KEPT_FOR
    await session.execute(delete(Webhook).where(is_old, Webhook.process_at.is_(None)))


async def apply(session: AsyncSession, provider: ProviderKey, signals: Sequence[Signal]) -> None:
    for signal in signals:
        match signal:
            case PostSignal():
                await _look_now(session, signal)
            case AccessSignal():
                await _access_changed(session, provider, signal)


async def delete_person(session: AsyncSession, provider: ProviderKey, subject_id: str) -> str:
    """Delete what is held of a person, in all accounts; returns the code of the request."""
    found = await _connections(session, provider, subject_id)
    for connection in found:
        actor = postline_itself(connection.account_id)
        await forget(session, actor, connection, "The person asked the network to have their data deleted.")
    code = secrets.token_urlsafe(12)
    session.add(DeletionRequest(code=code, provider=provider, connections_deleted=len(found)))
    return code


async def find_deletion(session: AsyncSession, code: str) -> DeletionRequest | None:
    return await session.get(DeletionRequest, code)


async def _insert(
    session: AsyncSession, provider: ProviderKey, body: bytes, *, process_at: ColumnElement[datetime] | None
) -> bool:
    key = hashlib.sha256(provider.encode() + b"\n" + body).digest()
    new = insert(Webhook).values(id=key, provider=provider, body=body, process_at=process_at)
    return await session.scalar(new.on_conflict_do_nothing().returning(Webhook.id)) is not None


async def _look_now(session: AsyncSession, signal: PostSignal) -> None:
    known = {"network": signal.network, "remote_id": signal.profile_remote_id, "handle": signal.handle}
    if (await session.execute(LOOK_NOW, known)).first() is not None:
        await announce_due(session)
    if signal.post_id is not None:
        await session.execute(NAME_POST, {**known, "post_id": signal.post_id})


async def _access_changed(session: AsyncSession, provider: ProviderKey, signal: AccessSignal) -> None:
    for connection in await _connections(session, provider, signal.subject_id):
        if signal.is_over:
            reason = "Access was taken away in the network's own settings. Reconnect to go on."
            await mark_dead(session, postline_itself(connection.account_id), connection, reason)
        elif connection.status == ConnectionStatus.ACTIVE:
            connection.refresh_at = await session.scalar(select(func.now()))  # what it may still do is asked anew


async def _connections(session: AsyncSession, provider: ProviderKey, subject_id: str) -> Sequence[Connection]:
    query = select(Connection).where(
        Connection.provider == provider,
        Connection.subject_id == subject_id,
        Connection.status != ConnectionStatus.REVOKED,
    )
    return (await session.scalars(query.order_by(Connection.id).with_for_update())).all()
