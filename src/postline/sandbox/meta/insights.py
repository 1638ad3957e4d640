"""Insights of posts, videos, stories and Instagram media. One metric that is not known fails the whole call.

Source: https://developers.facebook.com/docs/graph-api/reference/insights and
https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights, read 2026-11-24.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint, Handler
from postline.sandbox.growth import number, watched_ms
from postline.sandbox.meta.access import check_scopes
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.meta.fields import Field
from postline.sandbox.meta.metrics import (
    BREAKDOWNS,
    FACEBOOK_POST,
    FACEBOOK_REEL,
    FACEBOOK_STORY,
    FACEBOOK_VIDEO,
    FACEBOOK_VIDEO_POST,
    INSTAGRAM_MEDIA,
    ON_FACEBOOK_ONLY,
    POST_BREAKDOWNS,
    Shares,
)
from postline.sandbox.meta.nodes import page_of
from postline.sandbox.params import Param
from postline.sandbox.records import Post
from postline.sandbox.settings import DAY

STORY_VIEWERS_MIN: Final = 5
RETENTION_POINTS: Final = 40
NOT_COUNTED_YET: Final = "1970-01-02T00:00:00+0000"
"""Until a story's numbers are added up, Meta gives 0 with this end_time, as publishers found."""

Row = dict[str, Any]


def value_at(call: Call, post: Post, share: str, age: float) -> Any:
    """A number of a post at an age, as a metric shows it: plain, or an object by kinds."""

    def count(name: str) -> int:
        return number(name, post.id, age)

    media = call.world.media.get(post.media[0]) if post.media else None
    seconds = media.seconds if media else 0
    watched = watched_ms(post.id, seconds)
    special: Mapping[str, Callable[[], Any]] = {
        "nothing": lambda: 0,
        "interactions": lambda: sum(map(count, ("likes", "comments", "shares", "saved"))),
        "all plays": lambda: count("views") + count("replays"),
        "length": lambda: int(seconds * 1_000),
        "watched": lambda: watched,
        "watched in total": lambda: watched * count("views"),
        "skipped": lambda: round(100 * count("replays") / max(count("views"), 1), 1),
        "retention": lambda: {str(at): round(1 - 0.7 * at / RETENTION_POINTS, 3) for at in range(RETENTION_POINTS)},
        "reactions": lambda: {"like": count("likes")} if count("likes") else {},
        "reaction types": lambda: {"REACTION_LIKE": count("likes")},
        "clicks by type": lambda: {"other clicks": count("clicks")},
        "activity": lambda: {name.rstrip("s"): count(name) for name in ("shares", "likes", "comments") if count(name)},
        "social actions": lambda: {"COMMENT": count("comments"), "SHARE": count("shares")},
    }
    return special[share]() if share in special else count(share)


def metric_names(metrics: list[str], table: Shares, what: str) -> list[str]:
    """The metrics asked for. Raises Refusal where there are none, or one is not in the table."""
    names = [name for name in metrics if name]
    if not names:
        raise refuse(3001, "(#3001) No metric was specified to be fetched", 1504028)
    for place, name in enumerate(names):
        if name.lower() not in table:
            raise refuse(100, f"(#100) {what}[{place}] must be one of the following values: {', '.join(table)}")
    return names


def row(name: str, object_id: str, period: str = "lifetime", **told: Any) -> Row:
    return {
        "name": name,
        "period": period,
        **told,
        "title": name.replace("_", " ").capitalize(),
        "description": f"The sandbox's {name}",
        "id": f"{object_id}/insights/{name}/{period}",
    }


def _rows(call: Call, post: Post, metrics: list[str], table: Shares, object_id: str) -> list[Row]:
    age = call.world.counted_age(post)
    return [
        row(name, object_id, values=[{"value": value_at(call, post, table[name.lower()], age)}])
        for name in metric_names(metrics, table, "metric")
    ]


def expanded(
    call: Call, scopes: tuple[str, ...], field: Field, read: Callable[[list[str]], dict[str, Any]]
) -> dict[str, Any]:
    """Insights as a field of a node, `insights.metric(a,b){name,values}`. Raises Refusal for all that is asked for."""
    network = "instagram" if scopes == ON_INSTAGRAM else "facebook"
    check_scopes(call, scopes, network, call.world.pages.get(page_of(call.world, call.node)))
    found = read([name.strip() for name in field.arguments.get("metric", "").split(",")])
    wanted = {inner.name for inner in field.inner}
    return {"data": [{name: each[name] for name in each if not wanted or name in wanted} for each in found["data"]]}


# Instagram media


def media_insights(call: Call, post: Post, metrics: list[str], breakdown: str = "") -> dict[str, Any]:
    """Missing numbers are no rows, not zeros; those of a story end with it, and are kept back for few viewers."""
    table = INSTAGRAM_MEDIA[post.product]
    if ON_FACEBOOK_ONLY & {name.lower() for name in metrics}:
        raise refuse(1, "An unknown error has occurred.", is_transient=False)
    names, age = metric_names(metrics, table, "metric"), call.world.counted_age(post)
    if post.product == "STORY" and age > 0 and number("reach", post.id, age) < STORY_VIEWERS_MIN:
        raise refuse(10, "(#10) Not enough viewers for the media to show insights")
    if age <= 0 or (post.product == "STORY" and not call.world.is_live(post)):
        return {"data": []}
    if breakdown:
        return {"data": [_broken_down(call, post, name, breakdown) for name in names]}
    return {"data": _rows(call, post, names, table, post.id)}


