"""All networks and providers, built once. What needs no app and no call stands here as plain data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from postline.core.capabilities import Capabilities
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.apps import MetaApp, TikTokApp
from postline.networks.base import AnyNetwork, Provider
from postline.networks.budget import Budget
from postline.networks.facebook.capabilities import CAPABILITIES as FACEBOOK
from postline.networks.facebook.network import Facebook
from postline.networks.facebook.options import FacebookOptions
from postline.networks.http import HttpClient
from postline.networks.instagram.capabilities import CAPABILITIES as INSTAGRAM
from postline.networks.instagram.network import Instagram
from postline.networks.instagram.options import InstagramOptions
from postline.networks.meta.graph import Graph
from postline.networks.meta.oauth import MetaProvider
from postline.networks.meta.throttle import Throttle
from postline.networks.meta.version import VersionWatch
from postline.networks.options import Options
from postline.networks.tiktok.capabilities import CAPABILITIES as TIKTOK
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.limits import CALLS_PER_MINUTE
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
    """`usage`: by limit, how much of a network's calls is used, in percent, as it told last.

    `calls_left`: by group of TikTok's calls, how many are left this minute to the token that has made the most.
    """

    networks: Mapping[NetworkKey, AnyNetwork]
    providers: Mapping[ProviderKey, Provider]
    usage: Callable[[], Mapping[str, float]]
    calls_left: Callable[[], Mapping[str, float]]


def build(
    http: HttpClient, meta: MetaApp | None, tiktok: TikTokApp | None, clock: Callable[[], float] = monotonic
) -> Registry:
    """Every network and provider. One whose app is None is there all the same; its calls raise APP_NOT_READY.

    `clock` gives seconds, by which calls are held back that a network would refuse.
    """
    budget = Budget("TikTok", CALLS_PER_MINUTE, clock)
    client = TikTokClient(http, tiktok, budget)
    throttle, versions = Throttle(clock), VersionWatch()

    def graph(name: str) -> Graph:
        return Graph(http, meta, name, throttle, versions)

    return Registry(
        networks={
            NetworkKey.FACEBOOK: Facebook(graph("Facebook")),
            NetworkKey.INSTAGRAM: Instagram(graph("Instagram")),
            NetworkKey.TIKTOK: TikTok(client),
        },
        providers={
            ProviderKey.META: MetaProvider(graph("Meta")),
            ProviderKey.TIKTOK: TikTokProvider(client),
        },
        usage=throttle.usage,
        calls_left=budget.left,
    )
