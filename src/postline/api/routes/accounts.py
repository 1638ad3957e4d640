"""An account's settings, members, tokens and audit trail."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from postline.accounts import service
from postline.accounts.schemas import AccountChange, AccountOut, MemberOut, NewTokenOut, TokenIn, TokenOut
from postline.api.deps import AnyUnit, PageDep
from postline.api.routes.lists import ListOut, listed
from postline.core.words import Role
from postline.events.service import list_events

router = APIRouter(prefix="/accounts/{account_id}", tags=["account"])


class EventOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    actor: str
    verb: str
    subject_type: str
    subject_id: UUID
    message: str


@router.get("")
async def read_account(unit: AnyUnit) -> AccountOut:
    return AccountOut.model_validate(unit.account)


@router.patch("")
async def change_account(body: AccountChange, unit: AnyUnit) -> AccountOut:
    """Change settings; `is_enabled` switches the module. Administrators only."""
    account = await service.change_account(unit.session, unit.actor, body, unit.services.clock())
    return AccountOut.model_validate(account)


@router.get("/members")
async def list_members(unit: AnyUnit) -> ListOut[MemberOut]:
    members = await service.list_members(unit.session, unit.account.id)
    return ListOut(
        items=[
            MemberOut(id=member.id, user_id=user.id, name=user.name, email=user.email, role=Role(member.role))
            for member, user in members
        ]
    )


@router.get("/tokens")
async def list_tokens(unit: AnyUnit, page: PageDep) -> ListOut[TokenOut]:
    unit.actor.require(Role.ADMINISTRATOR, "see tokens")
    tokens = await service.list_tokens(unit.session, cursor=page.cursor, limit=page.limit)
    return listed(tokens.map(TokenOut.model_validate))


@router.post("/tokens", status_code=201)
async def create_token(body: TokenIn, unit: AnyUnit) -> NewTokenOut:
    """The token itself is in this answer only. It is stored nowhere, so this takes no Idempotency-Key."""
    token, secret = await service.create_token(unit.session, unit.actor, body.name, body.role)
    return NewTokenOut(**TokenOut.model_validate(token).model_dump(), token=secret)


@router.delete("/tokens/{token_id}", status_code=204)
async def delete_token(token_id: UUID, unit: AnyUnit) -> None:
    await service.delete_token(unit.session, unit.actor, token_id)


@router.get("/events")
async def read_events(unit: AnyUnit, page: PageDep) -> ListOut[EventOut]:
    """The audit trail, newest first."""
    events = await list_events(unit.session, cursor=page.cursor, limit=page.limit)
    return listed(events.map(EventOut.model_validate))