def _broken_down(call: Call, post: Post, name: str, breakdown: str) -> Row:
    known, parts = BREAKDOWNS.get(name, ("", {}))
    if breakdown != known:
        raise refuse(100, f"(#100) Incompatible breakdown ({breakdown}) with the metric ({name})")
    whole = value_at(call, post, INSTAGRAM_MEDIA[post.product][name], call.world.counted_age(post))
    counts = [int(whole * share) for share in parts.values()]
    counts[0] += whole - sum(counts)
    results = [{"dimension_values": [part], "value": count} for part, count in zip(parts, counts, strict=True)]
    return row(
        name,
        post.id,
        total_value={"value": whole, "breakdowns": [{"dimension_keys": [breakdown], "results": results}]},
    )


async def instagram_media(call: Call) -> Answer:
    params = call.params
    if set(params["period"]) - {"lifetime"}:
        raise refuse(100, "(#100) period must be lifetime")
    post = call.world.posts[call.node]
    return Answer(body=media_insights(call, post, params["metric"], ",".join(params["breakdown"])))


# Page posts, stories and videos


def post_insights(call: Call, post: Post, metrics: list[str], breakdown: str = "") -> list[Row]:
    """Metrics of videos say nothing of other posts. A story's numbers are 0 until they are added up."""
    if post.format == "story":
        rows = _rows(call, post, metrics, FACEBOOK_STORY, post.id)
        if call.world.counted_age(post) <= 0:
            return [each | {"values": [{"value": 0, "end_time": NOT_COUNTED_YET}]} for each in rows]
        return rows
    rows = _rows(call, post, metrics, {**FACEBOOK_POST, **FACEBOOK_VIDEO_POST}, post.id)
    if breakdown:
        return [split_views(each, breakdown) for each in rows]
    return [each for each in rows if post.format == "video" or each["name"] not in FACEBOOK_VIDEO_POST]


def split_views(whole: Row, breakdown: str) -> Row:
    """A row of views with each value in two: for what is so, and what is not."""
    share = POST_BREAKDOWNS.get(breakdown)
    if share is None or not whole["name"].endswith("_media_view"):
        raise refuse(100, f"(#100) The breakdown {breakdown} is not available for the metric {whole['name']}")
    values = []
    for each in whole["values"]:
        yes = int(each["value"] * share)
        values += [each | {"value": yes, breakdown: "1"}, each | {"value": each["value"] - yes, breakdown: "0"}]
    return whole | {"values": values}


async def facebook_post(call: Call) -> Answer:
    params = call.params
    rows = post_insights(call, call.world.posts[call.node], params["metric"], ",".join(params["breakdown"]))
    return Answer(body={"data": rows})


async def facebook_video(call: Call) -> Answer:
    """A video's metrics; all of its kind if none is named. Those of the other kind give nothing, and no error."""
    video = call.world.videos[call.node]
    post = call.world.posts.get(video.post_id)
    if post is None or not call.world.is_live(post):
        return Answer(body={"data": []})
    table, other = FACEBOOK_REEL, FACEBOOK_VIDEO
    if video.purpose == "feed":
        table, other = other, table
    kept = [name for name in call.params["metric"] or table if name in table or name not in other]
    return Answer(body={"data": _rows(call, post, kept, table, video.id) if kept else []})


METRIC: Final = Param("metric", "ids", default=[])
BREAKDOWN: Final = Param("breakdown", "ids", default=[])
PERIOD: Final = Param("period", choices=("day", "week", "days_28", "lifetime", "month", "total_over_range"))
WINDOW: Final = (Param("since", "time"), Param("until", "time"))
ON_PAGE: Final = ("pages_read_engagement", "read_insights")
ON_INSTAGRAM: Final = ("instagram_basic", "instagram_manage_insights")
RANGE_SECONDS: Final = 90 * DAY


def reading(name: str, path: str, handler: Handler, params: tuple[Param, ...], scopes: tuple[str, ...]) -> Endpoint:
    return Endpoint(
        name=name, method="GET", path=path, handler=handler, envelope=graph_error, params=params, scopes=scopes
    )


ENDPOINTS = (
    reading("facebook.post.insights", "/{post}/insights", facebook_post, (METRIC, BREAKDOWN, PERIOD, *WINDOW), ON_PAGE),
    reading("facebook.video_insights", "/{video}/video_insights", facebook_video, (METRIC, PERIOD, *WINDOW), ON_PAGE),
    reading(
        "instagram.media.insights",
        "/{media}/insights",
        instagram_media,
        (METRIC, BREAKDOWN, Param("period", "ids", default=[])),
        ON_INSTAGRAM,
    ),
)
