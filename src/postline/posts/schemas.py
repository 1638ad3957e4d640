"""Posts as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from postline.approvals.schemas import ApprovalOut
from postline.core.preflight import Severity
from postline.core.states import DeliveryState, PostState
from postline.core.words import Format, Metric
from postline.media.schemas import AssetOut
from postline.posts.models import Origin
from postline.profiles.schemas import ProfileOut

CAPTION_MAX = 100_000


def _naive(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError("give the wall-clock time without an offset, and the zone in time_zone")
    return value


LocalTime = Annotated[datetime, AfterValidator(_naive), Field(examples=["2026-11-25T09:00:00"])]


class MediaIn(BaseModel):
    """`cover_asset_id`: an image that stands for this video until it plays."""

    model_config = ConfigDict(extra="forbid")

    asset_id: UUID
    cover_asset_id: UUID | None = None
    alt_text: str = Field("", max_length=2000)


class VariantIn(BaseModel):
    """`caption` null: the post's own. `options` are the network's own choices, see `/networks`."""

    model_config = ConfigDict(extra="forbid")

    profile_id: UUID
    caption: str | None = Field(None, max_length=CAPTION_MAX)
    options: dict[str, Any] = Field(default_factory=dict)


class PostIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Format = Format.FEED
    caption: str = Field("", max_length=CAPTION_MAX)
    media: list[MediaIn] = Field(default_factory=list, max_length=50)
    profile_ids: list[UUID] = Field(default_factory=list, max_length=200)
    variants: list[VariantIn] = Field(default_factory=list, max_length=200)
    local_time: LocalTime | None = None
    time_zone: str | None = None


class PostChange(BaseModel):
    """Any subset of a post's fields; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    format: Format | None = None
    caption: str | None = Field(None, max_length=CAPTION_MAX)
    media: list[MediaIn] | None = Field(None, max_length=50)
    profile_ids: list[UUID] | None = Field(None, max_length=200)
    variants: list[VariantIn] | None = Field(None, max_length=200)
    local_time: LocalTime | None = None
    time_zone: str | None = None


class CreativeIn(PostIn):
    """What an AI studio or another program sends in: it waits for approval."""

    source: str = Field(min_length=1, max_length=200)
    note: str | None = Field(None, max_length=2000)


class ScheduleIn(BaseModel):
    """Without a time the post's own is used. `now`: publish at once."""

    model_config = ConfigDict(extra="forbid")

    local_time: LocalTime | None = None
    time_zone: str | None = None
    now: bool = False


class ResolutionIn(BaseModel):
    """What a person saw on the network. `permalink`: where the post is, if it is live. `then`: what is done if not."""

    model_config = ConfigDict(extra="forbid")

    is_live: bool
    permalink: str | None = Field(None, max_length=2000, pattern=r"^https?://\S+$")
    then: Literal["send", "cancel"] = "send"


class ProblemOut(BaseModel):
    code: str
    field: str
    message: str
    severity: Severity
    profile_id: UUID | None


class PreflightOut(BaseModel):
    problems: list[ProblemOut]


class MediaOut(BaseModel):
    asset: AssetOut
    cover: AssetOut | None
    alt_text: str


class VariantOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    profile_id: UUID
    caption: str | None
    options: dict[str, Any]


class TimelineEntry(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    at: datetime
    kind: str
    step: str | None
    message: str


class DeliveryOut(BaseModel):
    """`lateness_ms`: from the due time to the moment the post was live. `next_act_at`: when Postline acts again."""

    id: UUID
    post_id: UUID
    profile: ProfileOut
    state: DeliveryState
    due_at: datetime | None
    next_act_at: datetime | None
    reason: str | None
    error_code: str | None
    permalink: str | None
    remote_id: str | None
    first_call_at: datetime | None
    live_at: datetime | None
    lateness_ms: int | None
    attempts: int
    metrics: dict[Metric, int | None] | None
    metrics_at: datetime | None


class DeliveryDetail(DeliveryOut):
    timeline: list[TimelineEntry]
    content_hash: str | None


class PostOut(BaseModel):
    id: UUID
    format: Format
    caption: str
    media: list[MediaOut]
    variants: list[VariantOut]
    deliveries: list[DeliveryOut]
    local_time: datetime | None
    time_zone: str
    due_at: datetime | None
    state: PostState
    needs_approval: bool
    approval: ApprovalOut | None
    origin: Origin
    origin_note: str | None
    author: str
    version: int
    created_at: datetime
    updated_at: datetime
