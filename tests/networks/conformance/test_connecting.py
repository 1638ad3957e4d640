"""OAuth with the sandbox's consent pages: grants, profiles, renewal, revocation."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.sandbox.seed import seed
from tests.networks.conformance.conftest import REDIRECT_URI, World

pytestmark = pytest.mark.anyio
every_provider = pytest.mark.parametrize("key", ProviderKey)


@every_provider
async def test_a_grant_names_the_person_the_scopes_and_the_expiry(key: ProviderKey, world: World) -> None:
    grant = await world.connect(key)
    assert grant.subject_id
    assert grant.subject_name
    assert grant.scopes >= world.registry.providers[key].scopes
    assert grant.expires_at is not None
    assert grant.expires_at - world.clock.now > world.registry.providers[key].refresh_ahead
    assert grant.access_token not in repr(grant)


@every_provider
async def test_a_renewed_grant_works_and_lasts_longer(key: ProviderKey, world: World) -> None:
    provider = world.registry.providers[key]
    grant = await world.connect(key)
    world.clock.advance(timedelta(hours=1))
    renewed = await provider.refresh(grant, world.clock.now)
    assert grant.expires_at is not None
    assert renewed.expires_at is not None
    assert renewed.expires_at > grant.expires_at
    assert (renewed.subject_id, renewed.subject_name) == (grant.subject_id, grant.subject_name)
    assert await provider.profiles(renewed)


@every_provider
async def test_a_code_works_once(key: ProviderKey, world: World) -> None:
    provider = world.registry.providers[key]
    code, verifier = await world.authorize(key)
    await provider.exchange(code, REDIRECT_URI, verifier, world.clock.now)
    with pytest.raises(NetworkError) as caught:
        await provider.exchange(code, REDIRECT_URI, verifier, world.clock.now)
    assert caught.value.kind is ErrorKind.RECONNECT_NEEDED


async def test_a_code_for_another_address_starts_with_a_new_login(world: World) -> None:
    code, verifier = await world.authorize(ProviderKey.META)
    with pytest.raises(NetworkError) as caught:
        await world.registry.providers[ProviderKey.META].exchange(code, f"{REDIRECT_URI}/x", verifier, world.clock.now)
    assert caught.value.kind is ErrorKind.RECONNECT_NEEDED


@every_provider
async def test_a_revoked_grant_gives_no_profiles(key: ProviderKey, world: World) -> None:
    provider = world.registry.providers[key]
    grant = await world.connect(key)
    await provider.revoke(grant)
    with pytest.raises(NetworkError) as caught:
        await provider.profiles(grant)
    assert caught.value.kind is ErrorKind.RECONNECT_NEEDED


async def test_one_meta_grant_gives_pages_and_their_instagram_accounts(world: World) -> None:
    grant = await world.connect(ProviderKey.META)
    profiles = await world.registry.providers[ProviderKey.META].profiles(grant)
    assert {(profile.network, profile.name) for profile in profiles} == {
        (NetworkKey.FACEBOOK, "Harbor Coffee"),
        (NetworkKey.INSTAGRAM, "Harbor Coffee"),
        (NetworkKey.FACEBOOK, "Harbor Coffee Roastery"),
    }
    assert all(profile.access_token for profile in profiles)
    assert len({profile.access_token for profile in profiles}) == 2


async def test_a_person_with_many_pages_gets_them_all(world: World) -> None:
    people = world.sandbox.world.meta_users
    [person] = people
    people.delete(person.id)
    pages = [{"name": f"Page {place}", "username": f"page{place}"} for place in range(150)]
    seed(world.sandbox.world, {"meta_users": [{"name": "Noor", "pages": pages}]})
    grant = await world.connect(ProviderKey.META)
    profiles = await world.registry.providers[ProviderKey.META].profiles(grant)
    assert len(profiles) == 150
    assert world.calls("meta.accounts") == 2


async def test_a_tiktok_grant_is_one_profile_that_uses_the_grant_s_token(world: World) -> None:
    grant = await world.connect(ProviderKey.TIKTOK)
    [profile] = await world.registry.providers[ProviderKey.TIKTOK].profiles(grant)
    assert (profile.network, profile.remote_id) == (NetworkKey.TIKTOK, grant.subject_id)
    assert (profile.handle, profile.name, profile.access_token) == ("harborcoffee", "Harbor Coffee", None)


async def test_a_tiktok_refresh_token_works_once(world: World) -> None:
    provider = world.registry.providers[ProviderKey.TIKTOK]
    grant = await world.connect(ProviderKey.TIKTOK)
    renewed = await provider.refresh(grant, world.clock.now)
    assert renewed.refresh_token != grant.refresh_token
    with pytest.raises(NetworkError) as caught:
        await provider.refresh(grant, world.clock.now)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.RECONNECT_NEEDED, "invalid_grant")


CHALLENGES = {
    "on this machine": ("http://127.0.0.1:8000/callback", True),
    "localhost": ("http://localhost:8000/callback", True),
    "on the web": ("https://social.example.com/callback", False),
}


@pytest.mark.parametrize(("redirect_uri", "has_challenge"), CHALLENGES.values(), ids=CHALLENGES)
async def test_tiktok_s_pkce_is_used_for_desktop_addresses(
    redirect_uri: str, has_challenge: bool, world: World
) -> None:
    authorization = world.registry.providers[ProviderKey.TIKTOK].authorize("state-1", redirect_uri)
    query = parse_qs(urlsplit(authorization.url).query)
    assert ("code_challenge" in query) is has_challenge
    assert (authorization.code_verifier is not None) is has_challenge
    assert query["redirect_uri"] == [redirect_uri]
    assert "," in query["scope"][0]
    assert "client_id" not in query


async def test_no_secret_travels_in_the_consent_address(world: World) -> None:
    for provider in world.registry.providers.values():
        assert "secret" not in provider.authorize("state-1", REDIRECT_URI).url
