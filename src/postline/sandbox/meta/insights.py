"""Insights of Pages, posts, videos, stories and Instagram media. One unknown metric fails the whole call.

Source: https://developers.facebook.com/docs/graph-api/reference/page/insights and
https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights, read 2026-11-24.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.growth import number, watched_ms
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.meta.fields import graph_time
from postline.sandbox.params import Param
from postline.sandbox.records import Post
from postline.sandbox.settings import DAY

Shares = Mapping[str, str]
"""A metric's name and the number (of growth.SHARES, or one of `_special`) that it shows."""

FEED_AND_STORY: Final[Shares] = {"follows": "follows", "profile_visits": "profile_visits"}
EVERY_MEDIA: Final[Shares] = {
    "views": "views",
    "reach": "reach",
    "shares": "shares",
    "total_interactions": "interactions",
    "reposts": "reposts",
    "total_views": "views",
}
LIKED: Final[Shares] = {
    "likes": "likes",
    "comments": "comments",
    "saved": "saved",
    "total_likes": "likes",
    "total_comments": "comments",
}
INSTAGRAM_MEDIA: Final[Mapping[str, Shares]] = {
    "FEED": {**EVERY_MEDIA, **LIKED, **FEED_AND_STORY, "profile_activity": "clicks"},
    "REELS": {
        **EVERY_MEDIA,
        **LIKED,
        "ig_reels_avg_watch_time": "watched",
        "ig_reels_video_view_total_time": "watched in total",
        "reels_skip_rate": "skipped",
    },
    "STORY": {
        **EVERY_MEDIA,
        **FEED_AND_STORY,
        "navigation": "navigation",
        "replies": "replies",
        "link_clicks": "link_clicks",
    },
}
FACEBOOK_POST: Final[Shares] = {
    "post_media_view": "views",
    "post_total_media_view_unique": "reach",
    "post_clicks": "clicks",
    "post_clicks_by_type": "clicks by type",
    "post_reactions_by_type_total": "reactions",
    "post_reactions_like_total": "likes",
    "post_activity_by_action_type": "activity",
    "post_video_views": "views",
    "post_video_avg_time_watched": "watched",
    "post_video_view_time": "watched in total",
}
FACEBOOK_STORY: Final[Shares] = {
    "story_media_view": "views",
    "story_total_media_view_unique": "reach",
    "story_interaction": "interactions",
    "pages_fb_story_replies": "replies",
    "pages_fb_story_shares": "shares",
    "pages_fb_story_thread_lightweight_reactions": "likes",
    "pages_fb_story_sticker_interactions": "link_clicks",
}
FACEBOOK_REEL: Final[Shares] = {
    "blue_reels_play_count": "views",
    "fb_reels_total_plays": "views",
    "fb_reels_replay_count": "replays",
    "post_video_avg_time_watched": "watched",
    "post_video_view_time": "watched in total",
    "post_video_social_actions": "social actions",
    "post_video_likes_by_reaction_type": "reaction types",
    "post_video_followers": "follows",
}
FACEBOOK_VIDEO: Final[Shares] = {
    "total_video_views": "views",
    "total_video_15s_views": "reach",
    "total_video_30s_views": "clicks",
    "total_video_complete_views": "saved",
    "total_video_avg_time_watched": "watched",
    "total_video_view_total_time": "watched in total",
    "total_video_reactions_by_type_total": "reactions",
    "total_video_stories_by_action_type": "activity",
}
PAGE: Final[Shares] = {
    "page_media_view": "views",
    "page_total_media_view_unique": "reach",
    "page_post_engagements": "interactions",
    "page_daily_follows_unique": "follows",
    "page_daily_follows": "follows",
    "page_daily_unfollows_unique": "reposts",
    "page_views_total": "profile_visits",
    "page_total_actions": "clicks",
    "page_video_views": "views",
}
INSTAGRAM_TOTALS: Final[Shares] = {
    "views": "views",
    "reach": "reach",
    "accounts_engaged": "clicks",
    "total_interactions": "interactions",
    "likes": "likes",
    "comments": "comments",
    "saves": "saved",
    "shares": "shares",
    "replies": "replies",
    "reposts": "reposts",
    "profile_links_taps": "link_clicks",
}
INSTAGRAM_SERIES: Final[Shares] = {"reach": "reach", "follower_count": "follows"}


def _value(call: Call, post: Post, share: str) -> Any:
    age = call.world.counted_age(post)

    def count(name: str) -> int:
        return number(name, post.id, age)

    media = call.world.media.get(post.media[0]) if post.media else None
    watched = watched_ms(post.id, media.seconds if media else 0)
    special: Mapping[str, Callable[[], Any]] = {
        "interactions": lambda: sum(map(count, ("likes", "comments", "shares", "saved"))),
        "watched": lambda: watched,
        "watched in total": lambda: watched * count("views"),
        "skipped": lambda: round(100 * count("replays") / max(count("views"), 1), 1),
        "reactions": lambda: {"like": count("likes")} if count("likes") else {},
        "reaction types": lambda: {"REACTION_LIKE": count("likes")},
        "clicks by type": lambda: {"other clicks": count("clicks")},
        "activity": lambda: {name.rstrip("s"): count(name) for name in ("shares", "likes", "comments") if count(name)},
        "social actions": lambda: {"COMMENT": count("comments"), "SHARE": count("shares")},
    }
    return special[share]() if share in special else count(share)


