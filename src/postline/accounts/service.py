"""Accounts, members and their sign-in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.accounts.models import Account, ApiToken, Member, SignIn, User
from postline.accounts.schemas import AccountChange
from postline.accounts.zones import checked_zone
from postline.core.ids import new_id
from postline.core.words import Role
from postline.db.paging import Page, page_by_id
from postline.events.service import record
from postline.posts.gates import MODULE_OFF, block, release
from postline.refusals import Refusal, Why, conflict, not_found

SIGN_IN_LASTS: Final = timedelta(days=14)
TOKEN_PREFIX: Final = "pl_"  # noqa: S105 - marks our tokens, is none
LAST_USED_STEP: Final = timedelta(minutes=1)

_hasher = PasswordHasher()
_hash_of_nothing = _hasher.hash(secrets.token_urlsafe(16))


def hash_secret(secret: str) -> str:
    """For secrets of high entropy that we made ourselves; passwords go through Argon2."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_account(session: AsyncSession, account_id: UUID, name: str, time_zone: str) -> Account:
    """Raises Refusal for an unknown zone. The session must be scoped to `account_id`."""
    account = Account(id=account_id, name=name, time_zone=checked_zone(time_zone))
    session.add(account)
    return account


async def add_member(
    session: AsyncSession, account_id: UUID, email: str, name: str, password: str, role: Role
) -> Member:
    """Give a person a role, making the user when the address is new (a known user keeps name and password)."""
    user = await session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        user = User(id=new_id(), email=email.strip().lower(), name=name, password_hash=_hasher.hash(password))
        session.add(user)
        await session.flush()
    known = select(Member).where(Member.account_id == account_id, Member.user_id == user.id)
    if await session.scalar(known) is not None:
        raise conflict("already-a-member", f"{user.email} is a member of this account already.")
    member = Member(account_id=account_id, user_id=user.id, role=role)
    session.add(member)
    return member


async def sign_in(session: AsyncSession, email: str, password: str, now: datetime) -> tuple[User, str]:
    """The user and the secret for the cookie. Raises Refusal; takes the same time for unknown addresses."""
    user = await session.scalar(select(User).where(User.email == email.strip().lower()))
    try:
        _hasher.verify(user.password_hash if user else _hash_of_nothing, password)
    except (VerificationError, InvalidHashError):
        user = None
    if user is None:
        raise Refusal(
            Why.UNAUTHENTICATED,
            "wrong-credentials",
            "This e-mail address and password do not belong together. Check both and try again.",
        )
    secret = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=hash_secret(secret), user_id=user.id, expires_at=now + SIGN_IN_LASTS))
    return user, secret


async def sign_out(session: AsyncSession, secret: str) -> None:
    await session.execute(delete(SignIn).where(SignIn.token_hash == hash_secret(secret)))


async def find_signed_in(session: AsyncSession, secret: str, now: datetime) -> User | None:
    query = (
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == hash_secret(secret), SignIn.expires_at > now)
    )
    found: User | None = await session.scalar(query)
    return found


@dataclass(frozen=True, slots=True)
class Membership:
    account: Account
    member: Member


async def list_memberships(session: AsyncSession, user_id: UUID) -> list[Membership]:
    query = (
        select(Account, Member)
        .join(Member, Member.account_id == Account.id)
        .where(Member.user_id == user_id)
        .order_by(Account.name, Account.id)
    )
    return [Membership(account, member) for account, member in await session.execute(query)]


async def find_actor(session: AsyncSession, account_id: UUID, user: User) -> Actor | None:
    query = select(Member).where(Member.account_id == account_id, Member.user_id == user.id)
    member = await session.scalar(query)
    if member is None:
        return None
    return Actor(account_id=account_id, name=user.name, role=Role(member.role), id=member.id, user_id=user.id)


async def get_account(session: AsyncSession, account_id: UUID) -> Account:
    account = await session.get(Account, account_id)
    if account is None:
        raise not_found("account")
    return account


async def change_account(session: AsyncSession, actor: Actor, change: AccountChange, now: datetime) -> Account:
    """Raises Refusal. Switching the module off blocks what is scheduled; switching it on lets it go on."""
    actor.require(Role.ADMINISTRATOR, "change the account's settings")
    account = await get_account(session, actor.account_id)
    given = change.model_dump(exclude_unset=True, exclude_none=True)
    if "time_zone" in given:
        checked_zone(given["time_zone"])
    changed = {name: value for name, value in given.items() if getattr(account, name) != value}
    for name, value in changed.items():
        setattr(account, name, value)
    if changed.get("is_enabled") is True:
        await release(session, account.id, MODULE_OFF, now)
    if changed.get("is_enabled") is False:
        await block(session, account.id, MODULE_OFF)
    if changed:
        told = ", ".join(f"{name.removeprefix('is_').replace('_', ' ')}: {value}" for name, value in changed.items())
        record(session, actor, "account.changed", ("account", account.id), f"Changed {told}.", changed)
    return account


async def list_members(session: AsyncSession, account_id: UUID) -> list[tuple[Member, User]]:
    query = (
        select(Member, User)
        .join(User, User.id == Member.user_id)
        .where(Member.account_id == account_id)
        .order_by(func.lower(User.name), Member.id)
    )
    return [(member, user) for member, user in await session.execute(query)]


async def create_token(session: AsyncSession, actor: Actor, name: str, role: Role) -> tuple[ApiToken, str]:
    """The token's row, and the token itself, which is shown once. It names its account, so it needs no search."""
    actor.require(Role.ADMINISTRATOR, "create tokens")
    secret = f"{TOKEN_PREFIX}{actor.account_id.hex}_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        id=new_id(),
        account_id=actor.account_id,
        name=name,
        role=role,
        token_hash=hash_secret(secret),
        created_by=actor.name,
    )
    session.add(token)
    record(session, actor, "token.created", ("token", token.id), f"Created the API token “{name}” ({role}).")
    await session.flush()
    await session.refresh(token)
    return token, secret


def account_of_token(secret: str) -> UUID | None:
    """The account that a token claims to be for; None when it is no token of ours."""
    head, _, _ = secret.removeprefix(TOKEN_PREFIX).partition("_")
    try:
        return UUID(hex=head) if secret.startswith(TOKEN_PREFIX) else None
    except ValueError:
        return None


async def find_token_actor(session: AsyncSession, secret: str, now: datetime) -> Actor | None:
    token = await session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_secret(secret)))
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at > LAST_USED_STEP:
        token.last_used_at = now
    return Actor(account_id=token.account_id, name=token.name, role=Role(token.role), id=token.id)


async def list_tokens(session: AsyncSession, *, cursor: str | None, limit: int) -> Page[ApiToken]:
    return await page_by_id(session, select(ApiToken), ApiToken.id, cursor=cursor, limit=limit)


async def delete_token(session: AsyncSession, actor: Actor, token_id: UUID) -> None:
    actor.require(Role.ADMINISTRATOR, "revoke tokens")
    token = await session.get(ApiToken, token_id)
    if token is None:
        raise not_found("token")
    await session.delete(token)
    record(session, actor, "token.revoked", ("token", token_id), f"Revoked the API token “{token.name}”.")
