"""Published Instagram media: one, the lists, comments on or off, deletion.

Source: https://developers.facebook.com/docs/instagram-platform/reference/instagram-media, read 2026-11-24.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.growth import number
from postline.sandbox.meta.errors import graph_error
from postline.sandbox.meta.fields import Field, Maker, graph_time, paged, parse_fields, select
from postline.sandbox.meta.insights import ON_INSTAGRAM, expanded, media_insights
from postline.sandbox.params import Param
from postline.sandbox.records import Post


def media_fields(call: Call, post: Post) -> Mapping[str, Maker]:
    world = call.world
    account = world.instagram[post.profile_id]
    age = world.counted_age(post)

    def items(field: Field) -> dict[str, Any] | None:
        rows = [
            {
                "id": child_id,
                "media_type": world.media[media].kind.upper(),
                "media_url": f"{call.base_url}/sandbox/media/{media}",
            }
            for child_id, media in zip(post.object_ids, post.media, strict=True)
        ]
        wanted = {"id", *(inner.name for inner in field.inner)}
        return {"data": [{name: row[name] for name in row if name in wanted} for row in rows]} if rows else None

    def count(name: str, extra: int = 0) -> Maker:
        return lambda _: number(name, post.id, age) + extra

    comments = len(world.comments_on(post.id))
    return {
        "caption": lambda _: post.caption or None,
        "media_type": lambda _: post.media_type,
        "media_product_type": lambda _: post.product,
        "permalink": lambda _: f"{call.base_url}{post.path}",
        "shortcode": lambda _: post.shortcode,
        "timestamp": lambda _: graph_time(post.live_at),
        "media_url": lambda _: f"{call.base_url}/sandbox/media/{post.media[0]}",
        "thumbnail_url": lambda _: f"{call.base_url}{post.still}" if post.media_type == "VIDEO" else None,
        "username": lambda _: account.username,
        "owner": lambda _: {"id": account.id},
        "ig_id": lambda _: post.id,
        "alt_text": lambda _: post.alt_text or None,
        "is_shared_to_feed": lambda _: post.share_to_feed if post.product == "REELS" else None,
        "is_comment_enabled": lambda _: post.comments_enabled,
        "children": items,
        "like_count": count("likes"),
        "comments_count": count("comments", comments),
        "saved_count": count("saved"),
        "shares_count": count("shares"),
        "reposts_count": count("reposts"),
        "total_like_count": count("likes"),
        "total_comments_count": count("comments", comments),
        "total_views_count": count("views"),
        "insights": lambda field: expanded(
            call, ON_INSTAGRAM, field, lambda metrics: media_insights(call, post, metrics)
        ),
    }


async def collaborators(call: Call) -> Answer:
    """The accounts invited to share a post as theirs; nobody in the sandbox answers."""
    names = call.world.posts[call.node].collaborators
    rows = [
        {"id": f"{call.node}{place}", "username": name, "invite_status": "Pending"} for place, name in enumerate(names)
    ]
    return Answer(body=paged(call, rows, lambda row: row))


async def children(call: Call) -> Answer:
    post, wanted = call.world.posts[call.node], parse_fields(call.params["fields"])
    made = media_fields(call, post)["children"](Field("children", inner=wanted))
    return Answer(body=made or {"data": []})


async def media(call: Call) -> Answer:
    post = call.world.posts[call.node]
    return Answer(body=select("IGMedia", media_fields(call, post), parse_fields(call.params["fields"]), post.id))


async def list_media(call: Call) -> Answer:
    """Everything published but stories, which have their own list."""
    return _listing(call, stories=False)


async def list_stories(call: Call) -> Answer:
    return _listing(call, stories=True)


def _listing(call: Call, *, stories: bool) -> Answer:
    since, until = call.params["since"] or 0.0, call.params["until"] or float("inf")
    wanted = parse_fields(call.params["fields"])
    rows = [
        post
        for post in call.world.posts_of(call.node)
        if (post.product == "STORY") == stories and since <= post.live_at <= until and call.world.is_live(post)
    ]
    return Answer(body=paged(call, rows, lambda post: select("IGMedia", media_fields(call, post), wanted, post.id)))


async def change_media(call: Call) -> Answer:
    post = call.world.posts[call.node]
    call.world.posts.put(replace(post, comments_enabled=call.params["comment_enabled"]))
    return Answer(body={"success": True})


async def delete_media(call: Call) -> Answer:
    call.world.remove_post(call.node)
    return Answer(body={"success": True, "deleted_id": call.node})


BASIC = ("instagram_basic",)
FIELDS = Param("fields", default="id")
LIST = (FIELDS, Param("since", "time"), Param("until", "time"))

ENDPOINTS = (
    Endpoint(
        name="instagram.collaborators",
        method="GET",
        path="/{media}/collaborators",
        handler=collaborators,
        envelope=graph_error,
        scopes=BASIC,
    ),
    Endpoint(
        name="instagram.children",
        method="GET",
        path="/{media}/children",
        handler=children,
        envelope=graph_error,
        scopes=BASIC,
        params=(FIELDS,),
    ),
    Endpoint(
        name="instagram.media.get",
        method="GET",
        path="/{media}",
        handler=media,
        envelope=graph_error,
        scopes=BASIC,
        params=(FIELDS,),
    ),
    Endpoint(
        name="instagram.media.list",
        method="GET",
        path="/{instagram}/media",
        handler=list_media,
        envelope=graph_error,
        scopes=BASIC,
        params=LIST,
    ),
    Endpoint(
        name="instagram.stories",
        method="GET",
        path="/{instagram}/stories",
        handler=list_stories,
        envelope=graph_error,
        scopes=BASIC,
        params=LIST,
    ),
    Endpoint(
        name="instagram.media.edit",
        method="POST",
        path="/{media}",
        handler=change_media,
        envelope=graph_error,
        scopes=(*BASIC, "instagram_manage_comments"),
        params=(Param("comment_enabled", "flag", required=True),),
    ),
    Endpoint(
        name="instagram.media.delete",
        method="DELETE",
        path="/{media}",
        handler=delete_media,
        envelope=graph_error,
        scopes=(*BASIC, "instagram_manage_contents"),
    ),
)
