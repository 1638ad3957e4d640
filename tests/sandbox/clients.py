"""A caller of the sandbox as an app would be: OAuth done, tokens at hand, plain HTTP."""

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from aiohttp import web

from postline.sandbox import RunningSandbox

REDIRECT = "http://127.0.0.1:9/callback"
META_SCOPES = (
    "pages_show_list,pages_read_engagement,pages_manage_posts,pages_manage_metadata,pages_manage_engagement,"
    "read_insights,instagram_basic,instagram_content_publish,instagram_manage_comments,instagram_manage_insights,instagram_manage_contents"
)
TIKTOK_SCOPES = "user.info.basic,user.info.profile,user.info.stats,video.publish,video.upload,video.list"
META_APP = {"client_id": "sandbox-meta-app", "client_secret": "sandbox-meta-secret"}
TIKTOK_APP = {"client_key": "sandbox-tiktok-key", "client_secret": "sandbox-tiktok-secret"}


@dataclass
class Clock:
    """Unix seconds that pass only when told to."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class MediaHost:
    """Serves files to the sandbox as the app's own media host would: those named `slow-…` once `released` is set.

    `stumbles`: what becomes of the next requests instead, as statuses; 0 drops the connection.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    stumbles: list[int] = field(default_factory=list)
    url: str = ""

    def put(self, name: str, data: bytes) -> str:
        self.files[name] = data
        return f"{self.url}/{name}"

    async def serve(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.asked.append(name)
        if self.stumbles:
            if status := self.stumbles.pop(0):
                return web.Response(status=status)
            assert request.transport is not None
            request.transport.abort()
        if name.startswith("moved-"):
            raise web.HTTPFound(f"{self.url}/{name.removeprefix('moved-')}")
        if name not in self.files:
            raise web.HTTPNotFound
        if name.startswith("slow-"):
            await self.released.wait()
        return web.Response(body=self.files[name])


@dataclass
class Receiver:
    """The app's webhook address: keeps what arrives, and answers with `statuses` first and then 200.

    `knows`: the verify token it accepts. `forms`: what came to its other addresses.
    """

    knows: str = "right"
    statuses: list[int] = field(default_factory=list)
    arrived: list[tuple[bytes, Mapping[str, str]]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    deletion_answer: Any = field(default_factory=lambda: {"url": "https://a.example/1", "confirmation_code": "1"})
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    url: str = ""

    async def challenge(self, request: web.Request) -> web.Response:
        if request.query.get("hub.mode") != "subscribe" or request.query.get("hub.verify_token") != self.knows:
            raise web.HTTPForbidden
        return web.Response(text=request.query["hub.challenge"])

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        async with self.changed:
            self.arrived.append((body, request.headers))
            self.changed.notify_all()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def take_form(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        async with self.changed:
            self.forms.append(form)
            self.changed.notify_all()
        return web.json_response(self.deletion_answer)

    async def wait(self, count: int, kept: str = "arrived") -> None:
        """Until so many have arrived."""
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(getattr(self, kept)) >= count)

    async def tiktok(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """The first `count` events as (name, content)."""
        await self.wait(count)
        bodies = [json.loads(body) for body, _ in self.arrived]
        return [(body["event"], json.loads(body["content"])) for body in bodies]

    async def meta(self, count: int) -> list[dict[str, Any]]:
        """The changes within the first `count` deliveries, each with its object and node."""
        await self.wait(count)
        return [
            {"object": body["object"], "node": entry["id"], **change}
            for body in (json.loads(raw) for raw, _ in self.arrived)
            for entry in body["entry"]
            for change in entry["changes"]
        ]


@dataclass
class Reply:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def error(self) -> tuple[Any, Any]:
        """Meta: (code, subcode). TikTok: (code, HTTP status)."""
        error = self.body["error"]
        if isinstance(error["code"], int):
            return error["code"], error.get("error_subcode")
        return error["code"], self.status


@dataclass
class Http:
    session: aiohttp.ClientSession
    base: str

    async def call(self, method: str, path: str, **options: Any) -> Reply:
        url = path if path.startswith("http") else self.base + path
        async with self.session.request(method, url, allow_redirects=False, **options) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            return Reply(response.status, json.loads(text) if is_json else text, response.headers)

    async def consent(self, path: str, query: Mapping[str, str]) -> dict[str, str]:
        """Go through a consent page without a browser; gives the query of the redirect."""
        reply = await self.call("GET", f"{path}?{urlencode({'sandbox_auto': '1', **query})}")
        assert reply.status == 302, reply.body
        return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["Location"]).query).items()}


