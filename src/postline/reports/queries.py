"""Adding up what was published in a span of days."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from postline.accounts.models import Account
from postline.calendar.queries import day_bounds
from postline.core.schedule import to_local
from postline.core.states import DeliveryState
from postline.core.words import Format, Metric, NetworkKey
from postline.media.schemas import asset_path
from postline.metrics.queries import Numbers, latest_numbers
from postline.posts.models import Delivery, Post
from postline.posts.present import lateness_ms
from postline.posts.queries import whole_posts
from postline.reports.schemas import Counted, DayTotals, Lateness, NetworkTotals, PostsReport, ReportRow, Totals


async def report_posts(session: AsyncSession, account: Account, first: date, end: date) -> PostsReport:
    """Deliveries that went live in the span, by the account's days; failures count by their due time."""
    since, until = day_bounds(account.time_zone, first, end)
    when = func.coalesce(Delivery.live_at, Delivery.due_at)
    settled = (DeliveryState.PUBLISHED, DeliveryState.FAILED, DeliveryState.UNCONFIRMED)
    query = (
        select(Delivery)
        .options(joinedload(Delivery.profile))
        .where(or_(*(Delivery.state == state for state in settled)), when >= since, when < until)
        .order_by(when.desc())
    )
    deliveries = list(await session.scalars(query))
    live = [delivery for delivery in deliveries if delivery.state == DeliveryState.PUBLISHED]
    numbers = await latest_numbers(session, [delivery.id for delivery in live])
    post_ids = {delivery.post_id for delivery in live}
    posts = {post.id: post for post in await session.scalars(whole_posts().where(Post.id.in_(post_ids)))}
    rows = [_row(d, posts[d.post_id], numbers.get(d.id), d.live_at) for d in live if d.live_at is not None]
    return PostsReport(
        time_zone=account.time_zone,
        totals=Totals(
            posts=len({delivery.post_id for delivery in deliveries}),
            deliveries=len(deliveries),
            published=len(live),
            failed=sum(delivery.state == DeliveryState.FAILED for delivery in deliveries),
            unconfirmed=sum(delivery.state == DeliveryState.UNCONFIRMED for delivery in deliveries),
            metrics=add_up(row.metrics for row in rows),
        ),
        lateness=lateness([row.lateness_ms for row in rows if row.lateness_ms is not None]),
        by_network=_by_network(rows),
        by_day=_by_day(rows, account.time_zone),
        rows=rows,
    )


def add_up(many: Iterable[Counted]) -> Counted:
    """Sums by metric; a metric that no network reported stays None."""
    totals: Counted = {}
    for counted in many:
        for metric, value in counted.items():
            known = totals.get(metric)
            totals[metric] = known if value is None else (known or 0) + value
    return totals


def lateness(values_ms: Sequence[int]) -> Lateness:
    if not values_ms:
        return Lateness(count=0, p50_ms=None, p95_ms=None, p99_ms=None)
    cuts = statistics.quantiles(values_ms, n=100, method="inclusive") if len(values_ms) > 1 else list(values_ms) * 99
    p50, p95, p99 = (round(cuts[at - 1]) for at in (50, 95, 99))
    return Lateness(count=len(values_ms), p50_ms=p50, p95_ms=p95, p99_ms=p99)


def _row(delivery: Delivery, post: Post, numbers: Numbers | None, live_at: datetime) -> ReportRow:
    return ReportRow(
        post_id=post.id,
        delivery_id=delivery.id,
        caption=post.caption,
        format=Format(post.format),
        network=NetworkKey(delivery.network),
        profile_name=delivery.profile.name,
        published_at=live_at,
        permalink=delivery.permalink,
        thumbnail_url=f"{asset_path(post.media[0].asset)}/thumbnail" if post.media else None,
        metrics=numbers.values if numbers else {},
        metrics_at=numbers.observed_at if numbers else None,
        lateness_ms=lateness_ms(delivery),
    )


def _by_network(rows: Sequence[ReportRow]) -> list[NetworkTotals]:
    grouped: dict[NetworkKey, list[ReportRow]] = defaultdict(list)
    for row in rows:
        grouped[row.network].append(row)
    return [
        NetworkTotals(network=network, deliveries=len(group), metrics=add_up(row.metrics for row in group))
        for network, group in sorted(grouped.items())
    ]


def _by_day(rows: Sequence[ReportRow], zone: str) -> list[DayTotals]:
    grouped: dict[date, list[ReportRow]] = defaultdict(list)
    for row in rows:
        grouped[to_local(row.published_at, zone).date()].append(row)
    return [
        DayTotals(
            on=day,
            published=len(group),
            views=sum(row.metrics.get(Metric.VIEWS) or 0 for row in group),
            likes=sum(row.metrics.get(Metric.LIKES) or 0 for row in group),
        )
        for day, group in sorted(grouped.items())
    ]
