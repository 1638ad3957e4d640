"""Graph API's one address space: finds out what an id is, then which endpoint serves that kind of node."""

import json
import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl

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
    reading,
    subscriptions,
    videos,
)
from postline.sandbox.meta.access import authenticate, check_reach, check_scopes, require_page_token
from postline.sandbox.meta.errors import graph_error, missing_object, refuse
from postline.sandbox.meta.nodes import WITHOUT_TOKEN, kind_of, page_of
from postline.sandbox.params import BadParam, Param, check

ADDRESS: Final = re.compile(r"^/(v\d+\.\d+)(?:/([^/]+)(?:/([^/]+))?)?/?$")
NODE_NAMES: Final = {
    "page": "Page",
    "instagram": "IGUser",
    "container": "IGContainer",
    "media": "IGMedia",
    "post": "Post",
    "photo": "Photo",
    "video": "Video",
    "me": "User",
}
OLDEST_VERSION: Final = (21, 0)
LATEST_VERSION: Final = (26, 0)
BATCH_MAX: Final = 50


class Graph:
    network = "meta"

    def __init__(self) -> None:
        batch = Endpoint(
            name="meta.batch",
            method="POST",
            path="/",
            handler=self._batch,
            envelope=graph_error,
            params=(Param("batch", "json", required=True),),
        )
        modules = (
            oauth,
            accounts,
            facebook,
            videos,
            reading,
            comments,
            insights,
            instagram,
            instagram_media,
            subscriptions,
        )
        self.endpoints: tuple[Endpoint, ...] = (*(each for module in modules for each in module.ENDPOINTS), batch)
        self._routes = {route: each for each in self.endpoints for route in _routes(each)}

    def resolve(self, call: Call) -> Endpoint:
        address = ADDRESS.match(call.path)
        if address is None:
            raise refuse(2500, f"Unknown path components: {call.path}")
        call.version, node, edge = address[1], address[2] or "", address[3] or ""
        version = tuple(int(part) for part in call.version[1:].split("."))
        if version > LATEST_VERSION:
            raise refuse(2500, f"Unknown path components: /{call.version}")
        if version < OLDEST_VERSION:
            call.version = "v{}.{}".format(*OLDEST_VERSION)
        call.node = node
        kind = kind_of(call.world, node)
        if kind is None:
            raise missing_object(node, call.method.lower())
        phase = str(call.given.get("upload_phase", "")).lower()
        for route in ((call.method, kind, edge, phase), (call.method, kind, edge, "")):
            if found := self._routes.get(route):
                return found
        if phase and any(route[:3] == (call.method, kind, edge) for route in self._routes):
            raise refuse(100, "(#100) Param upload_phase must be one of {START, TRANSFER, FINISH}")
        name = NODE_NAMES.get(kind, kind)
        if call.method == "GET":
            raise refuse(100, f"(#100) Tried accessing nonexisting field ({edge}) on node type ({name})")
        raise refuse(100, f"Unsupported {call.method.lower()} request on {name}.", type="GraphMethodException")

    async def run(self, endpoint: Endpoint, call: Call) -> Answer:
        node = endpoint.path.split("/")[1]
        if node and node not in WITHOUT_TOKEN:
            call.token = authenticate(call)
            if page_id := page_of(call.world, call.node):
                check_reach(call, page_id, call.node)
            if endpoint.network == "facebook" and endpoint.method != "GET":
                require_page_token(call)
            check_scopes(call.token, endpoint.scopes, endpoint.network)
        try:
            call.params = check(call.given, endpoint.params)
        except BadParam as bad:
            if bad.missing:
                raise refuse(100, f"(#100) The parameter {bad.param.name} is required") from bad
            raise refuse(100, f"(#100) Param {bad.param.name} {bad}") from bad
        answer = await endpoint.handler(call)
        return replace(answer, headers={**answer.headers, "facebook-api-version": call.version})

    async def _batch(self, call: Call) -> Answer:
        """Up to 50 calls in one; every element answers for itself, its body as text."""
        authenticate(call)
        items = call.params["batch"]
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise refuse(100, "(#100) Param batch must be an array of objects")
        if len(items) > BATCH_MAX:
            message = f"Too many requests in batch message. Maximum batch size is {BATCH_MAX}"
            raise refuse(100, message, type="GraphBatchException")
        return Answer(body=[await self._batch_item(call, item) for item in items])

    async def _batch_item(self, call: Call, item: dict[str, Any]) -> dict[str, Any]:
        path, _, query = str(item.get("relative_url", "")).partition("?")
        path = path.lstrip("/")
        given = dict(parse_qsl(query, keep_blank_values=True))
        given |= dict(parse_qsl(str(item.get("body", "")), keep_blank_values=True))
        given.setdefault("access_token", call.bearer() or call.given.get("access_token", ""))
        inner = Call(
            sandbox=call.sandbox,
            method=str(item.get("method", "GET")).upper(),
            path=f"/{path}" if ADDRESS.match(f"/{path}") else f"/{call.version}/{path}",
            given=given,
            query={},
            headers={},
        )
        try:
            answer = await self.run(self.resolve(inner), inner)
        except Refusal as refusal:
            answer = refusal.answer
        headers = [{"name": "Content-Type", "value": "application/json"}]
        return {"code": answer.status, "headers": headers, "body": json.dumps(answer.body)}


def _routes(endpoint: Endpoint) -> list[tuple[str, str, str, str]]:
    """The (method, kind of node, edge, phase) that an endpoint serves: `/{page}/feed` is the edge feed of a page."""
    _, node, *edge = endpoint.path.split("/")
    kinds = node.strip("{}").split("|")
    return [(endpoint.method, kind, edge[0] if edge else "", endpoint.phase) for kind in kinds]