@dataclass
class Meta(Http):
    """`user` is a long-lived user token, `page` the Page with Instagram, `bare_page` the one without."""

    user: str = ""
    page: str = ""
    page_token: str = ""
    instagram: str = ""
    bare_page: str = ""
    bare_page_token: str = ""

    async def log_in(self, **choices: str) -> str:
        """Consent and exchange; gives a short-lived user token."""
        query = {"client_id": META_APP["client_id"], "redirect_uri": REDIRECT, "state": "s1", "scope": META_SCOPES}
        back = await self.consent("/v26.0/dialog/oauth", query | choices)
        params = {**META_APP, "redirect_uri": REDIRECT, "code": back["code"]}
        reply = await self.call("GET", "/v26.0/oauth/access_token", params=params)
        return str(reply.body["access_token"])

    async def connect(self, **choices: str) -> "Meta":
        short = await self.log_in(**choices)
        params = {**META_APP, "grant_type": "fb_exchange_token", "fb_exchange_token": short}
        reply = await self.call("GET", "/v26.0/oauth/access_token", params=params)
        self.user = reply.body["access_token"]
        listed = await self.get(
            "me/accounts", token=self.user, fields="id,name,access_token,instagram_business_account{id}"
        )
        first, second = listed.body["data"]
        self.page, self.page_token = first["id"], first["access_token"]
        self.instagram = first["instagram_business_account"]["id"]
        self.bare_page, self.bare_page_token = second["id"], second["access_token"]
        return self

    async def get(self, path: str, token: str | None = None, **params: Any) -> Reply:
        return await self.call("GET", f"/v26.0/{path}", params=params, headers=self._auth(token))

    async def post(self, path: str, token: str | None = None, **data: Any) -> Reply:
        return await self.call("POST", f"/v26.0/{path}", data=data, headers=self._auth(token))

    async def delete(self, path: str, token: str | None = None, **params: Any) -> Reply:
        return await self.call("DELETE", f"/v26.0/{path}", params=params, headers=self._auth(token))

    def _auth(self, token: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.page_token if token is None else token}"}

    async def upload(self, url: str, data: bytes, offset: int = 0, size: int | None = None) -> Reply:
        headers = {
            "Authorization": f"OAuth {self.page_token}",
            "offset": str(offset),
            "file_size": str(len(data) if size is None else size),
            "Content-Type": "application/octet-stream",
        }
        return await self.call("POST", url, data=data, headers=headers)


