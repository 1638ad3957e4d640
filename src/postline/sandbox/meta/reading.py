"""Reading a Page back: posts, lists of posts, stories, photos.

Source: https://developers.facebook.com/docs/graph-api/reference/page/feed, read 2026-11-24.
"""

from collections.abc import Callable, Mapping
from typing import Any

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.growth import number
from postline.sandbox.meta.accounts import place_of
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.meta.fields import Field, Maker, graph_time, paged, parse_fields, select
from postline.sandbox.meta.insights import ON_PAGE, expanded, post_insights
from postline.sandbox.params import Param
from postline.sandbox.records import Post
from postline.sandbox.settings import DAY, META_APP_ID, META_APP_NAME

STATUS_TYPES: Mapping[str, str] = {"text": "mobile_status_update", "link": "shared_story", "video": "added_video"}
ATTACHMENT_TYPES: Mapping[str, str] = {"link": "share", "image": "photo", "carousel": "album", "video": "video_inline"}


def post_fields(call: Call, post: Post) -> Mapping[str, Maker]:
    world = call.world
    page = world.pages[post.profile_id]
    age = world.counted_age(post)
    return {
        "message": lambda _: post.caption or None,
        "created_time": lambda _: graph_time(post.live_at if world.is_live(post) else post.created_at),
        "updated_time": lambda _: graph_time(post.created_at),
        "permalink_url": lambda _: f"{call.base_url}{post.path}",
        "is_published": lambda _: post.published and post.live_at <= world.now(),
        "scheduled_publish_time": lambda _: int(post.live_at) if post.live_at > world.now() else None,
        "status_type": lambda _: STATUS_TYPES.get(post.format, "added_photos"),
        "application": lambda _: {"name": META_APP_NAME, "id": META_APP_ID},
        "from": lambda _: {"name": page.name, "id": page.id},
        "full_picture": lambda _: f"{call.base_url}{post.still}" if post.media else None,
        "attachments": lambda field: _attachments(call, post, field),
        "shares": lambda _: {"count": shares} if (shares := number("shares", post.id, age)) else None,
        "comments": lambda _: _summary(number("comments", post.id, age) + len(world.comments_on(post.id))),
        "reactions": lambda _: _summary(number("likes", post.id, age)),
        "likes": lambda _: _summary(number("likes", post.id, age)),
        "place": lambda _: place_of(world, post.place),
        "insights": lambda field: expanded(
            call, ON_PAGE, field, lambda metrics: {"data": post_insights(call, post, metrics)}
        ),
    }


def _summary(count: int) -> dict[str, Any]:
    return {"data": [], "summary": {"total_count": count}}


def _attachments(call: Call, post: Post, field: Field) -> dict[str, Any] | None:
    kind = ATTACHMENT_TYPES.get(post.format)
    if kind is None:
        return None
    pictures = [
        {
            "media_type": "photo",
            "type": "photo",
            "media": {"image": {"src": f"{call.base_url}/sandbox/media/{media}"}},
            "target": {"id": object_id, "url": f"{call.base_url}{post.path}"},
        }
        for media, object_id in zip(post.media, post.object_ids, strict=True)
    ]
    whole: dict[str, Any] = {
        "media_type": {"share": "link", "video_inline": "video"}.get(kind, kind),
        "type": kind,
        "title": post.caption[:80],
        "url": post.link or f"{call.base_url}{post.path}",
        "target": {"id": post.object_ids[0] if len(post.object_ids) == 1 else post.id, "url": post.link},
    }
    if len(pictures) > 1:
        whole["subattachments"] = {"data": pictures}
    wanted = {inner.name for inner in field.inner}
    return {"data": [{name: value for name, value in whole.items() if not wanted or name in wanted}]}


async def post(call: Call) -> Answer:
    found = call.world.posts[call.node]
    return Answer(body=select("Post", post_fields(call, found), parse_fields(call.params["fields"]), found.id))


