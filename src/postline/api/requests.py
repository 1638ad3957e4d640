"""A name for each request: taken from the caller or made, in every log line of it and in its answer."""

import re
from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

REQUEST_ID: Final = "X-Request-Id"
USABLE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds, by machines
SERVER_ERROR: Final = 500


class RequestIds:
    """Binds the request id for the logs, returns it, and logs the answer under its route, never under its address.

    An address may hold a secret: a signed link to media, an authorization code.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        start, status = perf_counter(), SERVER_ERROR

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                tell = log.debug if scope["path"] in QUIET else log.info
                ms = round((perf_counter() - start) * 1000)
                tell("api.answered", method=scope["method"], route=route_of(scope), status=status, ms=ms)


def _request_id(scope: Scope) -> str:
    """The caller's own, when it is short and plain enough to be written to a log."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if USABLE.fullmatch(given) else uuid4().hex


def route_of(scope: Scope) -> str | None:
    """The path with its parameters unfilled; None when no route matched."""
    path: str | None = getattr(scope.get("route"), "path", None)
    return path
