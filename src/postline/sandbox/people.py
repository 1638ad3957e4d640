"""What people do in the networks themselves, on demand, under /sandbox.

POST   /sandbox/deauthorize          a person removes the app: {"provider": "meta" or "tiktok", "user"}
POST   /sandbox/data-deletion        a person asks Meta to have the app delete their data: {"user"}; gives its answer
POST   /sandbox/inbox/{publish_id}   a creator posts a TikTok draft, as often as asked: {"caption"?, "privacy"?}
POST   /sandbox/posts/{remote_id}    a person changes a post: {"privacy"?, "caption"?}
DELETE /sandbox/posts/{remote_id}    a person deletes a post
POST   /sandbox/profiles/{id}        a person changes a profile: any field of it (see records.py)
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from postline.sandbox.changes import changed
from postline.sandbox.context import Sandbox
from postline.sandbox.live import describe
from postline.sandbox.removals import CannotRemove, delete_data, remove_app
from postline.sandbox.tiktok.posting import NoSuchDraft, finish_draft
from postline.sandbox.world import Table


class People:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/sandbox/deauthorize", self.deauthorize),
            web.post("/sandbox/data-deletion", self.delete_data),
            web.post("/sandbox/inbox/{publish_id}", self.finish_draft),
            web.post("/sandbox/posts/{post_id}", self.change_post),
            web.delete("/sandbox/posts/{post_id}", self.delete_post),
            web.post("/sandbox/profiles/{profile_id}", self.change_profile),
        ]

    async def deauthorize(self, request: web.Request) -> web.Response:
        """From a program as JSON; from the sandbox's own page as a form, which leads back there."""
        is_form = request.content_type == "application/x-www-form-urlencoded"
        wanted: Mapping[str, Any] = await request.post() if is_form else await json_object(request)
        try:
            ended = remove_app(self._sandbox, str(wanted.get("provider", "")), str(wanted.get("user", "")))
        except CannotRemove as error:
            return bad(error)
        if is_form:
            raise web.HTTPSeeOther("/sandbox")
        return web.json_response({"ended": ended})

    async def delete_data(self, request: web.Request) -> web.Response:
        try:
            answer = await delete_data(self._sandbox, str((await json_object(request)).get("user", "")))
        except CannotRemove as error:
            return bad(error)
        return web.json_response(answer)

    async def finish_draft(self, request: web.Request) -> web.Response:
        wanted = await json_object(request)
        caption, privacy = wanted.get("caption"), str(wanted.get("privacy", "PUBLIC_TO_EVERYONE"))
        try:
            post = finish_draft(self._sandbox, request.match_info["publish_id"], caption, privacy)
        except NoSuchDraft as error:
            return bad(error)
        return web.json_response({"remote_id": post.id})

    async def change_post(self, request: web.Request) -> web.Response:
        world, wanted = self._sandbox.world, await json_object(request)
        post = world.posts.get(request.match_info["post_id"])
        if post is None:
            raise web.HTTPNotFound(text="no such post; GET /sandbox/live lists remote_ids")
        if unknown := set(wanted) - {"privacy", "caption"}:
            return bad(ValueError(f"a person can change privacy and caption, not {', '.join(sorted(unknown))}"))
        try:
            post = world.change_post(changed(post, wanted))
        except ValueError as error:
            return bad(error)
        return web.json_response(describe(world, self._sandbox.base_url, post))

    async def delete_post(self, request: web.Request) -> web.Response:
        post_id = request.match_info["post_id"]
        if self._sandbox.world.posts.get(post_id) is None:
            raise web.HTTPNotFound(text="no such post; GET /sandbox/live lists remote_ids")
        self._sandbox.world.remove_post(post_id)
        return web.json_response({"ok": True})

    async def change_profile(self, request: web.Request) -> web.Response:
        world, profile_id = self._sandbox.world, request.match_info["profile_id"]
        tables: tuple[Table[Any], ...] = (world.pages, world.instagram, world.creators)
        for table in tables:
            if row := table.get(profile_id):
                try:
                    made = table.put(changed(row, {**await json_object(request), "id": profile_id}))
                except ValueError as error:
                    return bad(error)
                return web.json_response(asdict(made))
        raise web.HTTPNotFound(text="no such Page, Instagram account or creator")


async def json_object(request: web.Request) -> dict[str, Any]:
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


def bad(error: Exception) -> web.Response:
    return web.json_response({"error": str(error)}, status=400)
