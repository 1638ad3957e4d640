"""What a request brings along: who asks, in which account, and the one transaction it runs in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Cookie, Depends, Header, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.accounts.models import Account, User
from postline.accounts.service import account_of_token, find_actor, find_signed_in, find_token_actor, get_account
from postline.refusals import Refusal, Why, not_found
from postline.services import Services

COOKIE: Final = "postline_session"
UI_HEADER: Final = "X-Postline-Request"
MODULE_OFF: Final = (
    "Social publishing is switched off for this account. An administrator can switch it on in the settings."
)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]
SessionCookie = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]


async def signed_in_user(request: Request, services: ServicesDep, cookie: SessionCookie = None) -> User:
    """The person behind the cookie. Raises Refusal.

    A changing request must carry a header that only our own pages can send along with the cookie.
    """
    if cookie is None:
        raise _unauthenticated()
    if request.method not in SAFE_METHODS and UI_HEADER not in request.headers:
        text = f"A changing request with a session cookie must carry the header {UI_HEADER}."
        raise Refusal(Why.FORBIDDEN, "header-missing", text)
    async with services.database.as_user() as session:
        user = await find_signed_in(session, cookie, services.clock())
    if user is None:
        raise _unauthenticated()
    return user


SignedIn = Annotated[User, Depends(signed_in_user)]


async def get_actor(
    account_id: UUID,
    request: Request,
    services: ServicesDep,
    cookie: SessionCookie = None,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Actor:
    """Who acts in the account of the path. An account one is not a member of looks like one that is not there."""
    if authorization is not None:
        secret = authorization.removeprefix("Bearer ").strip()
        own_account = account_of_token(secret)
        if own_account is None:
            raise _unauthenticated()
        async with services.database.as_account(own_account) as session:
            actor = await find_token_actor(session, secret, services.clock())
        if actor is None:
            raise _unauthenticated()
    else:
        user = await signed_in_user(request, services, cookie)
        async with services.database.as_account(account_id, user.id) as session:
            actor = await find_actor(session, account_id, user)
    if actor is None or actor.account_id != account_id:
        raise not_found("account")
    return actor


ActorDep = Annotated[Actor, Depends(get_actor)]


@dataclass(frozen=True, slots=True)
class Unit:
    """One request in one account: a transaction that commits when the handler returns and rolls back when it raises."""

    session: AsyncSession
    actor: Actor
    account: Account
    services: Services


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, for handlers that wait for a network or an upload and hold no transaction meanwhile."""

    actor: Actor
    services: Services

    @asynccontextmanager
    async def unit(self, *, while_off: bool = False) -> AsyncIterator[Unit]:
        """One transaction. Raises Refusal when the module is off, unless that is allowed."""
        async with self.services.database.as_account(self.actor.account_id, self.actor.user_id) as session:
            account = await get_account(session, self.actor.account_id)
            if not (account.is_enabled or while_off):
                raise Refusal(Why.FORBIDDEN, "module-off", MODULE_OFF)
            yield Unit(session, self.actor, account, self.services)


async def get_caller(actor: ActorDep, services: ServicesDep) -> Caller:
    return Caller(actor, services)


CallerDep = Annotated[Caller, Depends(get_caller)]


async def get_unit(caller: CallerDep) -> AsyncIterator[Unit]:
    async with caller.unit() as unit:
        yield unit


async def get_unit_while_off(caller: CallerDep) -> AsyncIterator[Unit]:
    async with caller.unit(while_off=True) as unit:
        yield unit


# Function scope: the transaction has committed before the answer leaves.
UnitDep = Annotated[Unit, Depends(get_unit, scope="function")]
AnyUnit = Annotated[Unit, Depends(get_unit_while_off, scope="function")]


@dataclass(frozen=True, slots=True)
class PageRequest:
    cursor: str | None
    limit: int


def get_page(
    cursor: Annotated[str | None, Query(description="From `next_cursor` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> PageRequest:
    return PageRequest(cursor, limit)


PageDep = Annotated[PageRequest, Depends(get_page)]


def get_expected_version(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version that the writer saw, from If-Match. Raises Refusal when it is missing or not ours."""
    if if_match is None:
        text = "Send If-Match with the ETag of the post you changed, so that nobody's change is lost."
        raise Refusal(Why.PRECONDITION_MISSING, "version-missing", text)
    try:
        return int(if_match.removeprefix("W/").strip('"'))
    except ValueError:
        raise Refusal(Why.STALE, "post-changed", "This ETag is not one of ours. Load the post again.") from None


ExpectedVersion = Annotated[int, Depends(get_expected_version)]


def _unauthenticated() -> Refusal:
    return Refusal(Why.UNAUTHENTICATED, "not-signed-in", "Sign in, or send a valid API token, and try again.")