def _rows(call: Call, post: Post, metrics: str, table: Shares, object_id: str) -> list[dict[str, Any]]:
    """The metrics asked for, each as an insights row. Raises Refusal where one is not in the table."""
    if not metrics:
        raise refuse(3001, "(#3001) No metric was specified to be fetched", 1504028)
    names = [name.strip() for name in metrics.split(",")]
    for name in names:
        if name.lower() not in table:
            known = ", ".join(table)
            raise refuse(100, f"(#100) metric must be one of the following values: {known}; {name} is not")
    return [_row(name, _value(call, post, table[name.lower()]), object_id) for name in names]


def _row(name: str, value: Any, object_id: str) -> dict[str, Any]:
    return {
        "name": name,
        "period": "lifetime",
        "values": [{"value": value}],
        "title": name.replace("_", " ").capitalize(),
        "description": f"The sandbox's {name}",
        "id": f"{object_id}/insights/{name}/lifetime",
    }


def media_insights(call: Call, post: Post, metrics: str) -> dict[str, Any]:
    return {"data": _rows(call, post, metrics, INSTAGRAM_MEDIA[post.product], post.id)}


async def instagram_media(call: Call) -> Answer:
    return Answer(body=media_insights(call, call.world.posts[call.node], call.params["metric"]))


async def facebook_post(call: Call) -> Answer:
    post = call.world.posts[call.node]
    table = FACEBOOK_STORY if post.format == "story" else FACEBOOK_POST
    return Answer(body={"data": _rows(call, post, call.params["metric"], table, post.id)})


async def facebook_video(call: Call) -> Answer:
    """A video's metrics; all of its kind if none is named. Those of the other kind give nothing, and no error."""
    video = call.world.videos[call.node]
    post = call.world.posts.get(video.post_id)
    if post is None or not call.world.is_live(post):
        return Answer(body={"data": []})
    table, other = FACEBOOK_REEL, FACEBOOK_VIDEO
    if video.purpose == "feed":
        table, other = other, table
    metrics = call.params["metric"] or ",".join(table)
    kept = [name for name in metrics.split(",") if name.strip() in table or name.strip() not in other]
    return Answer(body={"data": _rows(call, post, ",".join(kept), table, video.id) if kept else []})


async def page(call: Call) -> Answer:
    return Answer(body={"data": _profile_rows(call, PAGE, totals=False)})


async def instagram_account(call: Call) -> Answer:
    totals = call.params["metric_type"] == "total_value"
    return Answer(body={"data": _profile_rows(call, INSTAGRAM_TOTALS if totals else INSTAGRAM_SERIES, totals=totals)})


def _profile_rows(call: Call, table: Shares, *, totals: bool) -> list[dict[str, Any]]:
    """A profile's numbers: one a day, or one for all days. They add up what its live posts show."""
    if not call.params["metric"]:
        raise refuse(3001, "(#3001) No metric was specified to be fetched", 1504028)
    posts = [post for post in call.world.posts_of(call.node) if call.world.is_live(post)]
    rows = []
    for name in (part.strip() for part in call.params["metric"].split(",")):
        if name not in table:
            raise refuse(100, f"(#100) metric must be one of the following values: {', '.join(table)}; {name} is not")
        value = sum(_value(call, post, table[name]) for post in posts)
        row = _row(name, value, call.node) | {"period": "day", "id": f"{call.node}/insights/{name}/day"}
        if totals:
            del row["values"]
            row["total_value"] = {"value": value}
        else:
            end = call.world.now() // DAY * DAY + 7 * 3_600
            row["values"] = [{"value": value, "end_time": graph_time(end)}]
        rows.append(row)
    return rows


METRIC = Param("metric", default="")
PERIOD = (METRIC, Param("period", default="day"), Param("since", "time"), Param("until", "time"))
ON_PAGE = ("pages_read_engagement", "read_insights")
ON_INSTAGRAM = ("instagram_basic", "instagram_manage_insights")


def _get(name: str, path: str, handler: Any, params: tuple[Param, ...], scopes: tuple[str, ...]) -> Endpoint:
    return Endpoint(
        name=name, method="GET", path=path, handler=handler, envelope=graph_error, params=params, scopes=scopes
    )


ENDPOINTS = (
    _get("facebook.insights", "/{page}/insights", page, PERIOD, ON_PAGE),
    _get("facebook.post.insights", "/{post}/insights", facebook_post, (METRIC,), ON_PAGE),
    _get("facebook.video_insights", "/{video}/video_insights", facebook_video, (METRIC,), ON_PAGE),
    _get(
        "instagram.insights",
        "/{instagram}/insights",
        instagram_account,
        (*PERIOD, Param("metric_type", default="time_series")),
        ON_INSTAGRAM,
    ),
    _get("instagram.media.insights", "/{media}/insights", instagram_media, (METRIC,), ON_INSTAGRAM),
)
