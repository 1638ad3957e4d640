"""Is everything as it should be? Checks that an operator can run at any time, each with what to do if not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from postline import migrations
from postline.connections.models import Connection, ConnectionStatus
from postline.connections.tokens import open_grant
from postline.connections.vault import CannotOpen
from postline.core.errors import NetworkError
from postline.core.words import ProviderKey
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
    yield _public_url(services)
    yield await _database(services)
    yield await _storage(services)
    async for finding in _connections(services):
        yield finding


def _app(name: str, prefix: str, secret: str, app: object | None) -> Finding:
    if app is not None:
        return Finding(f"app of {name}", True, "Configured.")
    advice = f"Set POSTLINE_{prefix} and POSTLINE_{secret} to connect profiles of {name}."
    return Finding(f"app of {name}", True, "Not configured, so nobody can connect it.", advice)


def _public_url(services: Services) -> Finding:
    url = services.settings.public_url
    if not _is_private(urlsplit(url).hostname or ""):
        return Finding("public-url", True, f"Networks are told to fetch images from {url}.")
    talks_to_loopback = _is_private(urlsplit(services.settings.meta_graph_url).hostname or "")
    return Finding(
        "public-url",
        talks_to_loopback,
        f"{url} can be reached from this machine only.",
        None if talks_to_loopback else "Instagram images and TikTok photos need a public POSTLINE_PUBLIC_URL.",
    )


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


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host
