"""Reports as the API shows them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from postline.core.words import Format, Metric, NetworkKey

Counted = dict[Metric, int | None]


class Lateness(BaseModel):
    """From the due time to the moment a post was live, in milliseconds."""

    count: int
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None


class Totals(BaseModel):
    posts: int
    deliveries: int
    published: int
    failed: int
    unconfirmed: int
    metrics: Counted


class NetworkTotals(BaseModel):
    network: NetworkKey
    deliveries: int
    metrics: Counted


class DayTotals(BaseModel):
    on: date
    published: int
    views: int
    likes: int


class ReportRow(BaseModel):
    post_id: UUID
    delivery_id: UUID
    caption: str
    format: Format
    network: NetworkKey
    profile_name: str
    published_at: datetime
    permalink: str | None
    thumbnail_url: str | None
    metrics: Counted
    metrics_at: datetime | None
    lateness_ms: int | None


class PostsReport(BaseModel):
    time_zone: str
    totals: Totals
    lateness: Lateness
    by_network: list[NetworkTotals]
    by_day: list[DayTotals]
    rows: list[ReportRow]
