"""Connecting accounts to networks by OAuth, and ending it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.accounts.service import hash_secret
from postline.connections.models import Connection, ConnectionStatus, ConsentRequest
from postline.connections.schemas import ConnectionOut
from postline.connections.tokens import Providers, adopt, key_context, store_grant
from postline.connections.vault import Vault
from postline.core.errors import ErrorKind, NetworkError
from postline.core.ids import new_id
from postline.core.words import NetworkKey, ProviderKey, Role
from postline.db.paging import Page, page_by_id
from postline.events.service import record
from postline.networks.base import Grant, Provider, RemoteProfile
from postline.notices.service import Kind, notify_administrators
from postline.posts.gates import RECONNECT, UNBOUND, block, release
from postline.profiles.models import Profile, ProfileStatus
from postline.refusals import Refusal, Why, invalid, not_found

CONSENT_LASTS: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent request that came back, taken out so that it is used once."""

    provider: ProviderKey
    connection_id: UUID | None
    user_id: UUID | None
    code_verifier: str | None


async def start_consent(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    provider: Provider,
    connection_id: UUID | None,
    redirect_uri: str,
    now: datetime,
) -> str:
    """The URL of the network's consent page. Raises Refusal when the provider's app is not configured."""
    actor.require(Role.ADMINISTRATOR, "connect networks")
    if connection_id is not None:
        await get_connection(session, connection_id)
    state = f"{actor.account_id.hex}.{secrets.token_urlsafe(24)}"
    try:
        authorization = provider.authorize(state, redirect_uri)
    except NetworkError as error:
        raise Refusal(Why.UNAVAILABLE, "provider-not-configured", error.message) from None
    context = f"consent:{hash_secret(state)}"
    data_key = vault.new_data_key(context)
    verifier = authorization.code_verifier
    session.add(
        ConsentRequest(
            account_id=actor.account_id,
            state_hash=hash_secret(state),
            provider=provider.key,
            connection_id=connection_id,
            member_name=actor.name,
            member_id=actor.id,
            user_id=actor.user_id,
            data_key=data_key,
            code_verifier=vault.seal(data_key, context, verifier.encode(), context) if verifier else None,
            expires_at=now + CONSENT_LASTS,
        )
    )
    return authorization.url


def account_of_state(state: str) -> UUID | None:
    """The account that an OAuth state belongs to; None when it is not one of ours."""
    try:
        return UUID(hex=state.partition(".")[0])
    except ValueError:
        return None


async def take_consent(
    session: AsyncSession, vault: Vault, provider: ProviderKey, state: str, now: datetime
) -> Consent:
    """The request that this state belongs to. Raises Refusal when unknown, used or older than half an hour."""
    query = (
        delete(ConsentRequest)
        .where(ConsentRequest.state_hash == hash_secret(state), ConsentRequest.provider == provider)
        .returning(ConsentRequest)
    )
    found = await session.scalar(query)
    if found is None or found.expires_at < now:
        raise invalid("consent-unknown", "This consent was already used or has expired. Start connecting again.")
    context = f"consent:{found.state_hash}"
    sealed = found.code_verifier
    verifier = vault.open(found.data_key, context, sealed, context).decode() if sealed else None
    return Consent(provider, found.connection_id, found.user_id, verifier)


async def complete_consent(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    provider: Provider,
    grant: Grant,
    remote_profiles: Sequence[RemoteProfile],
    expected_id: UUID | None,
    now: datetime,
) -> Connection:
    """Store a new grant, or renew the connection of the same person; what waited for it goes on."""
    actor.require(Role.ADMINISTRATOR, "connect networks")
    query = select(Connection).where(Connection.provider == provider.key, Connection.subject_id == grant.subject_id)
    connection = await session.scalar(query.with_for_update())
    if expected_id is not None and (connection is None or connection.id != expected_id):
        text = "This is another person's login than the connection's. Log in as the one who connected it before."
        raise invalid("connection-other-person", text)
    is_new = connection is None
    if connection is None:
        connection = Connection(
            id=new_id(), account_id=actor.account_id, provider=provider.key, subject_id=grant.subject_id
        )
        connection.data_key = vault.new_data_key(key_context(connection))
        session.add(connection)
    connection.subject_name = grant.subject_name or grant.subject_id
    connection.status, connection.status_reason = ConnectionStatus.ACTIVE, None
    connection.connected_at = now
    store_grant(vault, connection, grant, provider)
    await session.flush()
    revived = await _revive_profiles(session, vault, connection, remote_profiles)
    if revived:
        await release(session, actor.account_id, RECONNECT, now, revived)
    done = "Connected" if is_new else "Reconnected"
    verb = "connection.created" if is_new else "connection.renewed"
    record(session, actor, verb, ("connection", connection.id), f"{done} {provider.name} as {connection.subject_name}.")
    return connection


