"""Is everything as it should be? Checks that an operator can run at any time, each with what to do if not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from postline import migrations
from postline.connections.models import Connection, ConnectionStatus
from postline.connections.tokens import open_grant
from postline.connections.vault import CannotOpen
from postline.core.errors import NetworkError
from postline.core.words import ProviderKey
from postline.networks.fetching import can_fetch
from postline.services import Services, meta_app, tiktok_app


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do; None where all is well."""

    check: str
    is_ok: bool
    message: str
    advice: str | None = None


async def examine(services: Services) -> AsyncIterator[Finding]:
    """Findings, as they are made. Raises nothing: what fails is a finding."""
    yield _app("Meta", "META_APP_ID", "META_APP_SECRET", meta_app(services.settings))
    yield _app("TikTok", "TIKTOK_CLIENT_KEY", "TIKTOK_CLIENT_SECRET", tiktok_app(services.settings))
    async for finding in _public_url(services):
        yield finding
    yield await _database(services)
    yield await _storage(services)
    async for finding in _connections(services):
        yield finding


def _app(name: str, prefix: str, secret: str, app: object | None) -> Finding:
    if app is not None:
        return Finding(f"app of {name}", True, "Configured.")
    advice = f"Set POSTLINE_{prefix} and POSTLINE_{secret} to connect profiles of {name}."
    return Finding(f"app of {name}", True, "Not configured, so nobody can connect it.", advice)


async def _public_url(services: Services) -> AsyncIterator[Finding]:
    """By its looks for each network, and whether it answers at all; only the outside can tell the rest."""
    settings = services.settings
    url = settings.public_url
    fetched = {"Instagram images": settings.meta_graph_url, "TikTok photos": settings.tiktok_api_url}
    for what, network_url in fetched.items():
        if not can_fetch(url, network_url):
            message = f"{what} cannot be published: {url} is not an https address that the network can reach."
            yield Finding("public-url", False, message, "Set POSTLINE_PUBLIC_URL to one that outsiders can reach.")
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answers = (await client.get(f"{url}/healthz")).is_success
    except httpx.HTTPError:
        answers = False
    if answers:
        yield Finding("public-url", True, f"Postline answers at {url}; networks are told to fetch media there.")
    else:
        advice = "Start `postline serve` and lead the address to it (DNS, TLS, reverse proxy)."
        yield Finding("public-url", False, f"Nothing of Postline answers at {url}, seen from here.", advice)


async def _database(services: Services) -> Finding:
    try:
        async with services.database.as_worker() as session:
            version = await session.scalar(text("SHOW server_version"))
            revision = await session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the finding
        reason = str(error).splitlines()[0]
        return Finding(
            "database", False, f"It does not answer: {reason}", "Check POSTLINE_DATABASE_URL and the server."
        )
    if revision != migrations.head():
        return Finding("database", False, f"Its schema is at {revision}.", "Run `postline db upgrade`.")
    return Finding("database", True, f"PostgreSQL {version}, schema {revision}.")


async def _storage(services: Services) -> Finding:
    failure = await services.media.storage.check()
    if failure is None:
        return Finding("storage", True, f"Media can be written to and read from {services.settings.storage_url}.")
    return Finding("storage", False, failure, "Check POSTLINE_MEDIA_URL and the rights on it.")


async def _connections(services: Services) -> AsyncIterator[Finding]:
    """Each connection: can its secrets be opened, and does the network still accept them?"""
    try:
        async with services.database.as_worker() as session:
            query = select(Connection).where(Connection.status != ConnectionStatus.REVOKED)
            connections = list(await session.scalars(query))
    except SQLAlchemyError:
        return  # the finding on the database tells why
    for connection in connections:
        name = f"connection {connection.subject_name} ({connection.provider})"
        try:
            grant = open_grant(services.vault, connection)
            profiles = await services.registry.providers[ProviderKey(connection.provider)].profiles(grant)
        except CannotOpen as error:
            yield Finding(name, False, str(error), "Put the old key back into POSTLINE_SECRET_KEYS, after the new one.")
        except NetworkError as error:
            yield Finding(name, False, error.message, "Reconnect it in the user interface.")
        else:
            yield Finding(name, True, f"Works; it gives access to {len(profiles)} profiles.")
