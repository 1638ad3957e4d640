"""What people may do to a delivery: their withdrawal wins until the intent to commit is stored, then it is too late."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from postline.core.content import PublishOrder, content_hash, order_to_json
from postline.core.outcomes import Effect
from postline.core.states import DeliveryState, move
from postline.posts.models import Delivery, JournalEntry

DUE_CHANNEL = "postline_due"


def is_too_late(delivery: Delivery) -> bool:
    """The call that may make it visible was about to leave, or has left."""
    return delivery.is_committed or delivery.open_effect == Effect.ONCE


def withdraw(delivery: Delivery, to: DeliveryState) -> None:
    """Take it out of the queue. Whoever works on it can write nothing from now on. Raises IllegalMove."""
    delivery.state = move(DeliveryState(delivery.state), to)
    delivery.fence += 1
    delivery.run_at = None
    delivery.lease_owner = None
    _forget_progress(delivery)


def enqueue(delivery: Delivery, order: PublishOrder, due_at: datetime, *, needs_approval: bool) -> None:
    """Order exactly this content for exactly this instant. Raises IllegalMove."""
    delivery.state = move(DeliveryState(delivery.state), DeliveryState.SCHEDULED)
    delivery.fence += 1
    delivery.due_at = delivery.run_at = due_at
    delivery.ordered, delivery.content_hash = order_to_json(order), content_hash(order)
    delivery.needs_approval = needs_approval
    delivery.is_upload = order.is_upload
    delivery.error_code = delivery.reason = None
    delivery.first_call_at = delivery.commit_began_at = delivery.incident_at = None
    _forget_progress(delivery)


def resume(delivery: Delivery, at: datetime) -> None:
    """Go on from where it stopped: what may be live is looked up or read, never sent anew. Raises IllegalMove."""
    delivery.state = move(DeliveryState(delivery.state), DeliveryState.SCHEDULED)
    delivery.fence += 1
    delivery.run_at = at
    delivery.attempts = delivery.lookups = 0
    delivery.error_code = delivery.reason = None


def start_over(delivery: Delivery, at: datetime) -> None:
    """Somebody knows that nothing of it is live: send it from the beginning. Raises IllegalMove."""
    resume(delivery, at)
    _forget_progress(delivery)


def settle_live(delivery: Delivery, permalink: str | None, now: datetime) -> None:
    """Somebody saw it live. The moment is not known; the first call is the nearest to it. Raises IllegalMove."""
    delivery.state = move(DeliveryState(delivery.state), DeliveryState.PUBLISHED)
    delivery.fence += 1
    delivery.run_at = delivery.error_code = delivery.reason = None
    delivery.open_step = delivery.open_effect = None
    delivery.live_at, delivery.permalink = delivery.first_call_at or now, permalink


def journal(session: AsyncSession, delivery: Delivery, kind: str, message: str) -> None:
    session.add(
        JournalEntry(
            account_id=delivery.account_id, delivery_id=delivery.id, fence=delivery.fence, kind=kind, message=message
        )
    )


async def announce_due(session: AsyncSession) -> None:
    """Wake the workers when this transaction commits."""
    await session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": DUE_CHANNEL})


def _forget_progress(delivery: Delivery) -> None:
    delivery.open_step = delivery.open_effect = None
    delivery.checkpoint = {}
    delivery.steps_done = delivery.attempts = delivery.lookups = 0
    delivery.is_committed = False
