"""Comments on Page posts, Page videos and Instagram media, made and read.

Source: https://developers.facebook.com/docs/graph-api/reference/object/comments, read 2026-11-24, and
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments, read then too.
"""

from collections.abc import Mapping
from typing import Any

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.meta.fields import Maker, graph_time, paged, parse_fields, select
from postline.sandbox.meta.nodes import kind_of, page_of
from postline.sandbox.params import Param
from postline.sandbox.records import Comment


async def comment_on_facebook(call: Call) -> Answer:
    world = call.world
    page = world.pages[page_of(world, call.node)]
    number = world.new_id("17")
    tail = call.node.rpartition("_")[2]
    made = Comment(
        id=f"{tail}_{number}",
        object_id=call.node,
        author_id=page.id,
        author=page.name,
        text=call.params["message"],
        created_at=world.now(),
    )
    return Answer(body={"id": world.add_comment(made).id})


async def comment_on_instagram(call: Call) -> Answer:
    """Make a comment. Asking for `fields` is refused only after it was made, as the network does."""
    world = call.world
    post = world.posts[call.node]
    if not post.comments_enabled:
        raise refuse(100, "(#100) Comments are disabled on this media")
    account = world.instagram[post.profile_id]
    made = world.add_comment(
        Comment(
            id=world.new_id("179"),
            object_id=call.node,
            author_id=account.id,
            author=account.username,
            text=call.params["message"],
            created_at=world.now(),
        )
    )
    if "fields" in call.given:
        raise refuse(20, "(#20) Unsupported response format", 1772107)
    return Answer(body={"id": made.id})


async def read(call: Call) -> Answer:
    on_instagram = kind_of(call.world, call.node) == "media"
    wanted = parse_fields(call.params["fields"])
    rows = call.world.comments_on(call.node)
    return Answer(body=paged(call, rows, lambda row: select("Comment", _fields(row, on_instagram), wanted, row.id)))


def _fields(comment: Comment, on_instagram: bool) -> Mapping[str, Maker]:
    if on_instagram:
        author: dict[str, Any] = {"id": comment.author_id, "username": comment.author}
        return {
            "text": lambda _: comment.text,
            "username": lambda _: comment.author,
            "from": lambda _: author,
            "timestamp": lambda _: graph_time(comment.created_at),
        }
    return {
        "message": lambda _: comment.text,
        "from": lambda _: {"name": comment.author, "id": comment.author_id},
        "created_time": lambda _: graph_time(comment.created_at),
    }


MESSAGE = (Param("message", required=True),)

ENDPOINTS = (
    Endpoint(
        name="facebook.comments.create",
        method="POST",
        path="/{post|video|photo}/comments",
        handler=comment_on_facebook,
        envelope=graph_error,
        params=MESSAGE,
        scopes=("pages_manage_engagement",),
    ),
    Endpoint(
        name="facebook.comments",
        method="GET",
        path="/{post|video|photo}/comments",
        handler=read,
        envelope=graph_error,
        params=(Param("fields", default="id,message,from,created_time"),),
        scopes=("pages_read_engagement",),
    ),
    Endpoint(
        name="instagram.comments.create",
        method="POST",
        path="/{media}/comments",
        handler=comment_on_instagram,
        envelope=graph_error,
        params=MESSAGE,
        scopes=("instagram_basic", "instagram_manage_comments"),
    ),
    Endpoint(
        name="instagram.comments",
        method="GET",
        path="/{media}/comments",
        handler=read,
        envelope=graph_error,
        params=(Param("fields", default="id,text,timestamp"),),
        scopes=("instagram_basic",),
    ),
)
