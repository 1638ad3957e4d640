"""Signing in and out."""

from fastapi import APIRouter, Response

from postline.accounts import service
from postline.accounts.schemas import AccountOut, Credentials, MembershipOut, SessionOut, UserOut
from postline.api.deps import COOKIE, ServicesDep, SessionCookie, SignedIn
from postline.core.words import Role
from postline.services import Services

router = APIRouter(prefix="/session", tags=["session"])


@router.post("")
async def sign_in(body: Credentials, response: Response, services: ServicesDep) -> SessionOut:
    """Sign in; sets the session's cookie."""
    async with services.database.as_user() as session:
        user, secret = await service.sign_in(session, body.email, body.password, services.clock())
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(service.SIGN_IN_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=services.settings.public_url.startswith("https:"),
    )
    return await _show(services, UserOut.model_validate(user))


@router.get("")
async def read_session(user: SignedIn, services: ServicesDep) -> SessionOut:
    """Who is signed in, and in which accounts with which role."""
    return await _show(services, UserOut.model_validate(user))


@router.delete("", status_code=204)
async def sign_out(response: Response, services: ServicesDep, _: SignedIn, cookie: SessionCookie = None) -> None:
    async with services.database.as_user() as session:
        await service.sign_out(session, cookie or "")
    response.delete_cookie(COOKIE)


async def _show(services: Services, user: UserOut) -> SessionOut:
    async with services.database.as_user(user.id) as session:
        memberships = await service.list_memberships(session, user.id)
    return SessionOut(
        user=user,
        memberships=[
            MembershipOut(
                account=AccountOut.model_validate(each.account), member_id=each.member.id, role=Role(each.member.role)
            )
            for each in memberships
        ],
    )
