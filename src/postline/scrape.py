"""Who may read the numbers, and the small server on which a worker shows its own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hmac import compare_digest
from ipaddress import ip_address
from typing import Final

import structlog
from aiohttp import hdrs, web
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from postline import telemetry
from postline.config import Settings
from postline.db.engine import Database
from postline.refusals import Refusal, Why

log = structlog.get_logger()

# A proxy on this machine makes everybody look local; each of these tells that somebody else asked.
FORWARDING_HEADERS: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
NOT_PUBLIC: Final = (
    "Only programs on the server itself may read this. Set POSTLINE_METRICS_TOKEN to read it from elsewhere."
)
DATABASE_ANSWERS_WITHIN_S: Final = 5


def require_reader(token: SecretStr | None, peer: str | None, headers: Mapping[str, str]) -> None:
    """Raises Refusal unless this caller may read the numbers.

    With a token: whoever brings it. Without: programs on this machine whose call no proxy has passed on.
    `headers` are looked up in lower case.
    """
    if token is not None:
        given = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not compare_digest(given.encode(), token.get_secret_value().encode()):
            raise Refusal(Why.UNAUTHENTICATED, "metrics-token-wrong", "Send POSTLINE_METRICS_TOKEN as a Bearer token.")
    elif not _is_loopback(peer) or any(name in headers for name in FORWARDING_HEADERS):
        raise Refusal(Why.FORBIDDEN, "metrics-not-public", NOT_PUBLIC)


async def require_database(database: Database) -> None:
    """Raises Refusal unless the database answers within a few seconds."""
    try:
        async with asyncio.timeout(DATABASE_ANSWERS_WITHIN_S), database.as_user() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        raise Refusal(Why.UNAVAILABLE, "database-away", "The database does not answer. Try again later.") from None


@asynccontextmanager
async def worker_server(settings: Settings, database: Database) -> AsyncIterator[int | None]:
    """`/metrics`, `/healthz` and `/readyz` of a worker while the block runs, if a port is set; gives the port.

    Raises ValueError when the port cannot be had.
    """
    if settings.metrics_port is None:
        yield None
        return
    runner = web.AppRunner(_worker_app(settings, database), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.metrics_host, settings.metrics_port)
        try:
            await site.start()
        except OSError as error:
            place = f"{settings.metrics_host}:{settings.metrics_port}"
            raise ValueError(f"{place} (POSTLINE_METRICS_PORT) cannot be listened on: {error.strerror}.") from None
        port = runner.addresses[0][1]
        log.info("worker.shows_numbers", host=settings.metrics_host, port=port)
        yield port
    finally:
        await runner.cleanup()


def _worker_app(settings: Settings, database: Database) -> web.Application:
    async def metrics(request: web.Request) -> web.Response:
        try:
            require_reader(settings.metrics_token, request.remote, request.headers)
        except Refusal as refusal:
            status = 401 if refusal.why is Why.UNAUTHENTICATED else 403
            return web.Response(status=status, text=f"{refusal}\n")
        return web.Response(body=telemetry.render(), headers={hdrs.CONTENT_TYPE: telemetry.CONTENT_TYPE})

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def ready(_: web.Request) -> web.Response:
        try:
            await require_database(database)
        except Refusal as refusal:
            return web.Response(status=503, text=f"{refusal}\n")
        return web.json_response({"database": "ok"})

    app = web.Application()
    app.add_routes([web.get("/metrics", metrics), web.get("/healthz", alive), web.get("/readyz", ready)])
    return app


def _is_loopback(peer: str | None) -> bool:
    try:
        return ip_address(peer or "").is_loopback
    except ValueError:
        return False
