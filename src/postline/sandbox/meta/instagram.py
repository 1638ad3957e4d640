"""Instagram publishing: containers, their status, media_publish, and the publishing limit.

Source: https://developers.facebook.com/docs/instagram-platform/content-publishing and
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media, read 2026-11-24.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from postline.sandbox.calls import Answer, Call, Refusal
from postline.sandbox.context import Sandbox
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.media import CannotFetch
from postline.sandbox.meta.container_rules import PARAMS, check_container, judge_video, kind_of_container, take_image
from postline.sandbox.meta.errors import graph_error, missing_object, refuse
from postline.sandbox.meta.fields import Maker, parse_fields, select
from postline.sandbox.params import Param
from postline.sandbox.records import Container, Media, Post
from postline.sandbox.settings import DAY
from postline.sandbox.world import World

CHILDREN: Final = (2, 10)
PRODUCTS: Final[Mapping[str, str]] = {
    "IMAGE": "FEED",
    "VIDEO": "FEED",
    "CAROUSEL": "FEED",
    "REELS": "REELS",
    "STORIES": "STORY",
}
STATUS_TEXT: Final[Mapping[str, str]] = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been published.",
    "EXPIRED": "Expired: Media was not published within 24 hours.",
}


async def create_container(call: Call) -> Answer:
    world, params = call.world, call.params
    limit = world.settings.instagram_containers_per_day
    if limit and world.used("instagram.containers", call.node, DAY) >= limit:
        raise refuse(9, "(#9) The limit of containers created in 24 hours has been reached", 2207042)
    media_type = params["media_type"] or ("VIDEO" if params["video_url"] else "IMAGE")
    kind = kind_of_container(params, media_type)
    check_container(call, kind)
    container = Container(
        id=world.new_id("18"),
        instagram_id=call.node,
        media_type=media_type,
        product=PRODUCTS[media_type],
        created_at=world.now(),
        caption=params["caption"],
        alt_text=params["alt_text"],
        is_carousel_item=params["is_carousel_item"],
        share_to_feed=params["share_to_feed"],
        cover_ms=params["thumb_offset"],
        collaborators=tuple(params["collaborators"]),
        tagged=tuple(tag["username"] for tag in params["user_tags"]),
        place=params["location_id"] or "",
    )
    container = await _with_media(call, container)
    world.count("instagram.containers", call.node)
    world.containers.put(container)
    if container.video_url:
        call.sandbox.spawn(container.id, _pull(call.sandbox, container.id, container.video_url))
    if container.resumable:
        uri = f"{call.base_url}/ig-api-upload/{call.version}/{container.id}"
        return Answer(body={"id": container.id, "uri": uri})
    return Answer(body={"id": container.id})


async def _with_media(call: Call, container: Container) -> Container:
    """A container with its picture or items; a video comes later. Raises Refusal."""
    params, media_type, ready_at = (
        call.params,
        container.media_type,
        call.world.now() + call.world.settings.image_seconds,
    )
    if params["cover_url"]:
        cover = await take_image(call, params["cover_url"], container.product)
        container = replace(container, cover=cover.id, cover_ms=0)
    if media_type == "CAROUSEL":
        return replace(container, children=_children(call), ready_at=ready_at)
    if params["upload_type"]:
        return replace(container, resumable=True)
    if params["video_url"]:
        return replace(container, video_url=params["video_url"])
    if params["image_url"]:
        image = await take_image(call, params["image_url"], container.product)
        return replace(container, media=(image.id,), ready_at=ready_at)
    name = "image_url" if media_type == "IMAGE" else "video_url"
    raise refuse(100, f"(#100) The parameter {name} is required")


def _children(call: Call) -> tuple[str, ...]:
    ids = call.params["children"]
    if not CHILDREN[0] <= len(ids) <= CHILDREN[1]:
        raise refuse(100, "(#100) A carousel needs 2 to 10 items", 2207028)
    for child_id in ids:
        child = call.world.containers.get(child_id)
        if child is None or child.instagram_id != call.node or status_code(call.world, child) == "EXPIRED":
            raise refuse(24, f"The requested resource does not exist: container {child_id}", 2207008)
        if not child.is_carousel_item:
            raise refuse(100, f"(#100) The container {child_id} is not a carousel item", 2207023)
    return tuple(ids)


async def _pull(sandbox: Sandbox, container_id: str, url: str) -> None:
    """Fetch a video after the container was created, as the network does."""
    world = sandbox.world
    try:
        media = await sandbox.fetch(url)
    except CannotFetch:
        world.containers.put(replace(world.containers[container_id], failure=2207052, ready_at=world.now()))
        return
    receive_video(world, container_id, media)


def resume_pulls(sandbox: Sandbox) -> None:
    """After a restart, fetch the videos that had not arrived."""
    for container in sandbox.world.containers:
        if container.video_url and not container.ready_at:
            sandbox.spawn(container.id, _pull(sandbox, container.id, container.video_url))


def receive_video(world: World, container_id: str, media: Media) -> None:
    """A container's video is here: judge it; processing starts."""
    container = world.containers[container_id]
    ready_at = world.now() + world.settings.video_seconds
    failure = judge_video(media, container.product, container.cover_ms, world.settings)
    world.containers.put(replace(container, media=(media.id,), size=media.size, ready_at=ready_at, failure=failure))


