"""Binding the profiles that a connection gives access to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.connections.models import Connection
from postline.connections.tokens import adopt
from postline.connections.vault import Vault
from postline.core.ids import new_id
from postline.core.words import NetworkKey, Role
from postline.db.paging import Page, page_by_id
from postline.events.service import record
from postline.networks.base import RemoteProfile
from postline.posts.gates import RECONNECT, UNBOUND, block, release
from postline.profiles.models import Profile, ProfileStatus
from postline.profiles.schemas import RemoteProfileOut
from postline.refusals import invalid, not_found


async def list_profiles(session: AsyncSession, *, cursor: str | None, limit: int) -> Page[Profile]:
    query = select(Profile).where(Profile.status != ProfileStatus.UNBOUND)
    return await page_by_id(session, query, Profile.id, cursor=cursor, limit=limit, newest_first=False)


async def get_profile(session: AsyncSession, profile_id: UUID) -> Profile:
    profile = await session.get(Profile, profile_id)
    if profile is None or profile.status == ProfileStatus.UNBOUND:
        raise not_found("profile")
    return profile


async def show_remote(session: AsyncSession, remote_profiles: Sequence[RemoteProfile]) -> list[RemoteProfileOut]:
    """What a connection offers, and which of it is bound already."""
    query = select(Profile).where(Profile.status != ProfileStatus.UNBOUND)
    bound = {(profile.network, profile.remote_id): profile.id for profile in await session.scalars(query)}
    return [
        RemoteProfileOut(
            network=each.network,
            remote_id=each.remote_id,
            name=each.name,
            handle=each.handle,
            avatar_url=each.avatar_url,
            profile_id=bound.get((str(each.network), each.remote_id)),
        )
        for each in remote_profiles
    ]


async def bind(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    connection: Connection,
    offered: Sequence[RemoteProfile],
    network: NetworkKey,
    remote_id: str,
    now: datetime,
) -> Profile:
    """Bind a profile that the connection offers; one bound before comes back with its posts. Raises Refusal."""
    actor.require(Role.ADMINISTRATOR, "bind profiles")
    remote = next((each for each in offered if each.network is network and each.remote_id == remote_id), None)
    if remote is None:
        text = "This connection gives no access to that profile. Reconnect and allow it, or choose one from the list."
        raise invalid("profile-not-offered", text, "/remote_id")
    query = select(Profile).where(Profile.network == network, Profile.remote_id == remote_id).with_for_update()
    profile = await session.scalar(query)
    if profile is None:
        profile = Profile(id=new_id(), account_id=actor.account_id, network=network, remote_id=remote_id)
        session.add(profile)
    adopt(vault, connection, profile, remote)
    await session.flush()
    for gate in (UNBOUND, RECONNECT):
        await release(session, actor.account_id, gate, now, [profile.id])
    record(session, actor, "profile.bound", ("profile", profile.id), f"Bound {profile.name} on {network}.")
    return profile


async def unbind(session: AsyncSession, actor: Actor, profile_id: UUID) -> None:
    """Publish there no more; what was planned for it waits, blocked."""
    actor.require(Role.ADMINISTRATOR, "unbind profiles")
    profile = await get_profile(session, profile_id)
    profile.status, profile.secrets = ProfileStatus.UNBOUND, None
    await block(session, actor.account_id, UNBOUND, [profile.id])
    record(session, actor, "profile.unbound", ("profile", profile.id), f"Unbound {profile.name}.")
