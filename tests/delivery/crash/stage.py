"""What the crash tests act on: profiles as many as posts, posts of every kind, and what became of them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import text

from postline import migrations
from postline.accounts.actor import postline_itself
from postline.accounts.service import get_account
from postline.config import Settings
from postline.connections.service import get_connection
from postline.connections.tokens import open_grant
from postline.core.content import MediaItem
from postline.core.words import ProviderKey
from postline.db.embedded import ensure_server
from postline.posts import service, workflow
from postline.posts.schemas import MediaIn, PostIn, ScheduleIn, VariantIn
from postline.profiles.service import bind
from postline.sandbox.seed import seed
from tests.delivery.crash.network import Network, running_network
from tests.delivery.crash.points import Folder, Point
from tests.networks.conformance.cases import CASES
from tests.networks.support import Bytes
from tests.support.world import Json, World, running_world

PAGES_AT_ONCE: Final = 10
INBOX: Final = "inbox"  # where the sandbox keeps drafts
LEASE_S: Final = 1.0
SMALL, UPLOADS = 3, 2  # of one worker at a time: whoever dies takes few others along

ROWS: Final = text("""
    SELECT id, state, run_at IS NULL AS is_idle, reason, fence FROM deliveries WHERE id = ANY(:ids)
""")
HISTORY: Final = text("SELECT delivery_id, fence, kind FROM journal WHERE delivery_id = ANY(:ids) ORDER BY id")


@dataclass(frozen=True, slots=True)
class Subject:
    """A post of its own profile. `case`: a name in CASES; `points`: what happens to the workers that carry it.

    `comment`: the first comment that goes with it.
    """

    case: str
    points: tuple[Point, ...]
    post_id: UUID
    delivery_id: UUID
    remote_profile_id: str
    comment: str = ""

    def __str__(self) -> str:
        happens = ", then ".join(f"{point.act} at {point.place or f'place {point.nth}'}" for point in self.points)
        return f"{self.case}: {happens or 'nothing happens'}"


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery as stored. `is_idle`: no machine acts on it any more."""

    state: str
    is_idle: bool
    reason: str | None
    fence: int


@dataclass(frozen=True, slots=True)
class Line:
    fence: int
    kind: str


@dataclass(frozen=True, slots=True)
class BoundProfile:
    id: UUID
    remote_id: str


