"""Display API: the user, their public posts, and the numbers of these.

Source: https://developers.tiktok.com/doc/tiktok-api-v2-video-query, https://developers.tiktok.com/doc/tiktok-api-v2-video-list
and https://developers.tiktok.com/docs/en/tiktok-api-v2-video-object, read 2026-11-24.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.growth import number
from postline.sandbox.params import Param
from postline.sandbox.records import Creator, Post
from postline.sandbox.settings import TIKTOK_CLIENT_KEY
from postline.sandbox.tiktok.creators import check_rate, creator_of
from postline.sandbox.tiktok.errors import api_error, refuse, success
from postline.sandbox.tiktok.published import is_public

TEXT_MAX: Final = 150
IDS_MAX: Final = 20
USER_SCOPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url"), "user.info.basic"),
    "display_name": "user.info.basic",
    **dict.fromkeys(("bio_description", "profile_deep_link", "is_verified", "username"), "user.info.profile"),
    **dict.fromkeys(("follower_count", "following_count", "likes_count", "video_count"), "user.info.stats"),
}
"""The scope that each field of user/info needs."""


async def user_info(call: Call) -> Answer:
    creator, world = creator_of(call), call.world
    _check_rate(call, "tiktok.user_info")
    wanted = _fields(call)
    for name in wanted:
        if name not in USER_SCOPES:
            raise refuse("invalid_params", f"Field {name} is not supported")
        if USER_SCOPES[name] not in call.caller.scopes:
            raise refuse("scope_not_authorized", f"The field {name} needs the scope {USER_SCOPES[name]}")
    public = [post for post in world.posts_of(creator.id) if is_public(world, post)]
    avatar = f"{call.base_url}/sandbox/avatar/{creator.id}.svg"
    values = {
        "open_id": creator.id,
        "union_id": creator.union_id,
        "avatar_url": avatar,
        "avatar_url_100": avatar,
        "avatar_large_url": avatar,
        "display_name": creator.nickname,
        "bio_description": creator.bio,
        "profile_deep_link": f"{call.base_url}/sandbox#{creator.id}",
        "is_verified": False,
        "username": creator.username,
        "follower_count": creator.followers,
        "following_count": creator.followers // 40,
        "likes_count": sum(number("likes", post.id, world.counted_age(post)) for post in public),
        "video_count": len(public),
    }
    return success({"user": {name: values[name] for name in wanted}})


async def query_videos(call: Call) -> Answer:
    """Public posts of the user by id; ids of anything else are left out."""
    _check_rate(call, "tiktok.video_query")
    ids = call.params["filters.video_ids"]
    if not 1 <= len(ids) <= IDS_MAX:
        raise refuse("invalid_params", f"video_ids must hold 1 to {IDS_MAX} ids")
    creator, world = creator_of(call), call.world
    posts = [
        post
        for post_id in ids
        if (post := world.posts.get(post_id)) and post.profile_id == creator.id and is_public(world, post)
    ]
    return success({"videos": _shown(call, creator, posts)})


async def list_videos(call: Call) -> Answer:
    """Public posts before a cursor (Unix milliseconds), the newest first."""
    _check_rate(call, "tiktok.video_list")
    creator, world = creator_of(call), call.world
    before = call.params["cursor"] or int(world.now() * 1_000) + 1
    posts = [
        post for post in world.posts_of(creator.id) if is_public(world, post) and int(post.live_at * 1_000) < before
    ]
    posts.sort(key=lambda post: post.live_at, reverse=True)
    page = posts[: call.params["max_count"]]
    cursor = int(page[-1].live_at * 1_000) if page else before
    return success({"videos": _shown(call, creator, page), "cursor": cursor, "has_more": len(posts) > len(page)})


def _shown(call: Call, creator: Creator, posts: list[Post]) -> list[dict[str, Any]]:
    wanted = _fields(call)
    if unknown := [name for name in wanted if name not in VIDEO_FIELDS]:
        raise refuse("invalid_params", f"Field {unknown[0]} is not supported")
    return [{name: VIDEO_FIELDS[name](call, creator, post) for name in wanted} for post in posts]


def _check_rate(call: Call, name: str) -> None:
    check_rate(call, name, call.world.settings.tiktok_display_per_minute, of_app=True)


def _fields(call: Call) -> list[str]:
    """The fields asked for, which go in the query, whatever the body says."""
    if "fields" not in call.query:
        raise refuse("invalid_params", "fields is required in the query")
    return [name for name in call.query["fields"].split(",") if name]


def _count(name: str) -> Callable[[Call, Creator, Post], int]:
    return lambda call, _, post: number(name, post.id, call.world.counted_age(post))


def _cut(text: str) -> str:
    return text[:TEXT_MAX]


VIDEO_FIELDS: Final[Mapping[str, Callable[[Call, Creator, Post], Any]]] = {
    "id": lambda call, _, post: post.id,
    "create_time": lambda call, _, post: int(post.live_at),
    "cover_image_url": lambda call, _, post: f"{call.base_url}{post.still}",
    "share_url": lambda call, _, post: (
        f"{call.base_url}{post.path}?utm_campaign=tt4d_open_api&utm_source={TIKTOK_CLIENT_KEY}"
    ),
    "video_description": lambda call, _, post: _cut(post.caption),
    "title": lambda call, _, post: _cut(post.title or post.caption),
    "duration": lambda call, _, post: int(call.world.media[post.media[0]].seconds),
    "height": lambda call, _, post: call.world.media[post.media[0]].height,
    "width": lambda call, _, post: call.world.media[post.media[0]].width,
    "embed_html": lambda call, _, post: f'<iframe src="{call.base_url}{post.path}"></iframe>',
    "embed_link": lambda call, _, post: f"{call.base_url}{post.path}",
    "like_count": _count("likes"),
    "comment_count": _count("comments"),
    "share_count": _count("shares"),
    "view_count": _count("views"),
    "is_aigc": lambda call, _, post: "is_aigc" in post.flags,
}

FIELDS = Param("fields", required=True)

ENDPOINTS = (
    Endpoint(
        name="tiktok.user_info",
        method="GET",
        path="/v2/user/info/",
        handler=user_info,
        envelope=api_error,
        scopes=("user.info.basic", "user.info.profile", "user.info.stats"),
        params=(FIELDS,),
    ),
    Endpoint(
        name="tiktok.video_query",
        method="POST",
        path="/v2/video/query/",
        handler=query_videos,
        envelope=api_error,
        scopes=("video.list",),
        params=(FIELDS, Param("filters.video_ids", "list of strings", required=True)),
    ),
    Endpoint(
        name="tiktok.video_list",
        method="POST",
        path="/v2/video/list/",
        handler=list_videos,
        envelope=api_error,
        scopes=("video.list",),
        params=(FIELDS, Param("cursor", "int64"), Param("max_count", "int32", default=10, low=1, high=20)),
    ),
)
