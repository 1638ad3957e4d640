"""The engine's rows: accounts, sealed access, profiles and posts that are due, as the product itself writes them."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import select

from bench.job import UPLOADS_LEAD_S, Job, caption, page_id, token
from postline.accounts.models import Account
from postline.connections.models import Connection
from postline.connections.tokens import adopt, key_context, store_grant
from postline.core.content import MediaItem, PublishOrder
from postline.core.ids import ProfileId, new_id
from postline.core.words import Format, MediaKind, NetworkKey, ProviderKey
from postline.db.base import Base
from postline.db.engine import WORKER_ROLE
from postline.media.models import Asset
from postline.networks.base import Grant, RemoteProfile
from postline.posts.compose import media_item
from postline.posts.models import Delivery, Post
from postline.posts.moves import announce_due, enqueue
from postline.profiles.models import Profile
from postline.services import Services

PROFILES_PER_ACCOUNT: Final = 10
POSTS_PER_COMMIT: Final = 2000
PIECE: Final = bytes(1 << 20)
BACKLOG: Final = "Backlog"
COUNT: Final = """
    SELECT d.state, count(*) FROM posts AS p JOIN deliveries AS d ON d.post_id = p.id WHERE p.caption <> %s GROUP BY 1
"""
# Each post goes to all profiles of its account, one a minute from tomorrow on; what it holds is a real one's.
COPY_POSTS: Final = """
    INSERT INTO posts ({columns}) SELECT {values} FROM generate_series(1, %(each)s) AS n, accounts AS a,
        (SELECT * FROM posts LIMIT 1) AS t
"""
COPY_DELIVERIES: Final = """
    INSERT INTO deliveries ({columns})
    SELECT {values} FROM (SELECT *, row_number() OVER () AS n FROM posts WHERE caption = %(backlog)s) AS p
        JOIN profiles AS f ON f.account_id = p.account_id, (SELECT * FROM deliveries LIMIT 1) AS t
"""
DUE_LATER: Final = "now() + interval '1 day' + p.n * interval '1 minute'"


@dataclass(frozen=True, slots=True)
class Place:
    """A profile that can be published to, and its account's picture."""

    account_id: UUID
    profile_id: UUID
    photo: MediaItem


async def add_profiles(services: Services, count: int, photo: bytes) -> None:
    """Accounts of ten profiles each, with sealed tokens and one picture."""
    for first in range(0, count, PROFILES_PER_ACCOUNT):
        numbers = range(first, min(first + PROFILES_PER_ACCOUNT, count))
        await _add_account(services, [page_id(number) for number in numbers], photo)


async def _add_account(services: Services, pages: Sequence[str], photo: bytes) -> None:
    provider = services.registry.providers[ProviderKey.META]
    account = Account(id=new_id(), name="Bench", time_zone="UTC", is_enabled=True)
    connection = Connection(
        id=new_id(),
        account_id=account.id,
        provider=ProviderKey.META,
        subject_id=pages[0],
        subject_name="Bench",
        connected_at=datetime.now(UTC),
    )
    connection.data_key = services.vault.new_data_key(key_context(connection))
    grant = Grant(
        subject_id=pages[0],
        access_token=token("user"),
        refresh_token=None,
        scopes=provider.scopes,
        expires_at=None,
        refresh_expires_at=None,
    )
    store_grant(services.vault, connection, grant, provider)
    profiles = []
    for page in pages:
        profile = Profile(id=new_id(), account_id=account.id, network=NetworkKey.FACEBOOK, remote_id=page)
        remote = RemoteProfile(
            network=NetworkKey.FACEBOOK,
            remote_id=page,
            name=f"Page {page}",
            handle=None,
            avatar_url=None,
            access_token=token(page),
        )
        adopt(services.vault, connection, profile, remote)
        profiles.append(profile)
    async with services.database.as_worker() as session:
        for rows in ([account], [connection], profiles):
            session.add_all(rows)
            await session.flush()
    await add_asset(services, account.id, MediaKind.IMAGE, _once(photo))


async def add_asset(services: Services, account_id: UUID, kind: MediaKind, content: AsyncIterator[bytes]) -> Asset:
    """Media of an account, its bytes in the storage. A video's facts are those of a reel."""
    asset_id, digest = new_id(), hashlib.sha256()

    async def hashed() -> AsyncIterator[bytes]:
        async for piece in content:
            digest.update(piece)
            yield piece

    is_video = kind is MediaKind.VIDEO
    size = await services.media.storage.save(f"{account_id}/{asset_id}", hashed())
    asset = Asset(
        id=asset_id,
        account_id=account_id,
        name="reel.mp4" if is_video else "photo.jpg",
        kind=kind,
        content_type="video/mp4" if is_video else "image/jpeg",
        size_bytes=size,
        sha256=digest.hexdigest(),
        width=1080 if is_video else 256,
        height=1920 if is_video else 256,
        duration_ms=60_000 if is_video else None,
        video_codec="h264" if is_video else None,
        audio_codec="aac" if is_video else None,
        frame_rate=30 if is_video else None,
    )
    async with services.database.as_worker() as session:
        session.add(asset)
    return asset


