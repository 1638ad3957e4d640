"""Writing and reading the audit trail."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.db.paging import Page, page_by_id
from postline.events.models import AuditEvent


def record(
    session: AsyncSession,
    actor: Actor,
    verb: str,
    subject: tuple[str, UUID],
    message: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add to the trail, in the transaction of the change itself. `verb` is "noun.verb"."""
    session.add(
        AuditEvent(
            account_id=actor.account_id,
            actor=actor.name,
            actor_id=actor.id,
            verb=verb,
            subject_type=subject[0],
            subject_id=subject[1],
            message=message,
            data=dict(data or {}),
        )
    )


async def list_events(session: AsyncSession, *, cursor: str | None, limit: int) -> Page[AuditEvent]:
    return await page_by_id(session, select(AuditEvent), AuditEvent.id, cursor=cursor, limit=limit)
