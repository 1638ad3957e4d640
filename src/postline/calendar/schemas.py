"""The calendar as the API shows it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from postline.core.states import PostState
from postline.core.words import Format, NetworkKey


class CalendarProfile(BaseModel):
    id: UUID
    network: NetworkKey
    name: str


class CalendarEntry(BaseModel):
    """`local_time` is wall-clock time in the calendar's zone; `caption` is cut to a line."""

    post_id: UUID
    local_time: datetime
    due_at: datetime
    format: Format
    caption: str
    state: PostState
    needs_approval: bool
    thumbnail_url: str | None
    profiles: list[CalendarProfile]
    version: int


class CalendarOut(BaseModel):
    time_zone: str
    entries: list[CalendarEntry]
