"""Connecting to networks: the API for it, and the page a network's consent comes back to."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from postline.accounts.models import User
from postline.accounts.service import find_actor
from postline.api.deps import Caller, CallerDep, PageDep, ServicesDep, SignedIn, UnitDep
from postline.api.routes.lists import ListOut, listed
from postline.connections import service
from postline.connections.schemas import ConnectionIn, ConnectionOut, ConsentOut
from postline.connections.tokens import open_grant
from postline.core.errors import NetworkError
from postline.core.words import ProviderKey, Role
from postline.networks.base import Grant, Provider, RemoteProfile
from postline.profiles.schemas import ProfileIn, RemoteProfileOut
from postline.profiles.service import show_remote
from postline.refusals import Refusal, invalid, not_found
from postline.services import Services

log = structlog.get_logger()

router = APIRouter(prefix="/accounts/{account_id}/connections", tags=["connections"])
callback_router = APIRouter(prefix="/oauth", include_in_schema=False)


@router.get("")
async def list_connections(unit: UnitDep, page: PageDep) -> ListOut[ConnectionOut]:
    providers = unit.services.registry.providers
    return listed(await service.list_connections(unit.session, providers, cursor=page.cursor, limit=page.limit))


@router.post("", status_code=201)
async def start_consent(body: ConnectionIn, unit: UnitDep) -> ConsentOut:
    """Begin connecting. Repeating this is harmless: it only makes another link, so it takes no Idempotency-Key."""
    services = unit.services
    url = await service.start_consent(
        unit.session,
        unit.actor,
        services.vault,
        services.registry.providers[body.provider],
        body.connection_id,
        _redirect_uri(services, body.provider),
        services.clock(),
    )
    return ConsentOut(authorize_url=url)


@router.get("/{connection_id}/profiles")
async def list_remote_profiles(connection_id: UUID, caller: CallerDep) -> ListOut[RemoteProfileOut]:
    """The profiles that this connection gives access to, asked from the network now."""
    caller.actor.require(Role.ADMINISTRATOR, "see what a connection offers")
    offered = await ask_for_profiles(caller, connection_id)
    async with caller.unit() as unit:
        return ListOut(items=await show_remote(unit.session, offered))


@router.delete("/{connection_id}", status_code=204)
async def disconnect(connection_id: UUID, caller: CallerDep) -> None:
    """Forget the tokens and tell the network, as far as it can be reached."""
    caller.actor.require(Role.ADMINISTRATOR, "disconnect networks")
    provider, grant = await _granted(caller, connection_id)
    async with caller.unit() as unit:
        await service.disconnect(unit.session, unit.actor, await service.get_connection(unit.session, connection_id))
    with suppress(NetworkError):
        await provider.revoke(grant)


@callback_router.get("/{provider_key}/callback")
async def consent_came_back(
    provider_key: ProviderKey,
    user: SignedIn,
    services: ServicesDep,
    state: Annotated[str, Query()] = "",
    code: Annotated[str | None, Query()] = None,
    error_description: Annotated[str | None, Query()] = None,
) -> RedirectResponse:
    """Exchange the code for tokens and lead the person back to the connections page, whatever happened."""
    try:
        connection_id = await _complete(services, user, provider_key, state, code, error_description)
        answer = {"connected": str(connection_id)}
    except Refusal as refusal:
        answer = {"error": refusal.message}
    except NetworkError as error:
        log.warning("connection.failed", provider=str(provider_key), code=error.code)
        answer = {"error": error.message}
    return RedirectResponse(f"/connections?{urlencode(answer)}", 303)


async def ask_for_profiles(caller: Caller, connection_id: UUID) -> Sequence[RemoteProfile]:
    """What the network says that a connection gives access to. Raises Refusal."""
    provider, grant = await _granted(caller, connection_id)
    try:
        return await provider.profiles(grant)
    except NetworkError as error:
        raise service.require_granted(error) from None


async def subscribe(caller: Caller, bound: ProfileIn, offered: Sequence[RemoteProfile]) -> None:
    """Have the provider tell of the profile's posts. Without it they are polled all the same: a failure is logged."""
    for profile in offered:
        if (profile.network, profile.remote_id) == (bound.network, bound.remote_id):
            registry = caller.services.registry
            provider = registry.providers[registry.networks[profile.network].capabilities.provider]
            try:
                await provider.subscribe(profile)
            except NetworkError as error:
                log.warning("profile.not_subscribed", network=str(profile.network), code=error.code)


async def _granted(caller: Caller, connection_id: UUID) -> tuple[Provider, Grant]:
    async with caller.unit() as unit:
        connection = await service.get_connection(unit.session, connection_id)
        provider = caller.services.registry.providers[ProviderKey(connection.provider)]
        return provider, open_grant(caller.services.vault, connection)


async def _complete(
    services: Services, user: User, key: ProviderKey, state: str, code: str | None, refused: str | None
) -> UUID:
    account_id = service.account_of_state(state)
    if account_id is None:
        raise invalid("consent-unknown", "This is not an answer to a consent that was asked for. Start again.")
    now = services.clock()
    async with services.database.as_account(account_id, user.id) as session:
        consent = await service.take_consent(session, services.vault, key, state, now)
    if consent.user_id != user.id:
        raise not_found("consent request")
    provider = services.registry.providers[key]
    if code is None:
        text = f"{provider.name} was not connected: the consent was not given ({refused or 'cancelled'})."
        raise invalid("consent-refused", text)
    grant = await provider.exchange(code, _redirect_uri(services, key), consent.code_verifier, now)
    offered = await provider.profiles(grant)
    async with services.database.as_account(account_id, user.id) as session:
        actor = await find_actor(session, account_id, user)
        if actor is None:
            raise not_found("account")
        connection = await service.complete_consent(
            session, actor, services.vault, provider, grant, offered, consent.connection_id, now
        )
        return connection.id


def _redirect_uri(services: Services, provider: ProviderKey) -> str:
    return f"{services.settings.public_url}/oauth/{provider}/callback"
