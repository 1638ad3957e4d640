"""The sandbox's own surface under /sandbox: pages, what is live, journal, faults, settings, seeds.

GET    /sandbox                     the front page
GET    /sandbox/live                live posts as JSON (?network=&profile_id=)
GET    /sandbox/journal             requests after ?since=<seq> (&limit=), as {"entries", "last"}
GET    /sandbox/endpoints           the table of endpoint names
POST   /sandbox/faults              add a rule; GET lists, DELETE clears
GET    /sandbox/settings            all settings; POST changes some (a new webhook address of Meta is asked at once)
GET    /sandbox/webhooks            what was sent to the app's addresses, and what waits
POST   /sandbox/seed                add people (see seed.py)
POST   /sandbox/tokens/expire       {"network"?, "profile_id"?, "person_id"?, "kind"?, "token"?, "reason"?}
POST   /sandbox/reset               forget all but settings; people are seeded anew ({"settings": true}: those too)

What people do in the networks' apps is in people.py.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from postline.sandbox.answering import response
from postline.sandbox.context import Sandbox
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.live import live, profiles
from postline.sandbox.pages.layout import avatar_svg
from postline.sandbox.pages.profiles import front_page
from postline.sandbox.people import bad, json_object
from postline.sandbox.records import Token
from postline.sandbox.removals import KINDS
from postline.sandbox.seed import DEFAULT_SEED, seed
from postline.sandbox.settings import Settings
from postline.sandbox.webhooks import CannotVerify

REASONS: Final = ("expired", "revoked", "password")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    def __init__(self, sandbox: Sandbox, endpoints: Sequence[Endpoint]) -> None:
        self._sandbox = sandbox
        self._endpoints = endpoints

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.root),
            web.get("/sandbox", self.front),
            web.get("/sandbox/live", self.live),
            web.get("/sandbox/journal", self.journal),
            web.get("/sandbox/endpoints", self.endpoints),
            web.get("/sandbox/faults", self.list_faults),
            web.post("/sandbox/faults", self.add_fault),
            web.delete("/sandbox/faults", self.clear_faults),
            web.get("/sandbox/settings", self.settings),
            web.post("/sandbox/settings", self.change_settings),
            web.get("/sandbox/webhooks", self.webhooks),
            web.post("/sandbox/seed", self.seed),
            web.post("/sandbox/tokens/expire", self.expire_tokens),
            web.post("/sandbox/reset", self.reset),
            web.get("/sandbox/media/{media}", self.media),
            web.get("/sandbox/still/{media}.jpg", self.still),
            web.get("/sandbox/avatar/{profile}.svg", self.avatar),
        ]

    async def root(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/sandbox")

    async def front(self, request: web.Request) -> web.Response:
        return response(front_page(self._sandbox))

    async def live(self, request: web.Request) -> web.Response:
        query = request.query
        posts = live(self._sandbox.world, self._sandbox.base_url, query.get("network", ""), query.get("profile_id", ""))
        return web.json_response({"posts": posts})

    async def journal(self, request: web.Request) -> web.Response:
        query = request.query
        since, limit = query.get("since", "0"), query.get("limit", "1000")
        if not (since.isdecimal() and limit.isdecimal()):
            return bad(ValueError("since and limit must be whole numbers"))
        entries = self._sandbox.journal.since(int(since), int(limit))
        return web.json_response({"entries": entries, "last": self._sandbox.journal.last})

    async def endpoints(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"endpoints": [{"name": each.name, "method": each.method, "path": each.path} for each in self._endpoints]}
        )

    async def list_faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": [rule.describe() for rule in self._sandbox.faults.rules]})

    async def add_fault(self, request: web.Request) -> web.Response:
        try:
            rule = self._sandbox.faults.add(await json_object(request))
        except (ValueError, TypeError) as error:
            return bad(error)
        return web.json_response(rule.describe(), status=201)

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._sandbox.faults.clear()
        return web.json_response({"faults": []})

    async def settings(self, request: web.Request) -> web.Response:
        return web.json_response(asdict(self._sandbox.world.settings))

    async def change_settings(self, request: web.Request) -> web.Response:
        world = self._sandbox.world
        try:
            settings = world.settings.changed(await json_object(request))
            if settings.webhooks.meta != world.settings.webhooks.meta:
                await self._sandbox.webhooks.verify(settings.webhooks.meta)
        except (ValueError, CannotVerify) as error:
            return bad(error)
        world.settings = settings
        return web.json_response(asdict(world.settings))

    async def webhooks(self, request: web.Request) -> web.Response:
        return web.json_response(self._sandbox.webhooks.describe())

    async def seed(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(seed(self._sandbox.world, await json_object(request)), status=201)
        except (ValueError, TypeError, KeyError) as error:
            return bad(error)

    async def expire_tokens(self, request: web.Request) -> web.Response:
        wanted = await json_object(request)
        reason = str(wanted.get("reason", "expired"))
        if reason not in REASONS:
            return bad(ValueError(f"reason must be one of {REASONS}"))
        return web.json_response(
            {"ended": self._sandbox.world.end_tokens(lambda token: self._is_wanted(token, wanted), reason)}
        )

    def _is_wanted(self, token: Token, wanted: Mapping[str, Any]) -> bool:
        profile_id = str(wanted.get("profile_id", ""))
        account = self._sandbox.world.instagram.get(profile_id)
        reached = {token.person_id, token.page_id, *token.page_ids}
        return (
            token.kind in KINDS.get(str(wanted.get("network", "")), ("user", "page", "access", "refresh"))
            and wanted.get("kind", token.kind) == token.kind
            and wanted.get("token", token.id) == token.id
            and wanted.get("person_id", token.person_id) == token.person_id
            and (not profile_id or (account.page_id if account else profile_id) in reached)
        )

    async def reset(self, request: web.Request) -> web.Response:
        world, wanted = self._sandbox.world, await json_object(request)
        await self._sandbox.stop_work()
        await self._sandbox.webhooks.stop()
        world.clear()
        self._sandbox.library.clear()
        self._sandbox.journal.clear()
        self._sandbox.faults.clear()
        if wanted.get("settings"):
            world.settings = Settings()
        seed(world, DEFAULT_SEED)
        return web.json_response({"ok": True})

    async def media(self, request: web.Request) -> web.Response:
        media_id = request.match_info["media"]
        data = self._sandbox.library.read(media_id)
        return _bytes(data, self._sandbox.world.media[media_id].content_type if data else "")

    async def still(self, request: web.Request) -> web.Response:
        """A picture of the media, or the frame of a video at ?at_ms=."""
        media_id, at_ms = request.match_info["media"], request.query.get("at_ms", "")
        if at_ms.isdecimal() and int(at_ms):
            return _bytes(await self._sandbox.library.frame(media_id, int(at_ms)), "image/jpeg")
        return _bytes(self._sandbox.library.read(media_id, still=True), "image/jpeg")

    async def avatar(self, request: web.Request) -> web.Response:
        profile_id = request.match_info["profile"]
        names = {profile.id: profile.name for profile in profiles(self._sandbox.world)}
        person = self._sandbox.world.meta_users.get(profile_id)
        name = person.name if person else names.get(profile_id, "")
        return web.Response(text=avatar_svg(profile_id, name), content_type="image/svg+xml")


def _bytes(data: bytes | None, content_type: str) -> web.Response:
    if not data:
        raise web.HTTPNotFound
    return web.Response(body=data, content_type=content_type, headers={"Cache-Control": "max-age=3600"})
