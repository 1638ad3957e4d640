"""TikTok's proof that an access is alive or dead: its refresh token, which works once."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.apps import Posting, TikTokApp
from postline.networks.base import Grant, Provider
from postline.networks.http import HttpClient
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.oauth import TikTokProvider
from tests.networks.conformance.conftest import World

pytestmark = pytest.mark.anyio

TIKTOK = ProviderKey.TIKTOK


def provider(world: World) -> Provider:
    return world.registry.providers[TIKTOK]


async def test_an_access_whose_token_ran_out_goes_on_with_a_new_one(world: World) -> None:
    grant = await world.connect(TIKTOK)
    world.clock.advance(timedelta(hours=3))
    with pytest.raises(NetworkError) as caught:
        await provider(world).profiles(grant)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.RECONNECT_NEEDED, "access_token_invalid")
    revived = await provider(world).revive(grant, grant.access_token, NetworkKey.TIKTOK, world.clock.now)
    assert isinstance(revived, Grant)
    assert revived.access_token != grant.access_token
    assert revived.refresh_token != grant.refresh_token
    assert (revived.subject_id, revived.subject_name) == (grant.subject_id, grant.subject_name)
    assert await provider(world).profiles(revived)


async def test_an_access_that_the_person_took_away_is_dead(world: World) -> None:
    grant = await world.connect(TIKTOK)
    await provider(world).revoke(grant)
    assert await provider(world).revive(grant, grant.access_token, NetworkKey.TIKTOK, world.clock.now) is None


async def test_an_access_whose_refresh_token_was_used_elsewhere_is_dead(world: World) -> None:
    grant = await world.connect(TIKTOK)
    await provider(world).refresh(grant, world.clock.now)
    assert await provider(world).revive(grant, grant.access_token, NetworkKey.TIKTOK, world.clock.now) is None


BLIPS = {
    "a fault": {"status": 503, "body": "oops"},
    "a limit": {"status": 429, "body": "slow down"},
    "a cut line": "drop_before",
    "a lost answer": "drop_after",
    "a gate on the way": {"status": 401, "body": "<html>Who are you?</html>"},
    "an app that is not accepted": {"status": 401, "body": '{"error": "invalid_client", "error_description": "No."}'},
}


@pytest.mark.parametrize("action", BLIPS.values(), ids=BLIPS)
async def test_what_proves_nothing_is_not_taken_for_the_end(action: object, world: World) -> None:
    grant = await world.connect(TIKTOK)
    world.fault("tiktok.oauth.token", action)
    with pytest.raises(NetworkError):
        await provider(world).revive(grant, grant.access_token, NetworkKey.TIKTOK, world.clock.now)


async def test_a_scope_that_was_not_given_is_seen_and_its_fields_are_not_asked_for(world: World) -> None:
    grant = await world.connect(TIKTOK)
    given = grant.scopes - {"user.info.profile"}
    [profile] = await provider(world).profiles(replace(grant, scopes=given))
    assert (profile.name, profile.handle) == ("Harbor Coffee", None)
    assert provider(world).scopes - given == {"user.info.profile"}
    assert {"video.publish", "video.upload"} <= provider(world).scopes


APPROVED = {
    Posting.ALL: {"video.publish", "video.upload"},
    Posting.DIRECT: {"video.publish"},
    Posting.DRAFTS: {"video.upload"},
}


@pytest.mark.parametrize(("posting", "scopes"), APPROVED.items(), ids=APPROVED)
def test_only_what_tiktok_approved_is_asked_for(posting: Posting, scopes: set[str]) -> None:
    app = TikTokApp(client_key="k", client_secret="s", posting=posting)
    asking = TikTokProvider(TikTokClient(HttpClient(), app))
    url = asking.authorize("state-1", "http://127.0.0.1:8000/callback").url
    asked = set(parse_qs(urlsplit(url).query)["scope"][0].split(","))
    assert asked == {"user.info.basic", "user.info.profile", "video.list"} | scopes
    assert asking.scopes == asked
