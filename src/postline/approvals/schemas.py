"""Approvals as the API shows them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from postline.core.states import ApprovalState


class NoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str | None = Field(None, max_length=2000)


class RejectionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=1, max_length=2000)


class ApprovalOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    state: ApprovalState
    content_hashes: dict[str, str]
    requested_by: str
    requested_at: datetime
    request_note: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None
