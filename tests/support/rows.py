"""Rows made directly, for tests of the engine alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from postline.accounts.models import Account
from postline.connections.models import Connection
from postline.core.content import PublishOrder
from postline.core.ids import ProfileId, new_id
from postline.core.words import Format, NetworkKey
from postline.db.engine import Database
from postline.delivery import claim as queue
from postline.delivery.claim import Claimed, LaneKey, Lease
from postline.posts.models import Delivery, JournalEntry, Post
from postline.posts.moves import enqueue
from postline.profiles.models import Profile


async def claim(
    database: Database, lease: Lease, limit: int, network: NetworkKey = NetworkKey.FACEBOOK, *, is_upload: bool = False
) -> list[Claimed]:
    """Of a lane, by default of what `scheduled_deliveries` makes."""
    return await queue.claim(database, lease, limit, LaneKey(network, is_upload))


async def scheduled_deliveries(
    database: Database, count: int, due_in: timedelta = timedelta(0), *, profiles: int | None = None
) -> list[UUID]:
    """Text posts to Facebook Pages, due from now on by `due_in`; a profile each, or shared among `profiles`."""
    account_id, connection_id = new_id(), new_id()
    profile_ids = [new_id() for _ in range(profiles or count)]
    async with database.as_worker() as session:
        session.add(Account(id=account_id, name="Rows", time_zone="UTC", is_enabled=True))
        await session.flush()
        session.add(
            Connection(
                id=connection_id,
                account_id=account_id,
                provider="meta",
                subject_id="1",
                subject_name="One",
                scopes=[],
                data_key=b"",
                secrets=b"",
                connected_at=datetime.now(UTC),
            )
        )
        await session.flush()
        session.add_all(
            Profile(
                id=profile_id,
                account_id=account_id,
                connection_id=connection_id,
                network="facebook",
                remote_id=str(place),
                name=f"Page {place}",
            )
            for place, profile_id in enumerate(profile_ids)
        )
        posts = [
            Post(
                id=new_id(),
                account_id=account_id,
                format="feed",
                caption="Hello",
                time_zone="UTC",
                needs_approval=False,
                author="Test",
            )
            for _ in range(count)
        ]
        session.add_all(posts)
        await session.flush()
        deliveries = [
            Delivery(
                id=new_id(),
                account_id=account_id,
                post_id=post.id,
                profile_id=profile_ids[place % len(profile_ids)],
                network="facebook",
                state="held",
                fence=0,
                checkpoint={},
            )
            for place, post in enumerate(posts)
        ]
        for delivery in deliveries:
            order = PublishOrder(
                network=NetworkKey.FACEBOOK,
                profile_id=ProfileId(delivery.profile_id),
                format=Format.FEED,
                caption="Hello",
            )
            enqueue(delivery, order, datetime.now(UTC) + due_in, needs_approval=False)
        session.add_all(deliveries)
        return [delivery.id for delivery in deliveries]


async def read_delivery(database: Database, delivery_id: UUID) -> Delivery:
    async with database.as_worker() as session:
        return await session.get_one(Delivery, delivery_id)


async def journal_kinds(database: Database, delivery_id: UUID) -> list[str]:
    query = select(JournalEntry.kind).where(JournalEntry.delivery_id == delivery_id).order_by(JournalEntry.id)
    async with database.as_worker() as session:
        return list(await session.scalars(query))