def status_code(world: World, container: Container) -> str:
    now = world.now()
    if container.media_id:
        return "PUBLISHED"
    if container.created_at + world.settings.container_seconds <= now:
        return "EXPIRED"
    children = [status_code(world, world.containers[child_id]) for child_id in container.children]
    if "ERROR" in children or "EXPIRED" in children:
        return "ERROR"
    if not container.ready_at or now < container.ready_at or "IN_PROGRESS" in children:
        return "IN_PROGRESS"
    return "ERROR" if container.failure else "FINISHED"


async def container_status(call: Call) -> Answer:
    await call.sandbox.grant_moment(call.node)
    container = call.world.containers[call.node]
    code = status_code(call.world, container)
    text = STATUS_TEXT.get(code, f"Error: Media upload has failed with error code {container.failure or 2207032}")
    makers: Mapping[str, Maker] = {
        "status_code": lambda _: code,
        "status": lambda _: text,
        "video_status": lambda _: _video_status(call.world, container, code) if container.resumable else None,
        "copyright_check_status": lambda _: {"status": "completed", "matches_found": False},
    }
    return Answer(body=select("IGContainer", makers, parse_fields(call.params["fields"]), container.id))


def _video_status(world: World, container: Container, code: str) -> dict[str, Any]:
    received = container.size if container.media else len(world.uploads.get(container.id, b""))
    uploading = "complete" if container.media else "in_progress" if received else "not_started"
    processing = {"FINISHED": "complete", "PUBLISHED": "complete", "ERROR": "error"}.get(code, "in_progress")
    return {
        "uploading_phase": {"status": uploading, "bytes_transferred": received},
        "processing_phase": {"status": processing if container.media else "not_started"},
    }


