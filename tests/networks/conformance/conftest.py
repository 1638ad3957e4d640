"""The networks' clients connected, over real HTTP, to a sandbox whose time the test moves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web

from postline.core.words import NetworkKey, ProviderKey
from postline.networks.base import Grant, RemoteProfile, Target
from postline.networks.http import HttpClient, TimeOuts
from postline.networks.registry import Registry
from postline.sandbox.server import RunningSandbox, running_sandbox
from tests.networks.conformance.cases import META_SECRET, TIKTOK_SECRET, Case, registry_for
from tests.networks.support import Bytes, Clock, Delivery

REDIRECT_URI = "http://127.0.0.1:8000/connections/callback"
__all__ = ["META_SECRET", "REDIRECT_URI", "TIKTOK_SECRET", "World", "world"]


@dataclass
class World:
    http: HttpClient
    sandbox: RunningSandbox
    registry: Registry
    media: Bytes
    clock: Clock

    async def authorize(self, provider_key: ProviderKey) -> tuple[str, str | None]:
        """Go through the consent page; gives the code and the verifier to exchange it with."""
        authorization = self.registry.providers[provider_key].authorize("state-1", REDIRECT_URI)
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(f"{authorization.url}&sandbox_auto=1", allow_redirects=False) as response,
        ):
            assert response.status == 302, await response.text()
            query = parse_qs(urlsplit(response.headers["Location"]).query)
        assert query["state"] == ["state-1"]
        return query["code"][0], authorization.code_verifier

    async def connect(self, provider_key: ProviderKey) -> Grant:
        code, verifier = await self.authorize(provider_key)
        return await self.registry.providers[provider_key].exchange(code, REDIRECT_URI, verifier, self.clock.now)

    async def target(self, network: NetworkKey) -> Target:
        provider_key = ProviderKey.TIKTOK if network is NetworkKey.TIKTOK else ProviderKey.META
        grant = await self.connect(provider_key)
        profile = await self.profile(grant, provider_key, network)
        return Target(
            remote_id=profile.remote_id,
            access_token=profile.access_token or grant.access_token,
            user_token=grant.access_token,
        )

    async def profile(self, grant: Grant, provider_key: ProviderKey, network: NetworkKey) -> RemoteProfile:
        profiles = await self.registry.providers[provider_key].profiles(grant)
        return next(profile for profile in profiles if profile.network is network)

    async def delivery(self, case: Case) -> Delivery:
        target = await self.target(case.network)
        network = registry_for(case, self.http, self.sandbox.url, self.clock).networks[case.network]
        return Delivery(network, case.order(self.media), target, self.media, self.clock)

    def fault(self, endpoint: str, action: object, **match: object) -> None:
        self.sandbox.sandbox.faults.add({"match": {"endpoint": endpoint, **match}, "action": action})

    def calls(self, endpoint: str) -> int:
        return sum(entry["endpoint"] == endpoint for entry in self.sandbox.sandbox.journal.since())

    @property
    def posts(self) -> int:
        """What was published: posts, and drafts that reached an inbox and are not finished."""
        drafts = [each for each in self.sandbox.world.publishes if each.mode == "inbox" and not each.post_ids]
        arrived = [each for each in drafts if each.committed_at and not each.failure]
        return len(list(self.sandbox.world.posts)) + len(arrived)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock, media = Clock(), Bytes()
    app = web.Application()
    app.add_routes([web.get("/{asset}", media.serve)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    media.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with running_sandbox(clock=clock) as sandbox, HttpClient(TimeOuts(total=3, silence=3)) as http:
        yield World(http, sandbox, registry_for(None, http, sandbox.url, clock), media, clock)
    await runner.cleanup()
