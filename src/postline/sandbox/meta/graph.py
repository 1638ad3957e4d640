"""Graph API's one address space: finds out what an id is, then which endpoint serves that kind of node."""

import re
from dataclasses import replace
from typing import Final

from postline.sandbox.calls import Answer, Call, Refusal
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.meta import (
    accounts,
    comments,
    facebook,
    insights,
    instagram,
    instagram_media,
    oauth,
    profile_insights,
    reading,
    subscriptions,
    thumbnails,
    uploads,
    video_reading,
    videos,
)
from postline.sandbox.meta.access import authenticate, check_reach, check_scopes, require_page_token
from postline.sandbox.meta.batch import run_batch
from postline.sandbox.meta.errors import graph_error, missing_object, refuse
from postline.sandbox.meta.nodes import WITHOUT_TOKEN, kind_of, page_of
from postline.sandbox.meta.parameters import Route, read_params
from postline.sandbox.meta.usage import count_call
from postline.sandbox.meta.versions import served_by
from postline.sandbox.params import Param

ADDRESS: Final = re.compile(r"^/(?:(v\d+\.\d+)(?:/|$))?(?:([^/]+)(?:/([^/]+))?)?/?$")
NODE_NAMES: Final = {
    "page": "Page",
    "instagram": "IGUser",
    "container": "IGContainer",
    "media": "IGMedia",
    "post": "Post",
    "photo": "Photo",
    "video": "Video",
    "comment": "Comment",
    "reply": "IGComment",
    "business": "Business",
    "app": "Application",
    "me": "User",
}
CHECKED_BY_ITSELF: Final = frozenset({"dialog", "upload"})
"""Nodes whose parameters are a browser's, or raw bytes."""


class Graph:
    network = "meta"

    def __init__(self) -> None:
        batch = Endpoint(
            name="meta.batch",
            method="POST",
            path="/",
            handler=self._batch,
            envelope=graph_error,
            params=(Param("batch", "list", required=True),),
        )
        modules = (
            oauth,
            accounts,
            facebook,
            videos,
            video_reading,
            thumbnails,
            uploads,
            reading,
            comments,
            insights,
            profile_insights,
            instagram,
            instagram_media,
            subscriptions,
        )
        self.endpoints: tuple[Endpoint, ...] = (*(each for module in modules for each in module.ENDPOINTS), batch)
        self._routes = {(*route, each.phase): each for each in self.endpoints for route in routes_of(each)}

    def resolve(self, call: Call) -> Endpoint:
        address = ADDRESS.match(call.path)
        if address is None:
            raise refuse(2500, f"Unknown path components: {call.path}")
        version, node, edge = address[1], address[2] or "", address[3] or ""
        call.version = served_by(version or call.world.settings.meta_default_version, call.world.now())
        call.node = node
        kind = kind_of(call.world, node)
        if kind is None:
            raise missing_object(node, call.method.lower())
        phase = str(call.given.get("upload_phase", "")).lower()
        for route in ((call.method, kind, edge, phase), (call.method, kind, edge, "")):
            if found := self._routes.get(route):
                return found
        phases = [route[3] for route in self._routes if route[:3] == (call.method, kind, edge)]
        if phases:
            words = ", ".join(sorted(each.upper() for each in phases if each))
            raise refuse(100, f"(#100) Param upload_phase must be one of {{{words}}}")
        name = NODE_NAMES.get(kind, kind)
        if call.method == "GET":
            raise refuse(100, f"(#100) Tried accessing nonexisting field ({edge}) on node type ({name})")
        raise refuse(100, f"Unsupported {call.method.lower()} request on {name}.", type="GraphMethodException")

    async def run(self, endpoint: Endpoint, call: Call) -> Answer:
        """Check a call and have it answered; the version and the use of limits go with every answer."""
        headers = {"facebook-api-version": call.version}
        try:
            answer = await self._checked(endpoint, call, headers)
        except Refusal as refusal:
            told = refusal.answer
            raise Refusal(replace(told, headers={**headers, **told.headers})) from refusal
        return replace(answer, headers={**headers, **answer.headers})

    async def _checked(self, endpoint: Endpoint, call: Call, headers: dict[str, str]) -> Answer:
        kind = kind_of(call.world, call.node)
        if kind is None:
            raise missing_object(call.node, call.method.lower())
        if kind and kind not in WITHOUT_TOKEN:
            call.token = authenticate(call, "OAuth" if kind == "upload" else "Bearer")
            page_id = page_of(call.world, call.node)
            headers |= count_call(call, kind, page_id)
            if page_id:
                check_reach(call, page_id, call.node)
            if endpoint.network == "facebook" and endpoint.method != "GET":
                require_page_token(call)
            check_scopes(call, endpoint.scopes, endpoint.network, call.world.pages.get(page_id))
        if kind in CHECKED_BY_ITSELF:
            return await endpoint.handler(call)
        edge = endpoint.path.split("/")[2:]
        route: Route = (call.method, kind, edge[0] if edge else "")
        call.params = read_params(call, route, endpoint.params)
        return await endpoint.handler(call)

    async def _batch(self, call: Call) -> Answer:
        authenticate(call)
        return await run_batch(self, call)


def routes_of(endpoint: Endpoint) -> list[Route]:
    """The (method, kind of node, edge) that an endpoint serves: `/{page}/feed` is the edge feed of a page."""
    _, node, *edge = endpoint.path.split("/")
    return [(endpoint.method, kind, edge[0] if edge else "") for kind in node.strip("{}").split("|")]
