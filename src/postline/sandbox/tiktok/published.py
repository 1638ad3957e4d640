"""What a publish led to: posts, whether the public sees them, and the ids that status/fetch tells.

Source: https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status, read 2026-11-24.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from postline.sandbox.records import Post, Publish
from postline.sandbox.world import World


def add_post(world: World, publish: Publish, live_at: float) -> Post:
    """Post what was published directly, or a draft that the creator finished."""
    creator = world.creators[publish.open_id]
    is_photo = publish.media_type == "PHOTO"
    post_id = world.new_id("768")
    world.publishes.put(replace(publish, post_ids=(*publish.post_ids, post_id)))
    return world.add_post(
        Post(
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
            comments_enabled=not creator.comment_disabled and "disable_comment" not in publish.flags,
            cover_ms=publish.cover_ms,
            cover_index=publish.cover_index,
            flags=publish.flags,
        )
    )


def is_public(world: World, post: Post) -> bool:
    """Whether anybody can see a post: it is for everyone, live, and through moderation."""
    return (
        post.privacy == "PUBLIC_TO_EVERYONE" and post.live_at + world.settings.tiktok_moderation_seconds <= world.now()
    )


def failure_of(world: World, publish: Publish) -> str:
    """The fail_reason as of now; empty if the publish did not fail (yet). A pull has an hour to arrive."""
    if publish.failure:
        return publish.failure if publish.ready_at <= world.now() else ""
    late = publish.created_at + world.settings.tiktok_pull_seconds <= world.now()
    return pull_failed(publish) if publish.urls and not publish.committed_at and late else ""


def pull_failed(publish: Publish) -> str:
    """The fail_reason of a publish whose media could not be fetched."""
    return "photo_pull_failed" if publish.media_type == "PHOTO" else "video_pull_failed"


def public_ids(world: World, publish: Publish) -> list[int]:
    """The ids of posts that are public and through moderation; none for any other."""
    posts = (world.posts.get(post_id) for post_id in publish.post_ids)
    return [int(post.id) for post in posts if post is not None and is_public(world, post)]


ID_SHAPES: Final[Mapping[str, Callable[[list[int]], dict[str, Any]]]] = {
    "numbers": lambda ids: {"publicaly_available_post_id": ids},
    "texts": lambda ids: {"publicaly_available_post_id": [str(each) for each in ids]},
    "null": lambda ids: {"publicaly_available_post_id": ids or None},
    "absent": lambda ids: {"publicaly_available_post_id": ids} if ids else {},
    "late": lambda ids: {"publicaly_available_post_id": []},
}
"""How ids are told, by the setting of that name. The field's name is misspelt on the wire."""
