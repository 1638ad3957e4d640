"""Reading posts with all that belongs to them."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from postline.approvals import service as approvals
from postline.approvals.models import Approval
from postline.core.states import ApprovalState, DeliveryState, DeliveryView, PostState, derive_post_state
from postline.db.paging import Page, page_by_id
from postline.media.models import Asset
from postline.posts.models import Delivery, JournalEntry, Post, PostMedia
from postline.profiles.models import Profile
from postline.refusals import not_found

WHOLE: Final = (
    selectinload(Post.media).options(joinedload(PostMedia.asset), joinedload(PostMedia.cover)),
    selectinload(Post.variants),
    selectinload(Post.deliveries).joinedload(Delivery.profile),
)


def whole_posts() -> Select[Post]:
    return select(Post).options(*WHOLE)


async def get_post(session: AsyncSession, post_id: UUID, *, for_change: bool = False) -> Post:
    """The post with media, variants and deliveries; `for_change` locks it and its deliveries. Raises Refusal."""
    if for_change:
        await session.execute(select(Post.id).where(Post.id == post_id).with_for_update())
        await session.execute(
            select(Delivery.id).where(Delivery.post_id == post_id).order_by(Delivery.id).with_for_update()
        )
    post = await session.scalar(whole_posts().where(Post.id == post_id).execution_options(populate_existing=True))
    if post is None:
        raise not_found("post")
    return post


async def get_delivery(session: AsyncSession, delivery_id: UUID) -> Delivery:
    query = select(Delivery).where(Delivery.id == delivery_id).options(joinedload(Delivery.profile))
    delivery = await session.scalar(query)
    if delivery is None:
        raise not_found("delivery")
    return delivery


async def timeline(session: AsyncSession, delivery_id: UUID) -> Sequence[JournalEntry]:
    query = select(JournalEntry).where(JournalEntry.delivery_id == delivery_id).order_by(JournalEntry.id)
    return (await session.scalars(query)).all()


def derived_state(post: Post, approval: Approval | None) -> PostState:
    views = [DeliveryView(DeliveryState(d.state), d.first_call_at is not None) for d in post.deliveries]
    return derive_post_state(approvals.state_of(approval), views)


async def list_posts(
    session: AsyncSession, *, state: PostState | None, text: str | None, cursor: str | None, limit: int
) -> Page[Post]:
    """Newest first. The state is derived, so pages are filled by scanning until there are enough of that state."""
    query = whole_posts()
    if text:
        query = query.where(Post.caption.icontains(text, autoescape=True))
    if state is None:
        return await page_by_id(session, query, Post.id, cursor=cursor, limit=limit)
    return await _scan(session, query, lambda post, approval: derived_state(post, approval) is state, cursor, limit)


async def list_awaiting_approval(session: AsyncSession, *, cursor: str | None, limit: int) -> Page[Post]:
    """Oldest first."""
    pending = select(Approval.post_id).where(Approval.state == ApprovalState.PENDING)
    query = whole_posts().where(Post.id.in_(pending))
    return await page_by_id(session, query, Post.id, cursor=cursor, limit=limit, newest_first=False)


async def find_assets(session: AsyncSession, asset_ids: Sequence[UUID]) -> dict[UUID, Asset]:
    rows = await session.scalars(select(Asset).where(Asset.id.in_(asset_ids)))
    return {asset.id: asset for asset in rows}


async def find_profiles(session: AsyncSession, profile_ids: Sequence[UUID]) -> dict[UUID, Profile]:
    rows = await session.scalars(select(Profile).where(Profile.id.in_(profile_ids)))
    return {profile.id: profile for profile in rows}


async def _scan(
    session: AsyncSession,
    query: Select[Post],
    wanted: Callable[[Post, Approval | None], bool],
    cursor: str | None,
    limit: int,
) -> Page[Post]:
    found: list[Any] = []
    while True:
        page = await page_by_id(session, query, Post.id, cursor=cursor, limit=limit)
        current = await approvals.latest_by_post(session, [post.id for post in page.items])
        for post in page.items:
            if wanted(post, current.get(post.id)):
                found.append(post)
                if len(found) == limit:
                    return Page(found, str(post.id))
        if page.next_cursor is None:
            return Page(found, None)
        cursor = page.next_cursor
