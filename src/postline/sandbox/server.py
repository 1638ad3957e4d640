"""The HTTP server: one port for all hosts of all networks. Every call goes through faults and into the journal."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from postline.sandbox.calls import Answer, BadRequestBody, Call, Refusal, read_call
from postline.sandbox.context import Sandbox
from postline.sandbox.control import Control
from postline.sandbox.endpoints import Endpoint, Surface
from postline.sandbox.faults import Rule
from postline.sandbox.media import MediaLibrary
from postline.sandbox.meta.errors import graph_error
from postline.sandbox.meta.graph import Graph
from postline.sandbox.meta.instagram import resume_pulls
from postline.sandbox.meta.rupload import Rupload
from postline.sandbox.pages.profiles import post_page
from postline.sandbox.seed import DEFAULT_SEED, seed
from postline.sandbox.settings import Settings
from postline.sandbox.store import Store
from postline.sandbox.tiktok.api import TikTok
from postline.sandbox.tiktok.errors import api_error
from postline.sandbox.tiktok.posting import resume_publishes
from postline.sandbox.world import World

BODY_BYTES_MAX: Final = 1024**3
LOOK_FOR_HANGUP_SECONDS: Final = 0.05
PERMALINKS: Final = ("/facebook/", "/instagram/", "/tiktok/")
SANDBOX: Final = web.AppKey("sandbox", Sandbox)


def create_app(sandbox: Sandbox, store: Store | None = None) -> web.Application:
    """The application around a sandbox. With a store, its changes are written while the application runs."""
    front = Front(sandbox)
    control = Control(sandbox, [endpoint for surface in front.surfaces for endpoint in surface.endpoints])
    app = web.Application(client_max_size=BODY_BYTES_MAX)
    app[SANDBOX] = sandbox
    app.add_routes([*control.routes(), web.route("*", "/{path:.*}", front.serve)])

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
            return _response(post_page(self._sandbox, path))
        surface = self._surface(path)
        name, call, rule = f"{surface.network}.unknown", None, None
        answer: Answer | None
        try:
            call = await read_call(self._sandbox, request)
            endpoint = surface.resolve(call)
            name = endpoint.name
            rule = self._sandbox.faults.pick(name)
            answer = await _under(rule, surface, endpoint, call)
        except Refusal as refusal:
            answer = refusal.answer
        except BadRequestBody as error:
            envelope = api_error if surface is self._tiktok else graph_error
            code = "invalid_params" if surface is self._tiktok else 100
            answer = envelope({"code": code, "message": str(error)})
        self._note(request, call, name, answer, rule)
        if answer is not None:
            return _response(answer)
        return await self._cut(request, rule)

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

    async def _cut(self, request: web.Request, rule: Rule | None) -> web.Response:
        """Send no answer: cut the connection, at once or when the caller gives up."""
        transport = request.transport
        if rule is not None and rule.cut == "hang_after":
            while transport is not None and not transport.is_closing() and not self._sandbox.closing.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._sandbox.closing.wait(), LOOK_FOR_HANGUP_SECONDS)
        if transport is not None:
            transport.abort()
        return web.Response()


async def _under(rule: Rule | None, surface: Surface, endpoint: Endpoint, call: Call) -> Answer | None:
    """The answer to a call under a fault, if there is one. None: send nothing."""
    if rule is not None and rule.delay_ms:
        await asyncio.sleep(rule.delay_ms / 1_000)
    answer = None
    if rule is None or _acts(rule):
        try:
            answer = await surface.run(endpoint, call)
        except Refusal as refusal:
            answer = refusal.answer
    return answer if rule is None else _faulty(rule, answer, endpoint.envelope)


def _acts(rule: Rule) -> bool:
    """Whether the call is carried out under this rule."""
    if rule.cut:
        return rule.cut != "drop_before"
    return rule.after or (not rule.status and rule.error is None)


def _faulty(rule: Rule, answer: Answer | None, envelope: Callable[[Any], Answer]) -> Answer | None:
    """What goes out instead of (or as) the answer; None: nothing."""
    if rule.cut == "garbage":
        return Answer(body="<html><body>Sorry, something went wrong", status=502, content_type="text/html")
    if rule.cut:
        return None
    if rule.error is not None:
        return envelope(rule.error)
    if rule.status:
        return Answer(body=rule.body, status=rule.status, content_type="text/plain", headers=rule.headers)
    if rule.headers and answer is not None:
        return replace(answer, headers={**answer.headers, **rule.headers})
    return answer


def _response(answer: Answer) -> web.Response:
    if isinstance(answer.body, bytes):
        return web.Response(
            body=answer.body, status=answer.status, content_type=answer.content_type, headers=answer.headers
        )
    text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    return web.Response(text=text, status=answer.status, content_type=answer.content_type, headers=answer.headers)
