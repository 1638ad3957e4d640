"""A running Postline with one account, as tests act in it: over its HTTP API, like any client."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import uvicorn
from pydantic import SecretStr

from postline.accounts.service import add_member, create_account
from postline.api.app import create_app_over
from postline.api.deps import UI_HEADER
from postline.config import Settings
from postline.core.ids import new_id
from postline.core.retry import Policy, seconds
from postline.core.words import Role
from postline.db.engine import Database
from postline.delivery.worker import Worker
from postline.runtime import make_worker
from postline.services import Services, open_services
from tests.support.files import jpeg, mp4

PASSWORD: Final = "correct horse"
ZONE: Final = "Europe/Berlin"
KEY: Final = base64.b64encode(bytes(range(32))).decode()
SETTLED: Final = frozenset({"published", "failed", "blocked", "cancelled"})
QUICK: Final = Policy(base=timedelta(milliseconds=50), lookups=seconds(0.1, 0.2, 0.5, 1, 2))

Json = dict[str, Any]


def settings_for(sandbox_url: str, public_url: str, data_dir: Path, **more: Any) -> Settings:
    """A configuration whose networks are the sandbox."""
    return Settings(
        data_dir=data_dir,
        public_url=public_url,
        secret_keys=SecretStr(KEY),
        meta_app_id="sandbox-meta-app",
        meta_app_secret=SecretStr("sandbox-meta-secret"),
        meta_graph_url=sandbox_url,
        meta_dialog_url=sandbox_url,
        meta_upload_url=sandbox_url,
        tiktok_client_key="sandbox-tiktok-key",
        tiktok_client_secret=SecretStr("sandbox-tiktok-secret"),
        tiktok_is_audited=True,
        tiktok_api_url=sandbox_url,
        tiktok_auth_url=sandbox_url,
        **more,
    )


class Client:
    """One member, or a program with a token, acting in one account over HTTP."""

    def __init__(self, base_url: str, account_id: UUID, headers: Mapping[str, str]) -> None:
        self.http = httpx.AsyncClient(base_url=base_url, headers=dict(headers), timeout=30)
        self.account_id = account_id
        self.root = f"/api/v1/accounts/{account_id}"

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.http.request(method, self.root + path, **options)

    async def get(self, path: str, **query: Any) -> Json:
        return _ok(await self.request("GET", path, params=query))

    async def post(self, path: str, body: Mapping[str, Any] | None = None, **options: Any) -> Json:
        return _ok(await self.request("POST", path, json=body or {}, **options))

    async def patch(self, path: str, body: Mapping[str, Any], **options: Any) -> Json:
        return _ok(await self.request("PATCH", path, json=body, **options))

    async def delete(self, path: str) -> None:
        _ok(await self.request("DELETE", path))

    async def upload(self, name: str, content: bytes) -> Json:
        return _ok(await self.request("POST", "/assets", params={"name": name}, content=content))

    async def refused(self, method: str, path: str, status: int, **options: Any) -> Json:
        """The problem details of a request that must be refused with this status."""
        response = await self.request(method, path, **options)
        assert response.status_code == status, f"{response.status_code}: {response.text}"
        assert response.headers["content-type"] == "application/problem+json"
        problem: Json = response.json()
        assert problem["detail"].endswith("."), problem
        return problem


@dataclass
class World:
    """`admin`, `editor` and `viewer` are signed in; `stranger` administers another account."""

    url: str
    services: Services
    sandbox_url: str
    account_id: UUID
    admin: Client
    editor: Client
    viewer: Client
    stranger: Client
    profiles: dict[str, Json] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.services.database

    async def connect(self, provider: str) -> str:
        """Go through the consent page and return the connection's id."""
        url = (await self.admin.post("/connections", {"provider": provider}))["authorize_url"]
        page = await self.admin.http.get(f"{url}&sandbox_auto=1", follow_redirects=True)
        assert "connected" in page.url.params, str(page.url)
        return page.url.params["connected"]

    async def bind_all(self) -> dict[str, Json]:
        """Switch on, connect both providers and bind the first profile of each network."""
        await self.admin.patch("", {"is_enabled": True})
        for provider in ("meta", "tiktok"):
            connection_id = await self.connect(provider)
            for remote in (await self.admin.get(f"/connections/{connection_id}/profiles"))["items"]:
                if remote["network"] not in self.profiles:
                    body = {"connection_id": connection_id, "network": remote["network"]}
                    body["remote_id"] = remote["remote_id"]
                    self.profiles[remote["network"]] = await self.admin.post("/profiles", body)
        return self.profiles

    async def post_body(self, *networks: str, format: str = "feed", kind: str = "image", **more: Any) -> Json:
        """A publishable post for these networks, due in a week unless told otherwise."""
        name, content = ("photo.jpg", jpeg()) if kind == "image" else ("clip.mp4", mp4())
        asset = await self.editor.upload(name, content)
        variants = [
            {"profile_id": self.profiles["tiktok"]["id"], "options": {"privacy_level": "PUBLIC_TO_EVERYONE"}}
            for network in networks
            if network == "tiktok"
        ]
        return {
            "format": format,
            "caption": "Good morning",
            "media": [{"asset_id": asset["id"], "alt_text": "A photo"}],
            "profile_ids": [self.profiles[network]["id"] for network in networks],
            "variants": variants,
            "local_time": in_a_week().isoformat(),
        } | more

    @asynccontextmanager
    async def running_worker(self) -> AsyncIterator[Worker]:
        """A worker in this process."""
        worker = make_worker(self.services)
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.stop()
            await running

    async def publish(self, body: Mapping[str, Any]) -> Json:
        """Write a post, send it now and wait until every delivery is settled; a worker must be running."""
        post = await self.editor.post("/posts", body)
        await self.editor.post(f"/posts/{post['id']}/schedule", {"now": True})
        return await self.settled(post["id"])

    async def settled(self, post_id: str) -> Json:
        return await self.until(post_id, lambda post: all(each["state"] in SETTLED for each in post["deliveries"]))

    async def until(self, post_id: str, condition: Callable[[Json], bool], within_s: float = 40) -> Json:
        """The post, as soon as the API shows it so."""
        async with asyncio.timeout(within_s):
            while True:
                post = await self.editor.get(f"/posts/{post_id}")
                if condition(post):
                    return post
                await asyncio.sleep(0.05)

    async def live(self) -> list[Json]:
        """What the networks show."""
        answer = await self.admin.http.get(f"{self.sandbox_url}/sandbox/live")
        posts: list[Json] = answer.json()["posts"]
        return posts


