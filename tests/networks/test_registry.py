"""Networks and providers without an app: there, and clear about what is missing."""

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.base import Target
from postline.networks.http import HttpClient
from postline.networks.registry import CAPABILITIES, OPTIONS, build

pytestmark = pytest.mark.anyio
SETTINGS = {ProviderKey.META: "POSTLINE_META_APP_ID", ProviderKey.TIKTOK: "POSTLINE_TIKTOK_CLIENT_KEY"}


def test_every_network_and_provider_is_there() -> None:
    registry = build(HttpClient(), None, None)
    assert set(registry.networks) == set(CAPABILITIES) == set(OPTIONS) == set(NetworkKey)
    assert set(registry.providers) == set(ProviderKey)
    for key, network in registry.networks.items():
        assert (network.key, network.capabilities, network.options) == (key, CAPABILITIES[key], OPTIONS[key])
        assert network.capabilities.scopes <= registry.providers[network.capabilities.provider].scopes


@pytest.mark.parametrize("key", ProviderKey)
def test_a_provider_without_an_app_names_the_setting(key: ProviderKey) -> None:
    with pytest.raises(NetworkError) as caught:
        build(HttpClient(), None, None).providers[key].authorize("state", "https://social.example.com/callback")
    assert (caught.value.kind, caught.value.code) == (ErrorKind.APP_NOT_READY, "not configured")
    assert SETTINGS[key] in caught.value.message


@pytest.mark.parametrize("key", [NetworkKey.INSTAGRAM, NetworkKey.TIKTOK])
async def test_a_network_without_an_app_says_so_when_called(key: NetworkKey) -> None:
    target = Target(remote_id="1", access_token="EAABsecret", user_token="EAABsecret")
    with pytest.raises(NetworkError) as caught:
        await build(HttpClient(), None, None).networks[key].publishing_options(target)
    assert caught.value.kind is ErrorKind.APP_NOT_READY
