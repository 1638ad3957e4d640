"""The sandbox in front of which calls get lost, and which hurts the worker whose call it has just carried out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from postline.sandbox import RunningSandbox, Settings, create_app, create_sandbox
from tests.delivery.crash.points import Act
from tests.delivery.crash.worker import FAULT_HEADER

# Nothing here is about how often one may call. Media takes so long that whoever asks at once must ask again.
QUICK = Settings(
    image_seconds=0.8,
    video_seconds=0.8,
    tiktok_photo_seconds=0.8,
    tiktok_video_seconds=0.8,
    tiktok_moderation_seconds=0.1,
    tiktok_inits_per_minute=0,
    tiktok_creator_info_per_minute=0,
    tiktok_status_per_minute=0,
    tiktok_display_per_minute=0,
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Network:
    """`sandbox` answers; `hurt` is what to do to the worker of a process id, when its call was carried out."""

    sandbox: RunningSandbox
    hurt: Callable[[Act, int], None] = lambda act, pid: None

    @web.middleware
    async def lose(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """What a worker's call asks for in its header: to be lost on the way there or back, or to hurt the worker."""
        name, _, pid = request.headers.get(FAULT_HEADER, "").partition(" ")
        act = Act(name) if name else None
        if act is Act.RESET:
            return _reset(request)
        try:
            answer = await handler(request)
        except ConnectionError:
            return web.Response()  # whoever sent the body has died in the middle of it
        if act is Act.LOSE:
            return _reset(request)
        if act is not None:
            self.hurt(act, int(pid))
        return answer


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def running_network() -> AsyncIterator[Network]:
    """On a free loopback port."""
    sandbox, _ = create_sandbox(settings=QUICK)
    app = create_app(sandbox)
    network = Network(RunningSandbox("", sandbox))
    app.middlewares.append(network.lose)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    network.sandbox = RunningSandbox(sandbox.base_url, sandbox)
    try:
        yield network
    finally:
        sandbox.closing.set()
        await runner.cleanup()
