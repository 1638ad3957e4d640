"""From complete media to a post: what TikTok checks after the last byte, when it is live, and its public id.

Source: https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status, read 2026-11-24.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from postline.sandbox.context import Sandbox
from postline.sandbox.media import CannotFetch
from postline.sandbox.records import Creator, Media, Post, Publish
from postline.sandbox.redirects import LOOPBACK
from postline.sandbox.tiktok.errors import refuse
from postline.sandbox.world import World

VIDEO_CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9"})
PHOTO_FORMATS: Final = frozenset({"JPEG", "WEBP"})
PHOTO_BYTES_MAX: Final = 20_000_000
DRAFT_SECONDS_MAX: Final = 600


def check_ownership(world: World, urls: Sequence[str]) -> None:
    """Raises Refusal (403) for an address whose domain or prefix was not verified in the developer portal."""
    prefixes = world.settings.tiktok_verified_prefixes
    for url in urls:
        verified = url.startswith(prefixes) if prefixes else urlsplit(url).hostname in LOOPBACK
        if not verified:
            raise refuse("url_ownership_unverified", "Please review the URL ownership verification rules")


def begin_pull(sandbox: Sandbox, publish: Publish) -> None:
    """Fetch the media of a publish after its init was answered."""
    sandbox.spawn(publish.id, _pull(sandbox, publish.id, publish.urls))


def resume_publishes(sandbox: Sandbox) -> None:
    """After a restart, fetch the media that had not arrived; files that arrived in part start from their first byte."""
    for publish in sandbox.world.publishes:
        if publish.committed_at or publish.failure:
            continue
        if publish.urls:
            begin_pull(sandbox, publish)
        elif publish.received:
            sandbox.world.publishes.put(replace(publish, received=0))


async def _pull(sandbox: Sandbox, publish_id: str, urls: Sequence[str]) -> None:
    world, fetched = sandbox.world, []
    for url in urls:
        try:
            fetched.append(await sandbox.fetch(url, follow=False))
        except CannotFetch:
            publish = world.publishes[publish_id]
            failure = "photo_pull_failed" if publish.media_type == "PHOTO" else "video_pull_failed"
            world.publishes.put(replace(publish, failure=publish.failure or failure, ready_at=world.now()))
            return
    commit(world, publish_id, fetched)


def commit(world: World, publish_id: str, media: Sequence[Media]) -> None:
    """All bytes are in: judge them; if they will do, the post (or draft) exists from `ready_at` on."""
    publish = world.publishes[publish_id]
    if publish.failure:
        return
    creator, settings = world.creators[publish.open_id], world.settings
    seconds = settings.tiktok_photo_seconds if publish.media_type == "PHOTO" else settings.tiktok_video_seconds
    publish = replace(
        publish,
        committed_at=world.now(),
        ready_at=world.now() + seconds,
        media=tuple(each.id for each in media),
        received=sum(each.size for each in media),
        failure=next((problem for each in media if (problem := judge(publish, creator, each))), ""),
    )
    world.publishes.put(publish)
    if publish.mode == "direct" and not publish.failure:
        add_post(world, publish, publish.ready_at)


def judge(publish: Publish, creator: Creator, media: Media) -> str:
    """The fail_reason that processing will end with, or nothing."""
    if publish.media_type == "PHOTO":
        if media.format not in PHOTO_FORMATS or media.size > PHOTO_BYTES_MAX:
            return "file_format_check_failed"
        short, long = sorted((media.width, media.height))
        return "picture_size_check_failed" if short > 1_080 or long > 1_920 else ""
    if media.kind != "video" or media.format not in VIDEO_CODECS:
        return "file_format_check_failed"
    if not (min(media.width, media.height) >= 360 and max(media.width, media.height) <= 4_096):
        return "picture_size_check_failed"
    if not 22.5 <= media.fps <= 60.5:
        return "frame_rate_check_failed"
    longest = creator.max_video_seconds if publish.mode == "direct" else DRAFT_SECONDS_MAX
    return "duration_check_failed" if media.seconds > longest + 0.5 else ""


def add_post(world: World, publish: Publish, live_at: float) -> Post:
    """Post what was published directly, or a draft that the creator finished."""
    creator = world.creators[publish.open_id]
    is_photo = publish.media_type == "PHOTO"
    post_id = world.new_id("768")
    post = Post(
        id=post_id,
        network="tiktok",
        profile_id=creator.id,
        format="video" if not is_photo else "image" if len(publish.media) == 1 else "carousel",
        caption=publish.caption,
        created_at=world.now(),
        live_at=live_at,
        path=f"/tiktok/@{creator.username}/{'photo' if is_photo else 'video'}/{post_id}",
        media=publish.media,
        object_ids=(publish.id,),
        privacy=publish.privacy,
        title=publish.title,
    )
    world.publishes.put(replace(publish, post_id=post_id))
    return world.add_post(post)


def is_failed(world: World, publish: Publish) -> bool:
    return bool(publish.failure) and publish.ready_at <= world.now()


def public_ids(world: World, publish: Publish) -> list[int]:
    """The id of a public post, once moderation has passed; none for any other."""
    post = world.posts.get(publish.post_id)
    if post is None or not is_public(world, post):
        return []
    return [int(post.id)]


def is_public(world: World, post: Post) -> bool:
    return (
        post.privacy == "PUBLIC_TO_EVERYONE" and post.live_at + world.settings.tiktok_moderation_seconds <= world.now()
    )
