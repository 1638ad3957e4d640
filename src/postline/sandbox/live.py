"""What a visitor of the networks would see now, profile by profile: as JSON for tests, and for the sandbox's pages."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from postline.sandbox.records import Comment, Post
from postline.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    network: str
    id: str
    name: str
    handle: str


def profiles(world: World) -> list[Profile]:
    """Everything that can be published to."""
    return [
        *(Profile(network="facebook", id=page.id, name=page.name, handle=page.username) for page in world.pages),
        *(
            Profile(network="instagram", id=account.id, name=account.name, handle=account.username)
            for account in world.instagram
        ),
        *(
            Profile(network="tiktok", id=creator.id, name=creator.nickname, handle=creator.username)
            for creator in world.creators
        ),
    ]


def comments_below(world: World, post: Post) -> list[Comment]:
    """On the post itself, then on its photos or video."""
    return [comment for each in (post.id, *post.object_ids) for comment in world.comments_on(each)]


def describe(world: World, base_url: str, post: Post) -> dict[str, Any]:
    """A post as `GET /sandbox/live` tells it."""
    return {
        "network": post.network,
        "profile_id": post.profile_id,
        "remote_id": post.id,
        "object_ids": list(post.object_ids),
        "caption": post.caption,
        "title": post.title,
        "link": post.link,
        "format": post.format,
        "privacy": post.privacy,
        "flags": list(post.flags),
        "permalink": f"{base_url}{post.path}",
        "created_at": datetime.fromtimestamp(post.live_at, UTC).isoformat(),
        "media_count": len(post.media),
        "media": list(post.media),
        "cover_url": f"{base_url}{post.still}" if post.still else "",
        "tagged": list(post.tagged),
        "collaborators": list(post.collaborators),
        "place": post.place,
        "comments": [comment.text for comment in comments_below(world, post)],
    }


def live(world: World, base_url: str, network: str = "", profile_id: str = "") -> list[dict[str, Any]]:
    """Live posts, the newest first, of all profiles or some."""
    return [
        describe(world, base_url, post)
        for post in world.live_posts()
        if (not network or post.network == network) and (not profile_id or post.profile_id == profile_id)
    ]
