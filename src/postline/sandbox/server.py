"""The HTTP server: one port for all hosts of all networks. Every call goes through faults and into the journal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from postline.sandbox.answering import carry_out, response, send
from postline.sandbox.calls import Answer, BadRequestBody, Call, Refusal, read_call
from postline.sandbox.context import Sandbox
from postline.sandbox.control import Control
from postline.sandbox.endpoints import Surface
from postline.sandbox.faults import Rule
from postline.sandbox.media import MediaLibrary
from postline.sandbox.meta import webhooks as meta_webhooks
from postline.sandbox.meta.errors import graph_error
from postline.sandbox.meta.graph import Graph
from postline.sandbox.meta.instagram import resume_pulls
from postline.sandbox.meta.rupload import Rupload
from postline.sandbox.pages.profiles import post_page
from postline.sandbox.people import People
from postline.sandbox.seed import DEFAULT_SEED, seed
from postline.sandbox.settings import Settings
from postline.sandbox.store import Store
from postline.sandbox.tiktok import webhooks as tiktok_webhooks
from postline.sandbox.tiktok.api import TikTok
from postline.sandbox.tiktok.posting import resume_publishes
from postline.sandbox.world import World

BODY_BYTES_MAX: Final = 1024**3
PERMALINKS: Final = ("/facebook/", "/instagram/", "/tiktok/")
SANDBOX: Final = web.AppKey("sandbox", Sandbox)


def create_app(sandbox: Sandbox, store: Store | None = None) -> web.Application:
    """The application around a sandbox. With a store, its changes are written while the application runs."""
    front = Front(sandbox)
    endpoints = [endpoint for surface in front.surfaces for endpoint in surface.endpoints]
    sandbox.faults.endpoints = frozenset(each.name for each in endpoints)
    control = Control(sandbox, endpoints)
    meta_webhooks.watch(sandbox)
    tiktok_webhooks.watch(sandbox)
    app = web.Application(client_max_size=BODY_BYTES_MAX)
    app[SANDBOX] = sandbox
    app.add_routes([*control.routes(), *People(sandbox).routes(), web.route("*", "/{path:.*}", front.serve)])

    async def writing(_: web.Application) -> AsyncIterator[None]:
        writer = asyncio.create_task(store.run(sandbox.world)) if store else None
        resume_pulls(sandbox)
        resume_publishes(sandbox)
        yield
        await sandbox.close()
        if writer is not None:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    app.cleanup_ctx.append(writing)
    return app


def create_sandbox(
    data: Path | None = None, settings: Settings | None = None, clock: Callable[[], float] | None = None
) -> tuple[Sandbox, Store | None]:
    """A sandbox with its people: as stored in `data`, or a fresh one."""
    world = World(settings, clock) if clock else World(settings)
    store = Store(data) if data else None
    if store is not None:
        store.load(world)
    if not len(world.meta_users) and not len(world.creators):
        seed(world, DEFAULT_SEED)
    return Sandbox(world=world, library=MediaLibrary(world, data / "media" if data else None)), store


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that answers at `url`."""

    url: str
    sandbox: Sandbox

    @property
    def world(self) -> World:
        return self.sandbox.world


@asynccontextmanager
async def running_sandbox(
    *,
    settings: Settings | None = None,
    data: Path | None = None,
    clock: Callable[[], float] | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> AsyncIterator[RunningSandbox]:
    """Serve a sandbox over real HTTP, on an ephemeral loopback port unless told otherwise, until the block ends."""
    sandbox, store = create_sandbox(data, settings, clock)
    runner = web.AppRunner(create_app(sandbox, store), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    address = runner.addresses[0]
    sandbox.base_url = f"http://{host}:{address[1]}"
    try:
        yield RunningSandbox(sandbox.base_url, sandbox)
    finally:
        sandbox.closing.set()
        await runner.cleanup()


class Front:
    """Takes every call that is not the control surface's."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._graph, self._rupload, self._tiktok = Graph(), Rupload(), TikTok()

    @property
    def surfaces(self) -> tuple[Surface, ...]:
        return (self._graph, self._rupload, self._tiktok)

    def _surface(self, path: str) -> Surface:
        if path.startswith(("/v2/", "/upload/")):
            return self._tiktok
        if path.startswith(("/video-upload/", "/ig-api-upload/")):
            return self._rupload
        return self._graph

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path.startswith(PERMALINKS) and request.method == "GET":
            return response(post_page(self._sandbox, path))
        surface = self._surface(path)
        name, call, rule = f"{surface.network}.unknown", None, None
        answer: Answer | None
        try:
            call = await read_call(self._sandbox, request)
            endpoint = surface.resolve(call)
            name = endpoint.name
            rule = self._sandbox.faults.pick(name)
            answer = await carry_out(rule.action if rule else None, surface, endpoint, call)
        except Refusal as refusal:
            answer = refusal.answer
        except BadRequestBody as error:
            answer = self._malformed(surface, path, str(error))
        self._note(request, call, name, answer, rule)
        return await send(self._sandbox, request, answer, rule.action if rule else None)

    def _malformed(self, surface: Surface, path: str, problem: str) -> Answer:
        if surface is self._tiktok:
            return self._tiktok.malformed(path, problem)
        return graph_error({"code": 100, "message": problem})

    def _note(
        self, request: web.Request, call: Call | None, name: str, answer: Answer | None, rule: Rule | None
    ) -> None:
        self._sandbox.journal.add(
            at=self._sandbox.world.now(),
            endpoint=name,
            method=request.method,
            path=request.path,
            params=call.given if call else {},
            status=answer.status if answer else 0,
            answer=answer.body if answer and answer.content_type == "application/json" else None,
            fault=rule.summary if rule else "",
        )