def _list_of(chosen: Callable[[Call, Post], bool]) -> Callable[[Call], Any]:
    """A list of a Page's posts, the newest first, within since and until."""

    async def listing(call: Call) -> Answer:
        since, until = call.params["since"] or 0.0, call.params["until"] or float("inf")
        wanted = parse_fields(call.params["fields"])
        rows = [row for row in call.world.posts_of(call.node) if since <= row.live_at <= until and chosen(call, row)]
        return Answer(body=paged(call, rows, lambda row: select("Post", post_fields(call, row), wanted, row.id)))

    return listing


def _is_published(call: Call, row: Post) -> bool:
    """Reels and stories stand in lists of their own."""
    return row.format not in ("reel", "story") and call.world.is_live(row)


def _is_scheduled(call: Call, row: Post) -> bool:
    return row.format not in ("reel", "story") and row.published and row.live_at > call.world.now()


async def stories(call: Call) -> Answer:
    """A Page's stories: those that are up, or those that were."""
    now, status = call.world.now(), call.params["status"]
    since, until = call.params["since"] or 0.0, call.params["until"] or float("inf")
    rows = [
        row
        for row in call.world.posts_of(call.node)
        if row.format == "story" and row.live_at <= now and since <= row.live_at <= until
        if (now < row.live_at + DAY) == (status == "PUBLISHED")
    ]
    return Answer(
        body=paged(
            call,
            rows,
            lambda row: {
                "post_id": row.id,
                "status": status,
                "creation_time": str(int(row.live_at)),
                "media_type": row.media_type,
                "media_id": row.object_ids[0],
                "url": f"{call.base_url}{row.path}",
            },
        )
    )


async def photo(call: Call) -> Answer:
    found = call.world.photos[call.node]
    media = call.world.media[found.media]
    source = f"{call.base_url}/sandbox/media/{media.id}"
    makers: Mapping[str, Maker] = {
        "name": lambda _: found.caption or None,
        "alt_text_custom": lambda _: found.alt_text or None,
        "created_time": lambda _: graph_time(found.created_at),
        "width": lambda _: media.width,
        "height": lambda _: media.height,
        "link": lambda _: source,
        "images": lambda _: [{"height": media.height, "width": media.width, "source": source}],
        "page_story_id": lambda _: found.post_id or None,
    }
    return Answer(body=select("Photo", makers, parse_fields(call.params["fields"]), found.id))


async def ids(call: Call) -> Answer:
    """The multi-read `/?ids=` is gone since 2026-10-27."""
    raise refuse(12, "(#12) The ids parameter is deprecated")


READ = ("pages_read_engagement",)
WINDOW = (Param("since", "time"), Param("until", "time"))
LIST = (Param("fields", default="id,message,created_time"), *WINDOW)

ENDPOINTS = (
    Endpoint(
        name="facebook.post",
        method="GET",
        path="/{post}",
        handler=post,
        envelope=graph_error,
        scopes=READ,
        params=(Param("fields", default="id,message,created_time"),),
    ),
    *(
        Endpoint(
            name=f"facebook.{edge}.list" if edge == "feed" else f"facebook.{edge}",
            method="GET",
            path=f"/{{page}}/{edge}",
            handler=_list_of(chosen),
            envelope=graph_error,
            scopes=READ,
            params=LIST,
        )
        for edge, chosen in (
            ("published_posts", _is_published),
            ("feed", _is_published),
            ("posts", _is_published),
            ("scheduled_posts", _is_scheduled),
        )
    ),
    Endpoint(
        name="facebook.stories",
        method="GET",
        path="/{page}/stories",
        handler=stories,
        envelope=graph_error,
        scopes=READ,
        params=(Param("status", choices=("PUBLISHED", "ARCHIVED"), default="PUBLISHED"), *WINDOW),
    ),
    Endpoint(
        name="facebook.photo",
        method="GET",
        path="/{photo}",
        handler=photo,
        envelope=graph_error,
        scopes=READ,
        params=(Param("fields", default="id,name,created_time"),),
    ),
    Endpoint(name="meta.ids", method="GET", path="/", handler=ids, envelope=graph_error, params=(Param("ids", "ids"),)),
)
