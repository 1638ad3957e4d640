"""What stops deliveries as a group, and lets them go on when it is over: the module, a connection, a profile."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.models import Account
from postline.core.states import DeliveryState
from postline.posts.models import Delivery
from postline.posts.moves import announce_due, is_too_late, journal, resume, withdraw

WAITING: Final = (DeliveryState.SCHEDULED, DeliveryState.PUBLISHING)


@dataclass(frozen=True, slots=True)
class Gate:
    """`code` marks the deliveries it stopped, so that opening it frees just those."""

    code: str
    reason: str


MODULE_OFF: Final = Gate("module-off", "Social publishing is switched off for this account. Switch it on to go on.")
RECONNECT: Final = Gate("reconnect-needed", "The network no longer accepts our access. Reconnect the profile to go on.")
UNBOUND: Final = Gate("profile-unbound", "The profile was unbound. Bind it again to go on.")


async def block(
    session: AsyncSession, account_id: UUID, gate: Gate, profile_ids: Collection[UUID] | None = None
) -> int:
    """Stop what waits and what has begun but may not be visible yet. Returns how many were stopped."""
    query = select(Delivery).where(Delivery.account_id == account_id, Delivery.state.in_(WAITING))
    stopped = [d for d in await _locked(session, query, profile_ids) if not is_too_late(d)]
    for delivery in stopped:
        withdraw(delivery, DeliveryState.BLOCKED)
        delivery.error_code, delivery.reason = gate.code, gate.reason
        journal(session, delivery, "blocked", gate.reason)
    return len(stopped)


async def release(
    session: AsyncSession, account_id: UUID, gate: Gate, now: datetime, profile_ids: Collection[UUID] | None = None
) -> int:
    """Let what this gate stopped go on; what came due meanwhile goes out at once. Returns how many went through.

    While the module is off, what another gate lets go stands before that one next.
    """
    query = select(Delivery).where(
        Delivery.account_id == account_id, Delivery.state == DeliveryState.BLOCKED, Delivery.error_code == gate.code
    )
    freed = await _locked(session, query, profile_ids)
    is_enabled = await session.scalar(select(Account.is_enabled).where(Account.id == account_id))
    if not is_enabled and gate is not MODULE_OFF:
        for delivery in freed:
            delivery.error_code, delivery.reason = MODULE_OFF.code, MODULE_OFF.reason
            journal(session, delivery, "blocked", MODULE_OFF.reason)
        return 0
    for delivery in freed:
        resume(delivery, max(delivery.due_at or now, now))
        journal(session, delivery, "released", "It goes on.")
    if freed:
        await announce_due(session)
    return len(freed)


async def _locked(
    session: AsyncSession, query: Select[Delivery], profile_ids: Collection[UUID] | None
) -> list[Delivery]:
    if profile_ids is not None:
        query = query.where(Delivery.profile_id.in_(profile_ids))
    return list(await session.scalars(query.order_by(Delivery.id).with_for_update()))