async def list_connections(
    session: AsyncSession, providers: Providers, *, cursor: str | None, limit: int
) -> Page[ConnectionOut]:
    query = select(Connection).where(Connection.status != ConnectionStatus.REVOKED)
    page = await page_by_id(session, query, Connection.id, cursor=cursor, limit=limit)
    counted = (
        select(Profile.connection_id, func.count())
        .where(Profile.status != ProfileStatus.UNBOUND)
        .group_by(Profile.connection_id)
    )
    counts = dict(iter(await session.execute(counted)))
    return page.map(lambda each: _show(each, providers[ProviderKey(each.provider)], counts.get(each.id, 0)))


async def get_connection(session: AsyncSession, connection_id: UUID) -> Connection:
    connection = await session.get(Connection, connection_id)
    if connection is None or connection.status == ConnectionStatus.REVOKED:
        raise not_found("connection")
    return connection


async def mark_dead(session: AsyncSession, actor: Actor, connection: Connection, reason: str) -> None:
    """The network proved that the grant is dead: stop what needs it until an administrator reconnects."""
    if connection.status != ConnectionStatus.ACTIVE:
        return
    connection.status, connection.status_reason = (ConnectionStatus.NEEDS_RECONNECT, reason)
    connection.refresh_at = None
    await _stop(session, actor, connection, await _bound_profiles(session, connection), reason)


async def mark_ended(
    session: AsyncSession, actor: Actor, connection: Connection, network: NetworkKey, reason: str
) -> None:
    """The grant lives on, but no longer for this network: stop only what it gives there."""
    active = [each for each in await _bound_profiles(session, connection) if each.status == ProfileStatus.ACTIVE]
    if ended := [each for each in active if each.network == network]:
        await _stop(session, actor, connection, ended, reason)


async def _stop(
    session: AsyncSession, actor: Actor, connection: Connection, profiles: Sequence[Profile], reason: str
) -> None:
    """Block these profiles of a connection and call the administrators."""
    for profile in profiles:
        profile.status = ProfileStatus.NEEDS_RECONNECT
    await block(session, connection.account_id, RECONNECT, [profile.id for profile in profiles])
    record(session, actor, "connection.died", ("connection", connection.id), f"It must be reconnected: {reason}")
    subject = f"{connection.subject_name} must be reconnected"
    held = f" Until then {len(profiles)} profiles publish nothing." if profiles else ""
    await notify_administrators(session, connection.account_id, Kind.RECONNECT, subject, reason + held, "/connections")


async def disconnect(session: AsyncSession, actor: Actor, connection: Connection) -> None:
    """End the connection here; its tokens are forgotten. The network is told by the caller, best effort."""
    actor.require(Role.ADMINISTRATOR, "disconnect networks")
    await _end(session, actor, connection)
    record(
        session, actor, "connection.ended", ("connection", connection.id), f"Disconnected {connection.subject_name}."
    )


async def forget(session: AsyncSession, actor: Actor, connection: Connection, reason: str) -> None:
    """End the connection and forget whose it was."""
    await _end(session, actor, connection)
    connection.subject_name, connection.subject_id = "Deleted", f"deleted:{connection.id}"
    record(session, actor, "connection.forgotten", ("connection", connection.id), reason)


async def _end(session: AsyncSession, actor: Actor, connection: Connection) -> None:
    profiles = await _bound_profiles(session, connection)
    for profile in profiles:
        profile.status, profile.secrets = ProfileStatus.UNBOUND, None
    await block(session, actor.account_id, UNBOUND, [profile.id for profile in profiles])
    connection.status, connection.status_reason = ConnectionStatus.REVOKED, None
    connection.refresh_at = None
    connection.secrets, connection.data_key = b"", b""


def require_granted(error: NetworkError) -> Refusal:
    """A network's failure as the answer to a person who waits for it."""
    why = Why.CONFLICT if error.kind is ErrorKind.RECONNECT_NEEDED else Why.UPSTREAM
    return Refusal(why, f"network-{error.kind.value.replace('_', '-')}", error.message)


async def _revive_profiles(
    session: AsyncSession, vault: Vault, connection: Connection, remote_profiles: Sequence[RemoteProfile]
) -> list[UUID]:
    """Give the bound profiles of this connection their new tokens."""
    by_key = {(str(each.network), each.remote_id): each for each in remote_profiles}
    revived = []
    for profile in await _bound_profiles(session, connection):
        remote = by_key.get((profile.network, profile.remote_id))
        if remote is not None:
            adopt(vault, connection, profile, remote)
            revived.append(profile.id)
    return revived


async def _bound_profiles(session: AsyncSession, connection: Connection) -> list[Profile]:
    query = select(Profile).where(Profile.connection_id == connection.id, Profile.status != ProfileStatus.UNBOUND)
    return list(await session.scalars(query))


def _show(connection: Connection, provider: Provider, profile_count: int) -> ConnectionOut:
    return ConnectionOut(
        id=connection.id,
        provider=provider.key,
        provider_name=provider.name,
        subject_name=connection.subject_name,
        status=ConnectionStatus(connection.status),
        status_reason=connection.status_reason,
        scopes_missing=sorted(provider.scopes - set(connection.scopes)),
        expires_at=connection.expires_at,
        connected_at=connection.connected_at,
        profile_count=profile_count,
    )
