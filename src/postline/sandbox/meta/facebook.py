"""A Page's texts, links, photos and photo stories.

Source: https://developers.facebook.com/documentation/pages-api/posts and
https://developers.facebook.com/documentation/video-api/page-stories-api, read 2026-11-24.
"""

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.media import CannotFetch
from postline.sandbox.meta.errors import graph_error, missing_object, refuse
from postline.sandbox.meta.fields import parse_fields, select
from postline.sandbox.meta.nodes import kind_of
from postline.sandbox.meta.post_options import AUDIENCE, OPTIONS, PLACE, check_audience, check_options, check_place
from postline.sandbox.meta.reading import post_fields
from postline.sandbox.params import Param
from postline.sandbox.records import Media, Photo, Post
from postline.sandbox.settings import DAY

MESSAGE_MAX: Final = 63_206
PHOTO_FORMATS: Final = frozenset({"JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "MPO"})
ATTACHED_MAX: Final = 10
SCHEDULE_AHEAD_SECONDS: Final = (600, 75 * DAY)
UNPUBLISHED: Final = (
    *("ADS_POST", "DRAFT", "INLINE_CREATED", "PUBLISHED", "PUBLISH_PENDING"),
    *("REVIEWABLE_BRANDED_CONTENT", "SCHEDULED", "SCHEDULED_RECURRING"),
)

MANAGE: Final = ("pages_read_engagement", "pages_manage_posts")


async def feed(call: Call) -> Answer:
    """Publish a text, a link or staged photos."""
    world, page_id, params = call.world, call.node, call.params
    message, link = params["message"], params["link"]
    photos = _attached(call)
    check_options(call, has_media=bool(photos))
    if not (message or link or photos):
        raise refuse(100, "(#100) The post is empty. Please enter a message to share.", 1349125)
    _check_message(message)
    _check_link(link)
    if world.settings.facebook_refuses_duplicates and not photos:
        previous = next(world.posts_of(page_id), None)
        if previous and (previous.caption, previous.link, previous.media) == (message, link, ()):
            raise refuse(506, "(#506) Duplicate status message", error_user_title="Duplicate Status Update")
    published, live_at = _when(call)
    post_id = f"{page_id}_{world.new_id('12')}"
    kind = "link" if link and not photos else "text"
    post = world.add_post(
        Post(
            id=post_id,
            network="facebook",
            profile_id=page_id,
            format={0: kind, 1: "image"}.get(len(photos), "carousel"),
            caption=message,
            created_at=world.now(),
            live_at=live_at,
            path=f"/facebook/{post_id}",
            media=tuple(photo.media for photo in photos),
            link=link,
            object_ids=tuple(photo.id for photo in photos),
            published=published,
            place=params["place"] or "",
            tagged=tuple(params["tags"]),
        )
    )
    for photo in photos:
        world.photos.put(replace(photo, post_id=post_id))
    if wanted := call.given.get("fields"):
        return Answer(body=select("Post", post_fields(call, post), parse_fields(str(wanted)), post.id))
    return Answer(body={"id": post.id})


def _attached(call: Call) -> list[Photo]:
    """The staged photos that a post attaches, in order."""
    attached = call.params["attached_media"]
    if not isinstance(attached, list) or len(attached) > ATTACHED_MAX:
        raise refuse(100, f"(#100) Param attached_media must be an array of at most {ATTACHED_MAX}")
    photos = []
    for item in attached:
        photo_id = str(item.get("media_fbid", "")) if isinstance(item, dict) else ""
        photo = _staged(call, photo_id)
        if photo.post_id or photo in photos:
            raise refuse(100, "(#100) These photos were already posted.", 1366051)
        photos.append(photo)
    return photos


def _staged(call: Call, photo_id: str) -> Photo:
    """A photo of this Page that is still kept. Raises Refusal (100/33)."""
    photo = call.world.photos.get(photo_id)
    if photo is None or photo.page_id != call.node or kind_of(call.world, photo_id) is None:
        raise missing_object(photo_id, "post")
    return photo


def _check_message(message: str) -> None:
    if len(message) > MESSAGE_MAX:
        raise refuse(100, f"(#100) Param message must be at most {MESSAGE_MAX} characters", 1349125)


def _check_link(link: str) -> None:
    if not link:
        return
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refuse(100, "(#100) The URL in the post is not valid.", 2061006)
    if parts.hostname.removeprefix("www.") == "facebook.com":
        raise refuse(100, "(#100) Links to facebook.com cannot be posted.", 1609008)


def _when(call: Call) -> tuple[bool, float]:
    """Whether a post will be published, and when."""
    now, at = call.world.now(), call.params["scheduled_publish_time"]
    kind = call.params.get("unpublished_content_type")
    if (kind == "SCHEDULED" and at is None) or (kind == "DRAFT" and at is not None):
        raise refuse(100, "(#100) scheduled_publish_time is for unpublished_content_type SCHEDULED, and needed with it")
    if at is None:
        return call.params["published"] and kind != "DRAFT", now
    if call.params["published"]:
        raise refuse(100, "(#100) You cannot specify a scheduled publish time on a published post")
    if not SCHEDULE_AHEAD_SECONDS[0] <= at - now <= SCHEDULE_AHEAD_SECONDS[1]:
        raise refuse(100, "(#100) The specified scheduled publish time is invalid.", 1363138)
    return True, at


async def photos(call: Call) -> Answer:
    """Stage a photo, or publish it as a post of its own."""
    world, page_id, params = call.world, call.node, call.params
    media = await _photo_bytes(call)
    caption = params["message"] or params["caption"]
    _check_message(caption)
    check_audience(call)
    check_place(call)
    photo = Photo(
        id=world.new_id("22"),
        page_id=page_id,
        media=media.id,
        caption=caption,
        alt_text=params["alt_text_custom"],
        created_at=world.now(),
        temporary=params["temporary"],
    )
    if not params["published"] and params["scheduled_publish_time"] is None:
        world.photos.put(photo)
        return Answer(body={"id": photo.id})
    published, live_at = _when(call)
    post_id = f"{page_id}_{world.new_id('12')}"
    world.add_post(
        Post(
            id=post_id,
            network="facebook",
            profile_id=page_id,
            format="image",
            caption=caption,
            created_at=world.now(),
            live_at=live_at,
            path=f"/facebook/{post_id}",
            media=(media.id,),
            object_ids=(photo.id,),
            alt_text=photo.alt_text,
            published=published,
            place=params["place"] or "",
        )
    )
    world.photos.put(replace(photo, post_id=post_id))
    return Answer(body={"id": photo.id, "post_id": post_id})


async def _photo_bytes(call: Call) -> Media:
    if data := call.params["source"]:
        media = await call.sandbox.library.add(data)
    elif url := call.params["url"]:
        try:
            media = await call.sandbox.fetch(url)
        except CannotFetch as error:
            raise refuse(324, "(#324) Missing or invalid image file", 2069019) from error
    else:
        raise refuse(324, "(#324) Requires upload file")
    largest = call.world.settings.facebook_photo_bytes_max
    if media.size > largest or (media.kind == "image" and media.format not in PHOTO_FORMATS):
        text = f"less than {largest // 1_000_000} MB and saved as JPG, PNG, GIF, TIFF, HEIF or WebP files."
        message = f"Your photos couldn't be uploaded. Photos should be {text}"
        raise refuse(1, message, 1366046, is_transient=False)
    if media.kind != "image":
        raise refuse(324, "(#324) Missing or invalid image file", 2069019)
    return media


async def photo_stories(call: Call) -> Answer:
    """Publish a staged photo as a story."""
    world, photo_id = call.world, call.params["photo_id"]
    photo = _staged(call, photo_id)
    if photo.post_id:
        raise refuse(100, "(#100) These photos were already posted.", 1366051)
    post_id = world.new_id("13")
    world.photos.put(replace(photo, post_id=post_id))
    world.add_post(
        Post(
            id=post_id,
            network="facebook",
            profile_id=call.node,
            format="story",
            caption="",
            created_at=world.now(),
            live_at=world.now() + world.settings.image_seconds,
            path=f"/facebook/stories/{call.node}/{post_id}",
            media=(photo.media,),
            object_ids=(photo.id,),
            media_type="photo",
        )
    )
    return Answer(body={"success": True, "post_id": post_id})


async def edit_post(call: Call) -> Answer:
    """Change a post's text, publish it, or move its time."""
    world, post, params = call.world, call.world.posts[call.node], call.params
    if params["message"] is not None:
        _check_message(params["message"])
        post = replace(post, caption=params["message"])
    if params["is_published"] and not world.is_live(post):
        post = replace(post, published=True, live_at=world.now())
    elif params["scheduled_publish_time"] is not None:
        post = replace(post, live_at=_when(call)[1])
    world.change_post(post)
    return Answer(body={"success": True})


async def delete_post(call: Call) -> Answer:
    call.world.remove_post(call.node)
    return Answer(body={"success": True})


async def delete_photo(call: Call) -> Answer:
    photo = call.world.photos.delete(call.node)
    if photo and photo.post_id:
        call.world.remove_post(photo.post_id)
    return Answer(body={"success": True})


async def delete_video(call: Call) -> Answer:
    video = call.world.videos.delete(call.node)
    if video and video.post_id:
        call.world.remove_post(video.post_id)
    return Answer(body={"success": True})


SCHEDULE = Param("scheduled_publish_time", "time")
PUBLISHED = Param("published", "flag", default=True)
UNPUBLISHED_TYPE = Param("unpublished_content_type", choices=UNPUBLISHED)

ENDPOINTS = (
    Endpoint(
        name="facebook.feed",
        method="POST",
        path="/{page}/feed",
        handler=feed,
        envelope=graph_error,
        scopes=MANAGE,
        params=(
            Param("message", default=""),
            Param("link", default=""),
            Param("attached_media", "json", default=[]),
            PUBLISHED,
            SCHEDULE,
            UNPUBLISHED_TYPE,
            *OPTIONS,
        ),
    ),
    Endpoint(
        name="facebook.photos",
        method="POST",
        path="/{page}/photos",
        handler=photos,
        envelope=graph_error,
        scopes=MANAGE,
        params=(
            Param("url"),
            Param("source", "file"),
            Param("message", default=""),
            Param("caption", default=""),
            Param("alt_text_custom", default=""),
            Param("temporary", "flag", default=False),
            PUBLISHED,
            SCHEDULE,
            UNPUBLISHED_TYPE,
            *AUDIENCE,
            PLACE,
        ),
    ),
    Endpoint(
        name="facebook.photo_stories",
        method="POST",
        path="/{page}/photo_stories",
        handler=photo_stories,
        envelope=graph_error,
        scopes=MANAGE,
        params=(Param("photo_id", required=True),),
    ),
    Endpoint(
        name="facebook.post.edit",
        method="POST",
        path="/{post}",
        handler=edit_post,
        envelope=graph_error,
        scopes=MANAGE,
        params=(
            Param("message"),
            Param("is_published", "flag"),
            SCHEDULE,
            Param("published", "flag", default=False),
        ),
    ),
    Endpoint(
        name="facebook.post.delete",
        method="DELETE",
        path="/{post}",
        handler=delete_post,
        envelope=graph_error,
        scopes=MANAGE,
    ),
    Endpoint(
        name="facebook.photo.delete",
        method="DELETE",
        path="/{photo}",
        handler=delete_photo,
        envelope=graph_error,
        scopes=MANAGE,
    ),
    Endpoint(
        name="facebook.video.delete",
        method="DELETE",
        path="/{video}",
        handler=delete_video,
        envelope=graph_error,
        scopes=MANAGE,
    ),
)
