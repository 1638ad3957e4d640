"""What tests of the networks share: media backed by bytes, orders, and a driver that runs plans as an engine would."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from postline.core.content import MediaItem, PublishOrder
from postline.core.errors import NetworkError
from postline.core.ids import AssetId, ProfileId, new_id
from postline.core.outcomes import CannotTell, Done, Effect, Found, NotFound, Receipt, Restart, Waiting
from postline.core.words import Format, MediaKind, NetworkKey
from postline.networks.base import AnyNetwork, Call, Target

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PIECE = 65_536


class Ticks:
    """Seconds that pass when told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Clock:
    """Time that only moves when told to. Calling it gives Unix seconds, as the sandbox wants them."""

    now: datetime = START

    def __call__(self) -> float:
        return self.now.timestamp()

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Bytes:
    """A MediaSource over bytes in memory; `url` is where `serve` answers."""

    files: dict[AssetId, tuple[bytes, str]] = field(default_factory=dict)
    url: str = ""

    def add(self, data: bytes, content_type: str, **about: Any) -> MediaItem:
        asset_id = AssetId(new_id())
        self.files[asset_id] = (data, content_type)
        kind = MediaKind.VIDEO if content_type.startswith("video/") else MediaKind.IMAGE
        shape = {"width": 540, "height": 960, "duration_ms": 4000} if kind is MediaKind.VIDEO else {}
        return MediaItem(
            asset_id=asset_id,
            kind=kind,
            content_type=content_type,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            **({"width": 640, "height": 640} | shape | about),
        )

    async def read(self, asset_id: AssetId, start: int, end: int) -> AsyncIterator[bytes]:
        data = self.files[asset_id][0]
        for place in range(start, end, PIECE):
            yield data[place : min(place + PIECE, end)]

    def public_url(self, asset_id: AssetId) -> str:
        return f"{self.url}/{asset_id}"

    async def serve(self, request: web.Request) -> web.Response:
        found = {str(asset_id): file for asset_id, file in self.files.items()}.get(request.match_info["asset"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found[0], content_type=found[1])


def order(
    network: NetworkKey,
    format: Format,
    *media: MediaItem,
    caption: str = "A quiet morning #coffee",
    options: Mapping[str, Any] | None = None,
) -> PublishOrder:
    return PublishOrder(
        network=network,
        profile_id=ProfileId(new_id()),
        format=format,
        caption=caption,
        media=media,
        options=options or {},
    )


@dataclass
class Delivery:
    """One order on its way. Runs steps, waits by moving the clock, and keeps what an engine would store.

    `is_resumed`: a worker stopped in the step that comes next.
    """

    network: AnyNetwork
    order: PublishOrder
    target: Target
    media: Bytes
    clock: Clock
    repeats_steps: bool = False
    steps_done: int = 0
    restarts: int = 0
    since: datetime | None = None
    commit_began_at: datetime | None = None
    is_resumed: bool = False
    checkpoint: Any = None

    def __post_init__(self) -> None:
        self.since = self.since or self.clock.now
        self.checkpoint = self.checkpoint or self.network.checkpoint()

    @property
    def call(self) -> Call:
        assert self.since is not None
        return Call(
            target=self.target,
            media=self.media,
            now=self.clock.now,
            since=self.since,
            commit_began_at=self.commit_began_at,
            is_resumed=self.is_resumed,
        )

    async def publish(self, rounds: int = 500) -> Receipt:
        """Run until there is a receipt. Raises NetworkError as the steps do, keeping what was achieved."""
        steps = self.network.plan(self.order)
        for _ in range(rounds):
            step = steps[self.steps_done]
            if self.repeats_steps and step.effect is not Effect.ONCE:
                await step.run(self.call, self.order, self.checkpoint)
            call = self.call
            if step.effect is Effect.ONCE:
                self.commit_began_at = self.clock.now
            outcome = await step.run(call, self.order, self.stored())
            self.is_resumed = False
            match outcome:
                case Done(checkpoint=achieved):
                    self.checkpoint, self.steps_done = achieved, self.steps_done + 1
                case Waiting(checkpoint=achieved, after=after):
                    self.checkpoint = achieved
                    self.clock.advance(after)
                case Restart(checkpoint=achieved):
                    self.checkpoint, self.steps_done, self.restarts = achieved, 0, self.restarts + 1
                case Receipt():
                    return outcome
        raise AssertionError(f"no receipt after {rounds} rounds, in step {steps[self.steps_done].name}")

    async def publish_stubbornly(self, tries: int = 20) -> Receipt | None:
        """Like an engine: retry what failed, look before repeating a commit. None: the network cannot tell."""
        steps = self.network.plan(self.order)
        for _ in range(tries):
            try:
                return await self.publish()
            except NetworkError as error:
                self.clock.advance(timedelta(seconds=10))
                is_open = steps[self.steps_done].effect is Effect.ONCE and not error.is_definite
                if is_open and isinstance(await self.look_up(), CannotTell):
                    return None
        raise AssertionError(f"not published after {tries} tries, in step {steps[self.steps_done].name}")

    async def look_up(self) -> Found[Any] | NotFound[Any] | CannotTell:
        """Ask what became of the commit, as often and as long as an engine would."""
        answer: Found[Any] | NotFound[Any] | CannotTell = CannotTell("not asked")
        for wait in (2, 5, 15, 60, 300):
            self.clock.advance(timedelta(seconds=wait))
            await asyncio.sleep(0.02)  # what the sandbox fetches from us arrives in real time
            answer = await self.network.find(self.call, self.order, self.stored())
            if not isinstance(answer, CannotTell):
                self.checkpoint = answer.checkpoint
                self.steps_done += isinstance(answer, Found)
                return answer
        return answer

    def stored(self) -> Any:
        """The checkpoint as it comes back from the database: through JSON."""
        return self.network.checkpoint.model_validate(self.checkpoint.model_dump(mode="json"))


def changed(order: PublishOrder, place: int, **changes: Any) -> PublishOrder:
    """The order with one of its media changed."""
    media = list(order.media)
    media[place] = replace(media[place], **changes)
    return replace(order, media=tuple(media))