@dataclass
class TikTok(Http):
    access: str = ""
    refresh: str = ""
    open_id: str = ""

    async def connect(self, scope: str = TIKTOK_SCOPES, **choices: str) -> "TikTok":
        query = {
            "client_key": TIKTOK_APP["client_key"],
            "response_type": "code",
            "scope": scope,
            "redirect_uri": REDIRECT,
            "state": "s1",
        }
        back = await self.consent("/v2/auth/authorize/", query | choices)
        data = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code": back["code"]}
        self.keep(await self.token(**data))
        return self

    async def token(self, **data: str) -> Reply:
        return await self.call("POST", "/v2/oauth/token/", data=TIKTOK_APP | data)

    def keep(self, reply: Reply) -> None:
        assert "access_token" in reply.body, reply.body
        self.access, self.refresh = reply.body["access_token"], reply.body["refresh_token"]
        self.open_id = reply.body["open_id"]

    async def ask(self, path: str, body: Mapping[str, Any] | None = None, **params: str) -> Reply:
        headers = {"Authorization": f"Bearer {self.access}"}
        return await self.call("POST", f"/v2/{path}/", json=body or {}, params=params, headers=headers)

    async def init_file(self, size: int, **info: Any) -> Reply:
        """Begin a direct post of a video in one chunk."""
        source = {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": size, "total_chunk_count": 1}
        post_info = {"privacy_level": "PUBLIC_TO_EVERYONE", **info}
        return await self.ask("post/publish/video/init", {"post_info": post_info, "source_info": source})

    async def init_draft(self, size: int) -> Reply:
        """Begin a draft of a video in one chunk."""
        source = {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": size, "total_chunk_count": 1}
        return await self.ask("post/publish/inbox/video/init", {"source_info": source})

    async def init_pull(self, url: str) -> Reply:
        """Begin a direct post of a video at an address."""
        source = {"source": "PULL_FROM_URL", "video_url": url}
        body = {"post_info": {"privacy_level": "PUBLIC_TO_EVERYONE"}, "source_info": source}
        return await self.ask("post/publish/video/init", body)

    async def init_photos(self, urls: list[str], mode: str = "DIRECT_POST", cover: int = 0, **info: Any) -> Reply:
        """Begin a photo post, or a draft of one (mode MEDIA_UPLOAD)."""
        source = {"source": "PULL_FROM_URL", "photo_images": urls, "photo_cover_index": cover}
        direct = {"privacy_level": "PUBLIC_TO_EVERYONE"} if mode == "DIRECT_POST" else {}
        body = {"media_type": "PHOTO", "post_mode": mode, "post_info": direct | info, "source_info": source}
        return await self.ask("post/publish/content/init", body)

    async def post_video(self, data: bytes, **info: Any) -> str:
        """Post a video from a file; gives its publish_id."""
        init = (await self.init_file(len(data), **info)).body["data"]
        assert (await self.put(init["upload_url"], data)).status == 201
        return str(init["publish_id"])

    async def upload_draft(self, data: bytes) -> str:
        """Send a video to the inbox; gives its publish_id."""
        init = (await self.init_draft(len(data))).body["data"]
        assert (await self.put(init["upload_url"], data)).status == 201
        return str(init["publish_id"])

    async def status(self, publish_id: str) -> dict[str, Any]:
        reply = await self.ask("post/publish/status/fetch", {"publish_id": publish_id})
        data: dict[str, Any] = reply.body["data"]
        return data

    async def put(self, url: str, data: bytes, first: int = 0, total: int | None = None) -> Reply:
        total = len(data) if total is None else total
        headers = {"Content-Type": "video/mp4", "Content-Range": f"bytes {first}-{first + len(data) - 1}/{total}"}
        return await self.call("PUT", url, data=io.BytesIO(data), headers=headers)


@dataclass
class Stage:
    """Everything a test needs: the sandbox, its clock, a media host, and callers not yet connected."""

    sandbox: RunningSandbox
    clock: Clock
    host: MediaHost
    meta: Meta
    tiktok: TikTok

    async def control(self, method: str, path: str, body: Any = None) -> Reply:
        return await self.meta.call(method, f"/sandbox/{path}", json=body)

    async def live(self, **query: str) -> list[dict[str, Any]]:
        posts: list[dict[str, Any]] = (await self.control("GET", f"live?{urlencode(query)}")).body["posts"]
        return posts

    async def fault(self, endpoint: str, action: Any, **match: Any) -> None:
        reply = await self.control("POST", "faults", {"match": {"endpoint": endpoint, **match}, "action": action})
        assert reply.status == 201, reply.body

    async def listen(self, receiver: Receiver, **settings: Any) -> None:
        """Have all webhooks sent to this receiver."""
        meta = {"callback_url": receiver.url, "verify_token": receiver.knows}
        addresses = {"meta": meta, "tiktok": {"callback_url": receiver.url}}
        body = {"webhooks": addresses, "webhook_retry_ms": 1, **settings}
        reply = await self.control("POST", "settings", body)
        assert reply.status == 200, reply.body

    async def subscribe(self, profile_id: str, field: str) -> None:
        """Have the first Page or its Instagram account tell of a field."""
        reply = await self.meta.post(f"{profile_id}/subscribed_apps", subscribed_fields=field)
        assert reply.body == {"success": True}

    async def settle(self) -> None:
        """Let downloads end."""
        await self.sandbox.sandbox.settle()
