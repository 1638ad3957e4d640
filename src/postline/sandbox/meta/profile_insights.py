"""Insights of Pages and Instagram accounts: what their live posts show, day by day or over a range.

Source: https://developers.facebook.com/docs/graph-api/reference/page/insights and
https://developers.facebook.com/docs/instagram-platform/api-reference/instagram-user/insights, read 2026-11-24.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.meta.errors import refuse
from postline.sandbox.meta.fields import graph_time
from postline.sandbox.meta.insights import (
    BREAKDOWN,
    METRIC,
    ON_INSTAGRAM,
    ON_PAGE,
    PERIOD,
    RANGE_SECONDS,
    WINDOW,
    Row,
    metric_names,
    reading,
    row,
    split_views,
    value_at,
)
from postline.sandbox.meta.metrics import INSTAGRAM_SERIES, INSTAGRAM_TOTALS, PAGE, PAGE_BY_DAY, Shares
from postline.sandbox.params import Param
from postline.sandbox.settings import DAY, HOUR

DAY_ENDS: Final = 8 * HOUR
"""A day of insights ends at midnight in California, 08:00 UTC in winter."""

DAYS: Final[Mapping[str, int]] = {"day": 1, "week": 7, "days_28": 28}
LIKES_MIN: Final = 100
FOLLOWERS_MIN: Final = 100


async def page(call: Call) -> Answer:
    """Pages with fewer than 100 likes have no insights."""
    params, found = call.params, call.world.pages[call.node]
    names = metric_names(params["metric"], PAGE, "metric")
    period = params["period"] or "day"
    if period not in DAYS:
        raise refuse(100, f"(#100) period must be one of the following values: {', '.join(DAYS)}")
    if period != "day" and (daily := set(names) & set(PAGE_BY_DAY)):
        raise refuse(100, f"(#100) The metric {min(daily)} has the period day only")
    days = list(_days(call))
    if found.followers < LIKES_MIN:
        return Answer(body={"data": []})
    rows = [_series(call, name, PAGE, period, days) for name in names]
    if params["breakdown"]:
        rows = [split_views(each, ",".join(params["breakdown"])) for each in rows]
    return Answer(body={"data": rows})


async def instagram_account(call: Call) -> Answer:
    """A series, or totals; the two kinds of metrics are not asked for together."""
    params = call.params
    is_total = params["metric_type"] == "total_value"
    names = metric_names(params["metric"], INSTAGRAM_TOTALS if is_total else INSTAGRAM_SERIES, "metric")
    if params["period"] != ["day"]:
        raise refuse(100, "(#100) period must be day for these metrics")
    days = list(_days(call))
    if not is_total:
        enough = call.world.instagram[call.node].followers >= FOLLOWERS_MIN
        kept = [name for name in names if enough or name != "follower_count"]
        return Answer(body={"data": [_series(call, name, INSTAGRAM_SERIES, "day", days) for name in kept]})
    since, until = days[0] - DAY, days[-1]
    rows = [
        row(name, call.node, "day", total_value={"value": _gained(call, INSTAGRAM_TOTALS[name], since, until)})
        for name in names
    ]
    return Answer(body={"data": rows})


def _days(call: Call) -> Iterator[float]:
    """The ends of the days asked for, by default of the one that is going on. Raises Refusal (100) for over 90."""
    now, params = call.world.now(), call.params
    until = params["until"] or now
    since = params["since"] or until - DAY
    if not 0 <= until - since <= RANGE_SECONDS:
        raise refuse(100, "(#100) There cannot be more than 90 days between since and until")
    end = (since - DAY_ENDS) // DAY * DAY + DAY_ENDS + DAY
    yield end
    while (end := end + DAY) - DAY < until:
        yield end


def _series(call: Call, name: str, table: Shares, period: str, days: list[float]) -> Row:
    """One value a day, each of the period that ends with it."""
    length = DAYS[period] * DAY
    values = [{"value": _gained(call, table[name], end - length, end), "end_time": graph_time(end)} for end in days]
    return row(name, call.node, period, values=values)


def _gained(call: Call, share: str, since: float, until: float) -> Any:
    """What the live posts of a profile gained between two moments."""
    world = call.world
    if share == "followers":
        return world.pages[call.node].followers
    lag, until = world.settings.metrics_lag_seconds, min(until, world.now())
    total: Any = {} if share == "reactions" else 0
    for post in world.posts_of(call.node):
        if not world.is_live(post):
            continue
        before, after = (value_at(call, post, share, at - lag - post.live_at) for at in (since, until))
        if isinstance(after, dict):
            for kind, count in after.items():
                total[kind] = total.get(kind, 0) + count - before.get(kind, 0)
        else:
            total += after - before
    return total


ENDPOINTS = (
    reading("facebook.insights", "/{page}/insights", page, (METRIC, BREAKDOWN, PERIOD, *WINDOW), ON_PAGE),
    reading(
        "instagram.insights",
        "/{instagram}/insights",
        instagram_account,
        (
            METRIC,
            Param("period", "ids", required=True),
            Param("metric_type", choices=("default", "time_series", "total_value"), default="time_series"),
            *WINDOW,
        ),
        ON_INSTAGRAM,
    ),
)
