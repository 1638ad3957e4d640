from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from postline.sandbox import running_sandbox
from tests.sandbox.clients import Clock, MediaHost, Meta, Receiver, Stage, TikTok


@pytest.fixture
async def host() -> AsyncIterator[MediaHost]:
    host = MediaHost()
    app = web.Application()
    app.router.add_get("/{name}", host.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_get("/hook", receiver.challenge)
    app.router.add_post("/hook", receiver.take)
    app.router.add_post("/form", receiver.take_form)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def stage(host: MediaHost) -> AsyncIterator[Stage]:
    clock = Clock()
    async with running_sandbox(clock=clock) as sandbox, aiohttp.ClientSession() as session:
        yield Stage(sandbox, clock, host, Meta(session, sandbox.url), TikTok(session, sandbox.url))


@pytest.fixture
async def meta(stage: Stage) -> Meta:
    return await stage.meta.connect()


@pytest.fixture
async def tiktok(stage: Stage) -> TikTok:
    return await stage.tiktok.connect()