@dataclass
class Stage:
    world: World
    network: Network
    folder: Folder
    _free: dict[str, list[BoundProfile]] = field(default_factory=lambda: defaultdict(list))
    _assets: dict[str, UUID] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def worker_settings(self) -> Settings:
        changes = {
            "database_url": SecretStr(self.world.database.url),
            "lease_seconds": LEASE_S,
            "worker_concurrency": SMALL,
            "worker_uploads": UPLOADS,
        }
        return self.world.services.settings.model_copy(update=changes)

    async def plan(self, wanted: Sequence[tuple[str, tuple[Point, ...]]]) -> list[Subject]:
        """Posts of these cases, due now, each for a profile that has no other. Their points are armed."""
        given = [(case, points, *await self._written(case)) for case, points in wanted]
        now, actor = datetime.now(UTC), postline_itself(self.world.account_id)
        networks = self.world.services.registry.networks
        subjects = []
        async with self.world.database.as_account(self.world.account_id) as session:
            account = await get_account(session, self.world.account_id)
            for case, points, written, remote_profile_id in given:
                post = await service.create_post(session, actor, account, written)
                [delivery] = post.deliveries
                self.folder.arm(delivery.id, *points)
                await workflow.schedule(session, actor, post.id, ScheduleIn(now=True), networks, now)
                comment = written.variants[0].options.get("first_comment", "")
                subjects.append(Subject(case, points, post.id, delivery.id, remote_profile_id, comment))
        return subjects

    async def rows(self, subjects: Collection[Subject]) -> dict[UUID, Row]:
        async with self.world.database.as_worker() as session:
            found = await session.execute(ROWS, {"ids": [each.delivery_id for each in subjects]})
            return {row.id: Row(row.state, row.is_idle, row.reason, row.fence) for row in found}

    async def histories(self, subjects: Collection[Subject]) -> Mapping[UUID, list[Line]]:
        """The journal's lines of each, in the order in which they were written."""
        lines = defaultdict(list)
        async with self.world.database.as_worker() as session:
            for row in await session.execute(HISTORY, {"ids": [each.delivery_id for each in subjects]}):
                lines[row.delivery_id].append(Line(row.fence, row.kind))
        return lines

    async def live(self) -> Mapping[str, list[Json]]:
        """What people see in the networks' apps, by the profile's id there: posts, and drafts in creators' inboxes."""
        shown = defaultdict(list)
        for post in await self.world.live():
            shown[post["profile_id"]].append(post)
        for publish in self.network.sandbox.world.publishes:
            if publish.mode == INBOX and publish.committed_at and not publish.failure:
                shown[publish.open_id].append({"permalink": None, "comments": []})
        return shown

    async def _written(self, case: str) -> tuple[PostIn, str]:
        """The case's order as somebody would write it, for a profile that is free, and that profile's remote id."""
        media = Bytes()
        order = CASES[case].order(media)
        profile = await self._take_profile(order.network)
        used = [
            MediaIn(
                asset_id=await self._upload(media, item),
                cover_asset_id=await self._upload(media, item.cover) if item.cover else None,
                alt_text=item.alt_text,
            )
            for item in order.media
        ]
        written = PostIn(
            format=order.format,
            caption=order.caption and f"{order.caption} {next(self._numbers)}",
            media=used,
            profile_ids=[profile.id],
            variants=[VariantIn(profile_id=profile.id, options=dict(order.options))],
            time_zone="UTC",
        )
        return written, profile.remote_id

    async def _upload(self, media: Bytes, item: MediaItem) -> UUID:
        if item.sha256 not in self._assets:
            content, content_type = media.files[item.asset_id]
            asset = await self.world.editor.upload(f"file.{content_type.rpartition('/')[2]}", content)
            self._assets[item.sha256] = UUID(asset["id"])
        return self._assets[item.sha256]

    async def _take_profile(self, network: str) -> BoundProfile:
        if not self._free[network]:
            await self._bind_more("tiktok" if network == "tiktok" else "meta")
        return self._free[network].pop()

    async def _bind_more(self, provider: str) -> None:
        """A new person with profiles, as the network has them, connected over the API and bound."""
        number, admin = next(self._numbers), self.world.admin
        pages = [
            {
                "name": f"Page {number}-{n}",
                "username": f"page{number}-{n}",
                "instagram": {"username": f"ig{number}-{n}"},
            }
            for n in range(PAGES_AT_ONCE)
        ]
        kind, person = {
            "meta": ("meta_users", {"name": f"Person {number}", "pages": pages}),
            "tiktok": ("creators", {"username": f"creator{number}"}),
        }[provider]
        [person_id] = seed(self.network.sandbox.world, {kind: [person]})[kind]
        url = (await admin.post("/connections", {"provider": provider}))["authorize_url"]
        page = await admin.http.get(f"{url}&sandbox_auto=1&sandbox_user={person_id}", follow_redirects=True)
        services, actor = self.world.services, postline_itself(self.world.account_id)
        async with services.database.as_account(actor.account_id) as session:
            connection = await get_connection(session, UUID(page.url.params["connected"]))
            grant = open_grant(services.vault, connection)
            offered = await services.registry.providers[ProviderKey(provider)].profiles(grant)
            for remote in offered:
                bound = await bind(
                    session,
                    actor,
                    services.vault,
                    connection,
                    offered,
                    remote.network,
                    remote.remote_id,
                    services.clock(),
                )
                self._free[remote.network].append(BoundProfile(bound.id, bound.remote_id))


@asynccontextmanager
async def stage_over(database_url: str, path: Path) -> AsyncIterator[Stage]:
    """`path`: a folder of the test's own."""
    folder = Folder(path / "points")
    folder.path.mkdir()
    async with running_network() as network, running_world(database_url, network.sandbox.url, path) as world:
        await world.admin.patch("", {"is_enabled": True})
        yield Stage(world, network, folder)


@contextmanager
def own_database(data_dir: Path) -> Iterator[str]:
    """A server for as long as the block lasts. It need not be durable, and stopped workers keep their connections."""
    server = ensure_server(data_dir, {"fsync": "off", "synchronous_commit": "off", "max_connections": "1000"})
    migrations.upgrade(server.url())
    try:
        yield server.url()
    finally:
        server.destroy()
