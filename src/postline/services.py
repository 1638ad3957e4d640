"""Everything a process is made of, built once from the settings and handed to what needs it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

from pydantic import SecretStr

from postline.clock import Clock, utc_now
from postline.config import Settings
from postline.connections.vault import Vault, derive
from postline.core.retry import Policy
from postline.db.embedded import kept_running
from postline.db.engine import Database
from postline.delivery.runner import Media
from postline.delivery.targets import Targets
from postline.media.links import LinkSigner
from postline.media.storage import MediaStorage
from postline.networks.fetching import can_fetch
from postline.networks.http import HttpClient
from postline.networks.registry import MetaApp, Registry, TikTokApp, build
from postline.notices.mail import Mailer


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    settings: Settings
    database: Database
    vault: Vault
    media: Media
    registry: Registry
    targets: Targets
    policy: Policy
    clock: Clock


@asynccontextmanager
async def open_services(
    settings: Settings, database_url: str, *, policy: Policy | None = None, clock: Clock = utc_now
) -> AsyncIterator[Services]:
    """Services for one event loop. Raises ValueError for a media URL that cannot be used."""
    database = Database(database_url)
    vault = Vault(settings.keys)
    signer = LinkSigner([derive(key, "media links") for key in settings.keys])
    media = Media(MediaStorage(settings.storage_url), signer, settings.public_url)
    async with HttpClient() as http:
        registry = build(http, meta=meta_app(settings), tiktok=tiktok_app(settings))
        try:
            yield Services(
                settings=settings,
                database=database,
                vault=vault,
                media=media,
                registry=registry,
                targets=Targets(database, vault, registry.providers),
                policy=policy or Policy(),
                clock=clock,
            )
        finally:
            await database.dispose()


def database_kept(settings: Settings) -> AbstractAsyncContextManager[None]:
    """An embedded server is ours to keep up while a process needs it; one that was named by a URL is not."""
    return kept_running(settings.data_dir) if settings.database_url is None else nullcontext()


def meta_app(settings: Settings) -> MetaApp | None:
    if not settings.meta_app_id or not settings.meta_app_secret:
        return None
    return MetaApp(
        app_id=settings.meta_app_id,
        app_secret=_plain(settings.meta_app_secret),
        graph_url=settings.meta_graph_url,
        dialog_url=settings.meta_dialog_url,
        upload_url=settings.meta_upload_url,
        verify_token=_plain(settings.meta_verify_token) if settings.meta_verify_token else None,
        can_fetch=can_fetch(settings.public_url, settings.meta_graph_url),
        version=settings.meta_graph_version,
    )


def tiktok_app(settings: Settings) -> TikTokApp | None:
    if not settings.tiktok_client_key or not settings.tiktok_client_secret:
        return None
    return TikTokApp(
        client_key=settings.tiktok_client_key,
        client_secret=_plain(settings.tiktok_client_secret),
        api_url=settings.tiktok_api_url,
        auth_url=settings.tiktok_auth_url,
        posting=settings.tiktok_posting,
        is_audited=settings.tiktok_is_audited,
        can_fetch=can_fetch(settings.public_url, settings.tiktok_api_url),
        pulls_videos=settings.tiktok_pulls_videos,
    )


def mailer(settings: Settings) -> Mailer | None:
    if settings.smtp_url is None:
        return None
    return Mailer(_plain(settings.smtp_url), settings.mail_from, settings.public_url)


def _plain(secret: SecretStr) -> str:
    return secret.get_secret_value()
