"""What the signed-in person must be told."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from postline.api.deps import AnyUnit, PageDep
from postline.api.routes.lists import ListOut, listed
from postline.notices import service
from postline.notices.service import Kind
from postline.refusals import not_found

router = APIRouter(prefix="/accounts/{account_id}/notices", tags=["account"])


class NoticeOut(BaseModel):
    """`path`: the page where something can be done about it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Kind
    subject: str
    message: str
    path: str
    created_at: datetime


@router.get("")
async def list_notices(unit: AnyUnit, page: PageDep) -> ListOut[NoticeOut]:
    """What the caller has not marked as read. A program with a token has no notices."""
    if unit.actor.user_id is None:
        return ListOut(items=[])
    found = await service.list_notices(unit.session, unit.actor.user_id, cursor=page.cursor, limit=page.limit)
    return listed(found.map(NoticeOut.model_validate))


@router.post("/{notice_id}/read", status_code=204)
async def mark_read(notice_id: UUID, unit: AnyUnit) -> None:
    if unit.actor.user_id is None:
        raise not_found("notice")
    await service.mark_read(unit.session, unit.actor.user_id, notice_id, unit.services.clock())
