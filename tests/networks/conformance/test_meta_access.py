"""Meta's proof that an access is alive or dead, Pages of Business portfolios, and subscriptions to Pages."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.base import Grant, Provider
from postline.networks.http import HttpClient
from postline.networks.meta.graph import Graph
from postline.networks.meta.oauth import DATA_ACCESS_OVER, MetaProvider
from postline.networks.registry import MetaApp
from postline.sandbox.records import Business
from tests.networks.conformance.conftest import META_SECRET, World

pytestmark = pytest.mark.anyio

META = ProviderKey.META


def provider(world: World) -> Provider:
    return world.registry.providers[META]


async def test_an_access_that_meta_calls_alive_goes_on_as_it_is(world: World) -> None:
    grant = await world.connect(META)
    page = await world.profile(grant, META, NetworkKey.FACEBOOK)
    assert page.access_token is not None
    for token in (grant.access_token, page.access_token):
        assert await provider(world).revive(grant, token, NetworkKey.FACEBOOK, world.clock.now) == grant


async def test_an_access_that_is_close_to_its_end_is_renewed(world: World) -> None:
    grant = await world.connect(META)
    world.clock.advance(timedelta(days=52))
    renewed = await provider(world).revive(grant, grant.access_token, NetworkKey.FACEBOOK, world.clock.now)
    assert isinstance(renewed, Grant)
    assert grant.expires_at is not None
    assert renewed.expires_at is not None
    assert renewed.expires_at > grant.expires_at


@pytest.mark.parametrize("end", ["expired", "password"])
async def test_an_access_that_meta_calls_dead_is_dead(end: str, world: World) -> None:
    grant = await world.connect(META)
    world.sandbox.world.end_tokens(lambda token: True, end)
    assert await provider(world).revive(grant, grant.access_token, NetworkKey.FACEBOOK, world.clock.now) is None


async def test_a_token_that_meta_does_not_know_is_dead(world: World) -> None:
    grant = await world.connect(META)
    assert await provider(world).revive(grant, "EAAunknown", NetworkKey.FACEBOOK, world.clock.now) is None


@pytest.mark.parametrize("network", [NetworkKey.INSTAGRAM, NetworkKey.FACEBOOK])
async def test_where_the_data_access_is_over_instagram_ends_and_pages_go_on(network: NetworkKey, world: World) -> None:
    grant = await world.connect(META)
    told = {"data": {"is_valid": True, "expires_at": 0, "data_access_expires_at": int(world.clock()) - 1}}
    world.fault("meta.debug_token", {"status": 200, "body": json.dumps(told)})
    found = await provider(world).revive(grant, grant.access_token, network, world.clock.now)
    assert found == (DATA_ACCESS_OVER if network is NetworkKey.INSTAGRAM else grant)


async def test_what_was_declined_once_is_asked_again(world: World) -> None:
    query = parse_qs(urlsplit(provider(world).authorize("state-1", "http://127.0.0.1:8000/callback").url).query)
    assert query["auth_type"] == ["rerequest"]
    comments = {"pages_manage_engagement", "pages_read_user_content", "instagram_manage_comments"}
    assert comments | {"business_management", "pages_manage_metadata"} <= set(query["scope"][0].split(","))


SILENCE = {
    "an error": {"error": {"code": 2}},
    "a gateway's page": {"status": 502, "body": "oops"},
    "no verdict": {"status": 200, "body": '{"data":{}}'},
    "no answer": "drop_after",
}


@pytest.mark.parametrize("fault", SILENCE.values(), ids=SILENCE)
async def test_silence_proves_nothing(fault: object, world: World) -> None:
    grant = await world.connect(META)
    world.sandbox.world.end_tokens(lambda token: True, "expired")
    world.fault("meta.debug_token", fault)
    with pytest.raises(NetworkError) as caught:
        await provider(world).revive(grant, grant.access_token, NetworkKey.FACEBOOK, world.clock.now)
    assert caught.value.kind is not ErrorKind.RECONNECT_NEEDED


async def test_pages_of_a_business_are_found_once_each(world: World) -> None:
    grant = await world.connect(META)
    known = await provider(world).profiles(grant)
    pages = world.sandbox.world.pages
    own = pages[next(each.remote_id for each in known if each.network is NetworkKey.FACEBOOK)]
    pier = pages.put(replace(own, id="900000000000000001", name="Pier", username="pier", instagram_id=""))
    shed = pages.put(replace(pier, id="900000000000000002", name="Shed", username="shed", tasks=("ANALYZE",)))
    world.sandbox.world.businesses.put(
        Business(
            id="77",
            name="Harbor Group",
            person_ids=(grant.subject_id,),
            owned_page_ids=(own.id, pier.id),
            client_page_ids=(shed.id, pier.id),
        )
    )
    found = await provider(world).profiles(grant)
    assert list(found[: len(known)]) == list(known)
    [new] = found[len(known) :]
    assert (new.remote_id, new.name) == (pier.id, "Pier")
    assert new.access_token not in (None, *(each.access_token for each in known))


async def test_businesses_that_cannot_be_read_hide_no_pages(world: World) -> None:
    grant = await world.connect(META)
    known = await provider(world).profiles(grant)
    world.fault("meta.businesses", {"error": {"code": 200}})
    assert await provider(world).profiles(grant) == known


async def test_businesses_are_not_asked_for_without_the_permission(world: World) -> None:
    grant = await world.connect(META)
    before = world.calls("meta.businesses")
    await provider(world).profiles(replace(grant, scopes=grant.scopes - {"business_management"}))
    assert world.calls("meta.businesses") == before


@pytest.mark.parametrize(("verify_token", "fields"), [("agreed", ("feed",)), (None, ())])
async def test_a_page_is_subscribed_to_where_a_webhook_is_expected(
    verify_token: str | None, fields: tuple[str, ...], world: World
) -> None:
    grant = await world.connect(META)
    url = world.sandbox.url
    app = MetaApp(
        app_id="sandbox-meta-app",
        app_secret=META_SECRET,
        graph_url=url,
        dialog_url=url,
        upload_url=url,
        verify_token=verify_token,
    )
    async with HttpClient() as http:
        meta = MetaProvider(Graph(http, app, "Meta"))
        for network in (NetworkKey.FACEBOOK, NetworkKey.INSTAGRAM):
            await meta.subscribe(await world.profile(grant, META, network))
    page = await world.profile(grant, META, NetworkKey.FACEBOOK)
    assert world.sandbox.world.pages[page.remote_id].subscribed_fields == fields