def in_a_week() -> datetime:
    """Wall-clock time in the account's zone."""
    return (datetime.now(ZoneInfo(ZONE)) + timedelta(days=7)).replace(tzinfo=None, microsecond=0)


@asynccontextmanager
async def running_world(database_url: str, sandbox_url: str, folder: Path, **settings: Any) -> AsyncIterator[World]:
    """Our server on a free loopback port, with two accounts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    configured = settings_for(sandbox_url, url, folder, **settings)
    async with open_services(configured, database_url, policy=QUICK) as services:
        server = uvicorn.Server(uvicorn.Config(create_app_over(services), log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([listener]))
        clients = await _people(services.database, url)
        try:
            admin, editor, viewer, stranger = clients
            yield World(url, services, sandbox_url, admin.account_id, admin, editor, viewer, stranger)
        finally:
            for client in clients:
                await client.http.aclose()
            server.should_exit = True
            await serving


async def _people(database: Database, url: str) -> list[Client]:
    own, foreign = new_id(), new_id()
    people = [
        (own, "ada@example.com", "Ada", Role.ADMINISTRATOR),
        (own, "ed@example.com", "Ed", Role.EDITOR),
        (own, "vic@example.com", "Vic", Role.VIEWER),
        (foreign, "sam@example.com", "Sam", Role.ADMINISTRATOR),
    ]
    for account_id, name in ((own, "Harbor"), (foreign, "Elsewhere")):
        async with database.as_account(account_id) as session:
            create_account(session, account_id, name, ZONE)
    clients = []
    for account_id, email, name, role in people:
        async with database.as_account(account_id) as session:
            await add_member(session, account_id, email, name, PASSWORD, role)
        client = Client(url, account_id, {UI_HEADER: "test"})
        _ok(await client.http.post("/api/v1/session", json={"email": email, "password": PASSWORD}))
        clients.append(client)
    return clients


def _ok(response: httpx.Response) -> Json:
    assert response.is_success, f"{response.request.method} {response.request.url}: {response.text}"
    answer: Json = response.json() if response.content else {}
    return answer
