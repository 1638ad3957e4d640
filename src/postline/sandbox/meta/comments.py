"""Comments on Page posts, photos, videos and Instagram media: made, read, changed and deleted.

Source: https://developers.facebook.com/docs/graph-api/reference/object/comments, read 2026-11-24, and
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments, read then too.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint, Handler
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.meta.fields import Maker, graph_time, paged, parse_fields, select
from postline.sandbox.meta.nodes import kind_of, page_of
from postline.sandbox.meta.webhooks import told_of_comment
from postline.sandbox.params import Param
from postline.sandbox.records import Comment
from postline.sandbox.world import World


async def comment_on_facebook(call: Call) -> Answer:
    """Comment as the Page, in words or with an attachment."""
    world, params = call.world, call.params
    if not (params["message"] or params["attachment_url"] or params["attachment_id"]):
        raise refuse(100, "(#100) The parameter message is required")
    page = world.pages[page_of(world, call.node)]
    number = world.new_id("17")
    tail = call.node.rpartition("_")[2]
    made = Comment(
        id=f"{tail}_{number}",
        object_id=_thread(world, call.node),
        author_id=page.id,
        author=page.name,
        text=params["message"],
        created_at=world.now(),
    )
    world.add_comment(made)
    told_of_comment(call.sandbox, made, "add")
    return Answer(body={"id": made.id})


def _thread(world: World, node: str) -> str:
    """Where comments on something stand: those on a video are those on its post."""
    video = world.videos.get(node)
    return video.post_id if video and video.post_id else node


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
    """The comments on something, the oldest first unless asked otherwise."""
    on_instagram = kind_of(call.world, call.node) == "media"
    wanted = parse_fields(call.params["fields"])
    since, order = call.params.get("since") or 0.0, call.params.get("order", "chronological")
    found = call.world.comments_on(_thread(call.world, call.node))
    rows = [row for row in found if row.created_at >= since]
    if order == "reverse_chronological":
        rows.reverse()
    body = paged(call, rows, lambda row: select("Comment", _fields(row, on_instagram), wanted, row.id))
    if call.given.get("summary") in ("1", "true", "total_count"):
        body["summary"] = {"order": order, "total_count": len(rows), "can_comment": True}
    return Answer(body=body)


def _fields(comment: Comment, on_instagram: bool) -> Mapping[str, Maker]:
    if on_instagram:
        author: dict[str, Any] = {"id": comment.author_id, "username": comment.author}
        return {
            "text": lambda _: comment.text,
            "username": lambda _: comment.author,
            "from": lambda _: author,
            "timestamp": lambda _: graph_time(comment.created_at),
            "hidden": lambda _: comment.hidden,
            "media": lambda _: {"id": comment.object_id},
        }
    return {
        "message": lambda _: comment.text,
        "from": lambda _: {"name": comment.author, "id": comment.author_id},
        "created_time": lambda _: graph_time(comment.created_at),
        "is_hidden": lambda _: comment.hidden,
        "object": lambda _: {"id": comment.object_id},
    }


async def comment(call: Call) -> Answer:
    found = call.world.comments[call.node]
    on_instagram = kind_of(call.world, call.node) == "reply"
    wanted = parse_fields(call.params["fields"])
    return Answer(body=select("Comment", _fields(found, on_instagram), wanted, found.id))


async def change_comment(call: Call) -> Answer:
    """Write it anew, or hide it."""
    found, params = call.world.comments[call.node], call.params
    hidden = params.get("is_hidden", params.get("hide"))
    text = params.get("message")
    changed = replace(
        found, text=found.text if text is None else text, hidden=found.hidden if hidden is None else hidden
    )
    call.world.comments.put(changed)
    _tell_page(call, changed, "edited")
    return Answer(body={"success": True})


async def delete_comment(call: Call) -> Answer:
    found = call.world.comments[call.node]
    _tell_page(call, found, "remove")
    call.world.remove_comment(call.node)
    return Answer(body={"success": True})


def _tell_page(call: Call, found: Comment, verb: str) -> None:
    if kind_of(call.world, found.id) == "comment":
        told_of_comment(call.sandbox, found, verb)


def _endpoint(name: str, method: str, path: str, handler: Handler, scopes: tuple[str, ...], *params: Param) -> Endpoint:
    return Endpoint(
        name=name, method=method, path=path, handler=handler, envelope=graph_error, params=params, scopes=scopes
    )


ON_PAGE: Final = "/{post|video|photo}/comments"
PAGE_FIELDS: Final = Param("fields", default="id,message,from,created_time")
MEDIA_FIELDS: Final = Param("fields", default="id,text,timestamp")
ENGAGE: Final = ("pages_manage_engagement",)
READ: Final = ("pages_read_engagement",)
BASIC: Final = ("instagram_basic",)
MANAGE: Final = ("instagram_basic", "instagram_manage_comments")

ENDPOINTS = (
    _endpoint(
        "facebook.comments.create",
        "POST",
        ON_PAGE,
        comment_on_facebook,
        ENGAGE,
        Param("message", default=""),
        Param("attachment_url"),
        Param("attachment_id"),
    ),
    _endpoint(
        "facebook.comments",
        "GET",
        ON_PAGE,
        read,
        READ,
        PAGE_FIELDS,
        Param("filter", choices=("stream", "toplevel"), default="toplevel"),
        Param("order", choices=("chronological", "reverse_chronological"), default="chronological"),
        Param("since", "time"),
    ),
    _endpoint("facebook.comment", "GET", "/{comment}", comment, READ, PAGE_FIELDS),
    _endpoint(
        "facebook.comment.edit",
        "POST",
        "/{comment}",
        change_comment,
        ENGAGE,
        Param("message"),
        Param("is_hidden", "flag"),
    ),
    _endpoint("facebook.comment.delete", "DELETE", "/{comment}", delete_comment, ENGAGE),
    _endpoint(
        "instagram.comments.create",
        "POST",
        "/{media}/comments",
        comment_on_instagram,
        MANAGE,
        Param("message", required=True),
    ),
    _endpoint("instagram.comments", "GET", "/{media}/comments", read, BASIC, MEDIA_FIELDS),
    _endpoint("instagram.comment", "GET", "/{reply}", comment, BASIC, MEDIA_FIELDS),
    _endpoint(
        "instagram.comment.hide",
        "POST",
        "/{reply}",
        change_comment,
        MANAGE,
        Param("hide", "flag", required=True),
    ),
    _endpoint("instagram.comment.delete", "DELETE", "/{reply}", delete_comment, MANAGE),
)
