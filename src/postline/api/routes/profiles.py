"""Profiles: bind, list, ask what they may choose, unbind."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from postline.api.deps import CallerDep, PageDep, UnitDep
from postline.api.idempotency import KeyHeader, once
from postline.api.routes.connections import ask_for_profiles, subscribe
from postline.api.routes.lists import ListOut, listed
from postline.connections.service import get_connection, require_granted
from postline.core.errors import NetworkError
from postline.core.words import NetworkKey, Role
from postline.profiles import service
from postline.profiles.schemas import ProfileIn, ProfileOut

router = APIRouter(prefix="/accounts/{account_id}/profiles", tags=["profiles"])


@router.get("")
async def list_profiles(unit: UnitDep, page: PageDep) -> ListOut[ProfileOut]:
    profiles = await service.list_profiles(unit.session, cursor=page.cursor, limit=page.limit)
    return listed(profiles.map(ProfileOut.of))


@router.post("", status_code=201)
async def bind_profile(body: ProfileIn, caller: CallerDep, key: KeyHeader = None) -> ProfileOut:
    """Bind one of the profiles that a connection offers. Administrators only."""
    caller.actor.require(Role.ADMINISTRATOR, "bind profiles")
    offered = await ask_for_profiles(caller, body.connection_id)
    async with caller.unit() as unit:

        async def create() -> ProfileOut:
            connection = await get_connection(unit.session, body.connection_id)
            vault, now = unit.services.vault, unit.services.clock()
            profile = await service.bind(
                unit.session, unit.actor, vault, connection, offered, body.network, body.remote_id, now
            )
            return ProfileOut.of(profile)

        bound = await once(unit, key, "profiles", body, ProfileOut, create)
    await subscribe(caller, body, offered)
    return bound


@router.get("/{profile_id}")
async def read_profile(profile_id: UUID, unit: UnitDep) -> ProfileOut:
    return ProfileOut.of(await service.get_profile(unit.session, profile_id))


@router.get("/{profile_id}/publishing-options")
async def read_publishing_options(profile_id: UUID, caller: CallerDep) -> dict[str, Any]:
    """What the network lets this profile choose right now, for the composer."""
    services = caller.services
    async with caller.unit() as unit:
        profile = await service.get_profile(unit.session, profile_id)
    try:
        target = await services.targets.load(profile.id, services.clock())
        return dict(await services.registry.networks[NetworkKey(profile.network)].publishing_options(target))
    except NetworkError as error:
        raise require_granted(error) from None


@router.delete("/{profile_id}", status_code=204)
async def unbind_profile(profile_id: UUID, unit: UnitDep) -> None:
    """Publish there no more. What is planned for it waits until it is bound again. Administrators only."""
    await service.unbind(unit.session, unit.actor, profile_id)