async def _blank(megabytes: int) -> AsyncIterator[bytes]:
    for _ in range(megabytes):
        yield PIECE


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def places(services: Services) -> Mapping[str, Place]:
    """What can be published to, by Page id."""
    query = select(Profile, Asset).join(Asset, (Asset.account_id == Profile.account_id) & (Asset.kind == "image"))
    async with services.database.as_worker() as session:
        rows = (await session.execute(query)).all()
    return {profile.remote_id: Place(profile.account_id, profile.id, media_item(asset)) for profile, asset in rows}


async def add_posts(services: Services, job: Job) -> None:
    """The job's posts, a delivery each, due when the job says."""
    found = await places(services)
    for first in range(0, job.posts, POSTS_PER_COMMIT):
        numbers = range(first, min(first + POSTS_PER_COMMIT, job.posts))
        orders = []
        for number in numbers:
            place = found[job.page_id(number)]
            orders.append((place, order(place, place.photo, caption(number)), job.due(number)))
        await add_deliveries(services, orders)


async def add_uploads(services: Services, job: Job) -> None:
    """The job's reels, on the Pages that follow those of its posts."""
    found, videos, orders = await places(services), dict[UUID, MediaItem](), []
    for number in range(job.uploads):
        place = found[page_id(job.profiles + number)]
        if place.account_id not in videos:
            asset = await add_asset(services, place.account_id, MediaKind.VIDEO, _blank(job.upload_mb))
            videos[place.account_id] = media_item(asset)
        ordered = order(place, videos[place.account_id], f"Upload {number}")
        orders.append((place, ordered, job.due_at - UPLOADS_LEAD_S))
    await add_deliveries(services, orders)


def order(place: Place, media: MediaItem, text: str) -> PublishOrder:
    return PublishOrder(
        network=NetworkKey.FACEBOOK,
        profile_id=ProfileId(place.profile_id),
        format=Format.REEL if media.kind is MediaKind.VIDEO else Format.FEED,
        caption=text,
        media=(media,),
    )


async def add_deliveries(services: Services, orders: Sequence[tuple[Place, PublishOrder, float]]) -> None:
    """A post and its delivery for each order, due at the given second since 1970."""
    posts, deliveries = [], []
    for place, ordered, due_at in orders:
        post = Post(
            id=new_id(),
            account_id=place.account_id,
            format=ordered.format,
            caption=ordered.caption,
            time_zone="UTC",
            needs_approval=False,
            author="Bench",
        )
        delivery = Delivery(
            id=new_id(),
            account_id=place.account_id,
            post_id=post.id,
            profile_id=place.profile_id,
            network=NetworkKey.FACEBOOK,
            state="held",
            fence=0,
        )
        enqueue(delivery, ordered, datetime.fromtimestamp(due_at, UTC), needs_approval=False)
        posts.append(post)
        deliveries.append(delivery)
    async with services.database.as_worker() as session:
        session.add_all(posts)
        await session.flush()
        session.add_all(deliveries)
        await announce_due(session)


def add_backlog(database_url: str, count: int) -> int:
    """About so many deliveries scheduled from tomorrow on, copied from one that is there. Returns their number."""
    posts = _copy(Post, {"id": "gen_random_uuid()", "account_id": "a.id", "caption": "%(backlog)s"})
    deliveries = _copy(
        Delivery,
        {
            "id": "gen_random_uuid()",
            "account_id": "p.account_id",
            "post_id": "p.id",
            "profile_id": "f.id",
            "due_at": DUE_LATER,
            "run_at": DUE_LATER,
        },
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        found = connection.execute("SELECT count(*) FROM profiles").fetchone()
        profiles = found[0] if found else 0
        chosen = {"backlog": BACKLOG, "each": max(count // profiles, 1)}
        connection.execute(COPY_POSTS.format(**posts), chosen)
        return connection.execute(COPY_DELIVERIES.format(**deliveries), chosen).rowcount


def _copy(model: type[Base], given: Mapping[str, str]) -> dict[str, str]:
    """The columns of a table, and for each what a copied row holds: what is given, else what the template `t` has."""
    names = [column.name for column in model.__table__.columns]
    return {"columns": ", ".join(names), "values": ", ".join(given.get(name, f"t.{name}") for name in names)}


def remove_posts(database_url: str) -> None:
    """Forget what earlier runs published, but not the backlog, so that each run meets the same tables."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM posts WHERE caption <> %s", [BACKLOG])
        connection.execute("TRUNCATE journal")


def settle_tables(database_url: str) -> None:
    """Leave nothing behind for the server to do during a run: statistics, dead rows, dirty pages."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def count_states(database_url: str) -> dict[str, int]:
    """How many deliveries, besides the backlog, are in which state."""
    with psycopg.connect(database_url, autocommit=True, options=f"-c role={WORKER_ROLE}") as connection:
        rows = connection.execute(COUNT, [BACKLOG]).fetchall()
    return dict(rows)
