"""The sandbox's own surface under /sandbox: pages, what is live, journal, faults, settings, seeds.

GET    /sandbox                     the front page
GET    /sandbox/live                live posts as JSON (?network=&profile_id=)
GET    /sandbox/journal             requests after ?since=<seq> (&limit=), as {"entries", "last"}
GET    /sandbox/endpoints           the table of endpoint names
POST   /sandbox/faults              add a rule; GET lists, DELETE clears
GET    /sandbox/settings            all settings; POST changes some
POST   /sandbox/seed                add people (see seed.py)
POST   /sandbox/tokens/expire       {"network"?, "profile_id"?, "person_id"?, "kind"?, "token"?, "reason"?}
POST   /sandbox/inbox/{publish_id}  the creator finishes a TikTok draft: {"caption"?, "privacy"?}
POST   /sandbox/reset               forget all but settings; people are seeded anew ({"settings": true}: those too)
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from aiohttp import web

from postline.sandbox.context import Sandbox
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.live import live, profiles
from postline.sandbox.pages.layout import avatar_svg
from postline.sandbox.pages.profiles import front_page
from postline.sandbox.records import Token
from postline.sandbox.seed import DEFAULT_SEED, seed
from postline.sandbox.settings import Settings
from postline.sandbox.tiktok.posting import add_post

KINDS: Final[Mapping[str, tuple[str, ...]]] = {"meta": ("user", "page"), "tiktok": ("access", "refresh")}
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
            web.post("/sandbox/seed", self.seed),
            web.post("/sandbox/tokens/expire", self.expire_tokens),
            web.post("/sandbox/inbox/{publish_id}", self.finish_draft),
            web.post("/sandbox/reset", self.reset),
            web.get("/sandbox/media/{media}", self.media),
            web.get("/sandbox/still/{media}.jpg", self.still),
            web.get("/sandbox/avatar/{profile}.svg", self.avatar),
        ]

    async def root(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/sandbox")

    async def front(self, request: web.Request) -> web.Response:
        answer = front_page(self._sandbox)
        return web.Response(text=answer.body, content_type=answer.content_type)

    async def live(self, request: web.Request) -> web.Response:
        query = request.query
        posts = live(self._sandbox.world, self._sandbox.base_url, query.get("network", ""), query.get("profile_id", ""))
        return web.json_response({"posts": posts})

    async def journal(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", 0))
        entries = self._sandbox.journal.since(since, int(request.query.get("limit", 1_000)))
        return web.json_response({"entries": entries, "last": self._sandbox.journal.last})

    async def endpoints(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"endpoints": [{"name": each.name, "method": each.method, "path": each.path} for each in self._endpoints]}
        )

    async def list_faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": [rule.describe() for rule in self._sandbox.faults.rules]})

    async def add_fault(self, request: web.Request) -> web.Response:
        try:
            rule = self._sandbox.faults.add(await _object(request))
        except (ValueError, TypeError) as error:
            return _bad(error)
        return web.json_response(rule.describe(), status=201)

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._sandbox.faults.clear()
        return web.json_response({"faults": []})

    async def settings(self, request: web.Request) -> web.Response:
        return web.json_response(asdict(self._sandbox.world.settings))

    async def change_settings(self, request: web.Request) -> web.Response:
        world = self._sandbox.world
        try:
            world.settings = world.settings.changed(await _object(request))
        except ValueError as error:
            return _bad(error)
        return web.json_response(asdict(world.settings))

    async def seed(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(seed(self._sandbox.world, await _object(request)), status=201)
        except (ValueError, TypeError, KeyError) as error:
            return _bad(error)

    async def expire_tokens(self, request: web.Request) -> web.Response:
        wanted = await _object(request)
        reason = str(wanted.get("reason", "expired"))
        if reason not in REASONS:
            return _bad(ValueError(f"reason must be one of {REASONS}"))
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

    async def finish_draft(self, request: web.Request) -> web.Response:
        """What a creator does in the app with a draft that reached their inbox."""
        world, wanted = self._sandbox.world, await _object(request)
        publish = world.publishes.get(request.match_info["publish_id"])
        if publish is None or publish.mode != "inbox" or not publish.media or publish.failure:
            return _bad(ValueError("no draft of that publish_id waits in an inbox"))
        publish = replace(
            publish,
            caption=str(wanted.get("caption", publish.caption)),
            privacy=str(wanted.get("privacy", "PUBLIC_TO_EVERYONE")),
        )
        return web.json_response({"remote_id": add_post(world, publish, world.now()).id})

    async def reset(self, request: web.Request) -> web.Response:
        world, wanted = self._sandbox.world, await _object(request)
        await self._sandbox.stop_work()
        world.clear()
        self._sandbox.library.clear()
        self._sandbox.journal.clear()
        self._sandbox.faults.clear()
        if wanted.get("settings"):
            world.settings = Settings()
        seed(world, DEFAULT_SEED)
        return web.json_response({"ok": True})

    async def media(self, request: web.Request) -> web.Response:
        return self._bytes(request.match_info["media"], still=False)

    async def still(self, request: web.Request) -> web.Response:
        return self._bytes(request.match_info["media"], still=True)

    def _bytes(self, media_id: str, *, still: bool) -> web.Response:
        data = self._sandbox.library.read(media_id, still=still)
        if not data:
            raise web.HTTPNotFound
        content_type = "image/jpeg" if still else self._sandbox.world.media[media_id].content_type
        return web.Response(body=data, content_type=content_type, headers={"Cache-Control": "max-age=3600"})

    async def avatar(self, request: web.Request) -> web.Response:
        profile_id = request.match_info["profile"]
        names = {profile.id: profile.name for profile in profiles(self._sandbox.world)}
        person = self._sandbox.world.meta_users.get(profile_id)
        name = person.name if person else names.get(profile_id, "")
        return web.Response(text=avatar_svg(profile_id, name), content_type="image/svg+xml")


async def _object(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request, empty if it has no body. Raises HTTPBadRequest."""
    if not request.can_read_body:
        return {}
    try:
        value = await request.json()
    except ValueError as error:
        raise web.HTTPBadRequest(text="malformed JSON") from error
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="a JSON object is wanted")
    return value


def _bad(error: Exception) -> web.Response:
    return web.json_response({"error": str(error)}, status=400)