async def publish(call: Call) -> Answer:
    """Make a FINISHED container live; it turns PUBLISHED and can be published no more."""
    world, container_id = call.world, call.params["creation_id"]
    container = world.containers.get(container_id)
    if container is None or container.instagram_id != call.node:
        raise missing_object(container_id, "post")
    if refusal := _unpublishable(world, container):
        raise refusal
    if world.used("instagram.posts", call.node, DAY) >= world.settings.instagram_posts_per_day:
        raise refuse(9, "(#9) The user has reached the maximum number of posts published by the API", 2207042)
    world.count("instagram.posts", call.node)
    media_id, shortcode = world.new_id("17"), secrets.token_urlsafe(8)
    account = world.instagram[call.node]
    paths = {
        "FEED": f"/instagram/p/{shortcode}",
        "REELS": f"/instagram/reel/{shortcode}",
        "STORY": f"/instagram/stories/{account.username}/{media_id}",
    }
    children = [world.containers[child_id] for child_id in container.children]
    media = container.media or tuple(child.media[0] for child in children)
    is_video = world.media[media[0]].kind == "video"
    formats = {"CAROUSEL": "carousel", "REELS": "reel", "STORIES": "story"}
    world.add_post(
        Post(
            id=media_id,
            network="instagram",
            profile_id=call.node,
            format=formats.get(container.media_type, "image"),
            caption="" if container.product == "STORY" else container.caption,
            created_at=world.now(),
            live_at=world.now(),
            path=paths[container.product],
            media=media,
            object_ids=tuple(child.id for child in children),
            shortcode=shortcode,
            media_type="CAROUSEL_ALBUM" if children else "VIDEO" if is_video else "IMAGE",
            product=container.product,
            alt_text=container.alt_text,
            share_to_feed=container.share_to_feed,
            cover=container.cover,
            cover_ms=container.cover_ms,
            collaborators=container.collaborators,
            tagged=tuple(dict.fromkeys(name for each in (container, *children) for name in each.tagged)),
            place=container.place,
        )
    )
    world.containers.put(replace(container, media_id=media_id))
    return Answer(body={"id": media_id})


def _unpublishable(world: World, container: Container) -> Refusal | None:
    if container.is_carousel_item:
        return refuse(100, "(#100) A carousel item cannot be published by itself", 2207023)
    match status_code(world, container):
        case "IN_PROGRESS":
            text = "The media is not ready for publishing, please wait for a moment"
            return refuse(9007, "Media ID is not available", 2207027, error_user_msg=text)
        case "EXPIRED":
            return refuse(24, "The requested resource does not exist: the container has expired", 2207008)
        case "ERROR":
            return refuse(-1, "The media could not be created", 2207032)
        case "PUBLISHED":
            return refuse(100, "(#100) The container has already been published")
        case _:
            return None


async def publishing_limit(call: Call) -> Answer:
    """How many posts were published since a moment, by default within 24 hours, and how many may be."""
    world = call.world
    since = call.params["since"]
    if since is not None and not 0 <= world.now() - since <= DAY:
        raise refuse(100, "(#100) Param since must lie within the last 24 hours")
    used = world.used("instagram.posts", call.node, DAY)
    if since is not None:
        used = sum(post.created_at >= since for post in world.posts_of(call.node))
    makers: Mapping[str, Maker] = {
        "quota_usage": lambda _: used,
        "config": lambda _: {"quota_total": world.settings.instagram_posts_per_day, "quota_duration": int(DAY)},
    }
    row = select("ContentPublishingLimitResponse", makers, parse_fields(call.params["fields"]), "")
    del row["id"]
    return Answer(body={"data": [row]})


PUBLISH = ("instagram_basic", "instagram_content_publish", "pages_read_engagement")

ENDPOINTS = (
    Endpoint(
        name="instagram.media",
        method="POST",
        path="/{instagram}/media",
        handler=create_container,
        envelope=graph_error,
        scopes=PUBLISH,
        params=PARAMS,
    ),
    Endpoint(
        name="instagram.container",
        method="GET",
        path="/{container}",
        handler=container_status,
        envelope=graph_error,
        scopes=("instagram_basic",),
        params=(Param("fields", default="id"),),
    ),
    Endpoint(
        name="instagram.media_publish",
        method="POST",
        path="/{instagram}/media_publish",
        handler=publish,
        envelope=graph_error,
        scopes=PUBLISH,
        params=(Param("creation_id", required=True),),
    ),
    Endpoint(
        name="instagram.content_publishing_limit",
        method="GET",
        path="/{instagram}/content_publishing_limit",
        handler=publishing_limit,
        envelope=graph_error,
        scopes=("instagram_basic",),
        params=(Param("fields", default="quota_usage"), Param("since", "time")),
    ),
)
