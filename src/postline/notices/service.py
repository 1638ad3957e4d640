"""Telling administrators, once each, what only a person can put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.models import Account, Member, User
from postline.core.words import Role
from postline.db.paging import Page, page_by_id
from postline.notices.models import Notice
from postline.refusals import not_found

RETRY_AFTER: Final = timedelta(minutes=5)
GIVE_UP_AFTER: Final = timedelta(days=1)
BATCH: Final = 20

TAKE: Final = text("""
    UPDATE notices SET mail_at = CASE WHEN created_at > now() - :give_up THEN now() + :retry END
    WHERE id IN (SELECT id FROM notices WHERE mail_at <= now() ORDER BY mail_at LIMIT :batch FOR UPDATE SKIP LOCKED)
    RETURNING id
""")


class Kind(StrEnum):
    RECONNECT = "reconnect"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice as it is mailed."""

    notice_id: UUID
    to: str
    subject: str
    message: str
    path: str


async def notify_administrators(
    session: AsyncSession, account_id: UUID, kind: Kind, subject: str, message: str, path: str
) -> int:
    """One notice for each administrator, in the transaction of what it tells of. Returns how many."""
    query = select(Member.user_id).where(Member.account_id == account_id, Member.role == Role.ADMINISTRATOR)
    users = (await session.scalars(query)).all()
    now = await session.scalar(select(func.now()))
    session.add_all(
        Notice(
            account_id=account_id,
            user_id=user_id,
            kind=kind,
            subject=subject,
            message=message,
            path=path,
            mail_at=now,
        )
        for user_id in users
    )
    return len(users)


async def list_notices(session: AsyncSession, user_id: UUID, *, cursor: str | None, limit: int) -> Page[Notice]:
    """A person's unread notices in the current account, newest first."""
    query = select(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return await page_by_id(session, query, Notice.id, cursor=cursor, limit=limit)


async def mark_read(session: AsyncSession, user_id: UUID, notice_id: UUID, now: datetime) -> None:
    """Raises Refusal when it is not this person's."""
    notice = await session.get(Notice, notice_id)
    if notice is None or notice.user_id != user_id:
        raise not_found("notice")
    notice.read_at = notice.read_at or now


async def take_letters(session: AsyncSession) -> Sequence[Letter]:
    """What is to be mailed now, put off so that another worker leaves it alone and a failure only delays it."""
    taken = await session.scalars(TAKE, {"give_up": GIVE_UP_AFTER, "retry": RETRY_AFTER, "batch": BATCH})
    query = (
        select(Notice, User.email, Account.name)
        .join(User, User.id == Notice.user_id)
        .join(Account, Account.id == Notice.account_id)
        .where(Notice.id.in_(list(taken)))
    )
    return [
        Letter(notice.id, email, f"{account}: {notice.subject}", notice.message, notice.path)
        for notice, email, account in await session.execute(query)
    ]


async def note_mailed(session: AsyncSession, notice_id: UUID) -> None:
    await session.execute(text("UPDATE notices SET mail_at = NULL WHERE id = :id"), {"id": notice_id})
