"""All networks and providers, built once. What needs no app and no call stands here as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from postline.core.capabilities import Capabilities
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.apps import MetaApp, TikTokApp
from postline.networks.base import AnyNetwork, Provider
from postline.networks.facebook.capabilities import CAPABILITIES as FACEBOOK
from postline.networks.facebook.network import Facebook
from postline.networks.facebook.options import FacebookOptions
from postline.networks.http import HttpClient
from postline.networks.instagram.capabilities import CAPABILITIES as INSTAGRAM
from postline.networks.instagram.network import Instagram
from postline.networks.instagram.options import InstagramOptions
from postline.networks.meta.graph import Graph
from postline.networks.meta.oauth import MetaProvider
from postline.networks.options import Options
from postline.networks.tiktok.capabilities import CAPABILITIES as TIKTOK
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.network import TikTok
from postline.networks.tiktok.oauth import TikTokProvider
from postline.networks.tiktok.options import TikTokOptions

__all__ = ["CAPABILITIES", "OPTIONS", "MetaApp", "Registry", "TikTokApp", "build"]

CAPABILITIES: Final[Mapping[NetworkKey, Capabilities]] = {each.network: each for each in (FACEBOOK, INSTAGRAM, TIKTOK)}
OPTIONS: Final[Mapping[NetworkKey, type[Options]]] = {
    NetworkKey.FACEBOOK: FacebookOptions,
    NetworkKey.INSTAGRAM: InstagramOptions,
    NetworkKey.TIKTOK: TikTokOptions,
}


@dataclass(frozen=True, slots=True)
class Registry:
    networks: Mapping[NetworkKey, AnyNetwork]
    providers: Mapping[ProviderKey, Provider]


def build(http: HttpClient, meta: MetaApp | None, tiktok: TikTokApp | None) -> Registry:
    """Every network and provider. One whose app is None is there all the same; its calls raise APP_NOT_READY."""
    client = TikTokClient(http, tiktok)
    return Registry(
        networks={
            NetworkKey.FACEBOOK: Facebook(Graph(http, meta, "Facebook")),
            NetworkKey.INSTAGRAM: Instagram(Graph(http, meta, "Instagram")),
            NetworkKey.TIKTOK: TikTok(client),
        },
        providers={
            ProviderKey.META: MetaProvider(Graph(http, meta, "Meta")),
            ProviderKey.TIKTOK: TikTokProvider(client),
        },
    )
