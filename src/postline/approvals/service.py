"""Approvals as such: asked for, given, refused, withdrawn. What follows for the post stands in `posts.workflow`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.approvals.models import Approval
from postline.core.ids import new_id
from postline.core.states import ApprovalState as A

OPEN: Final = (A.PENDING, A.APPROVED)
Hashes = Mapping[str, str]


async def latest_by_post(session: AsyncSession, post_ids: Sequence[UUID]) -> dict[UUID, Approval]:
    query = (
        select(Approval)
        .ext(distinct_on(Approval.post_id))
        .where(Approval.post_id.in_(post_ids))
        .order_by(Approval.post_id, Approval.id.desc())
    )
    return {approval.post_id: approval for approval in await session.scalars(query)}


async def find_latest(session: AsyncSession, post_id: UUID) -> Approval | None:
    return (await latest_by_post(session, [post_id])).get(post_id)


def state_of(approval: Approval | None) -> A:
    return A(approval.state) if approval else A.NONE


def covers(approval: Approval | None, hashes: Hashes) -> bool:
    """Does it approve exactly this content for exactly these profiles?"""
    return state_of(approval) is A.APPROVED and approval is not None and approval.content_hashes == dict(hashes)


async def request(
    session: AsyncSession, actor: Actor, post_id: UUID, hashes: Hashes, note: str | None, now: datetime
) -> Approval:
    approval = Approval(
        id=new_id(),
        account_id=actor.account_id,
        post_id=post_id,
        state=A.PENDING,
        content_hashes=dict(hashes),
        requested_by=actor.name,
        requested_at=now,
        request_note=note,
    )
    session.add(approval)
    await session.flush()
    return approval


def close(approval: Approval, state: A, actor: Actor, note: str | None, now: datetime) -> None:
    approval.state, approval.decided_by, approval.decided_at, approval.decision_note = (state, actor.name, now, note)
