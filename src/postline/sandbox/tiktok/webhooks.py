"""What TikTok tells an app of: how a publish ended, when a post is public and when it no longer is, lost access.

Source: https://developers.tiktok.com/doc/webhooks-events and https://developers.tiktok.com/doc/webhooks-overview, read
2026-11-24. `publish_type` of direct posts is documented for TikTok API for Business only.
"""

from collections.abc import Mapping
from typing import Any, Final

from postline.sandbox.context import Sandbox
from postline.sandbox.records import Post, Publish
from postline.sandbox.settings import TIKTOK_CLIENT_KEY
from postline.sandbox.tiktok.published import is_public
from postline.sandbox.webhooks import Parcel, to_json
from postline.sandbox.world import World

PUBLISH_TYPES: Final = {"direct": "DIRECT_PUBLISH", "inbox": "INBOX_SHARE"}
REMOVED_BY_USER: Final = 1
REMOVED_BY_DEVELOPER: Final = 5


def watch(sandbox: Sandbox) -> None:
    """Tell of posts that become public, and of public ones that no longer are, from now on."""
    world = sandbox.world

    def changed(before: Post | None, after: Post | None) -> None:
        post = after or before
        if post is None or post.network != "tiktok" or not _is_wanted(world):
            return
        if before is not None and is_public(world, before) and (after is None or not is_public(world, after)):
            gone = parcel(world, "post.publish.no_longer_publicaly_available", post.profile_id, _of_post(world, post))
            sandbox.webhooks.plan(world.now(), lambda: gone)
        elif after is not None and after.privacy == "PUBLIC_TO_EVERYONE":
            at = max(world.now(), after.live_at + world.settings.tiktok_moderation_seconds)
            sandbox.webhooks.plan(at, lambda: _became_public(world, after.id))

    world.watchers.append(changed)


def publish_ended(sandbox: Sandbox, publish: Publish) -> None:
    """Tell how a publish ended once it does: failed, posted, or delivered to the inbox."""
    world = sandbox.world
    if _is_wanted(world):
        sandbox.webhooks.plan(max(world.now(), publish.ready_at), lambda: _ended(world, publish.id))


def draft_posted(sandbox: Sandbox, publish: Publish) -> None:
    """Tell that the creator posted a draft; again for each post they made of it."""
    world, content = sandbox.world, _of_publish(publish)
    if _is_wanted(world):
        done = parcel(world, "post.publish.complete", publish.open_id, content)
        sandbox.webhooks.plan(world.now(), lambda: done)


def access_removed(sandbox: Sandbox, open_id: str, reason: int) -> None:
    world = sandbox.world
    if _is_wanted(world):
        gone = parcel(world, "authorization.removed", open_id, {"reason": reason})
        sandbox.webhooks.plan(world.now(), lambda: gone)


def _ended(world: World, publish_id: str) -> Parcel | None:
    publish = world.publishes.get(publish_id)
    if publish is None or not publish.ready_at or publish.ready_at > world.now():
        return None
    content = _of_publish(publish)
    if publish.failure:
        return parcel(world, "post.publish.failed", publish.open_id, content | {"reason": publish.failure})
    event = "post.publish.complete" if publish.mode == "direct" else "post.publish.inbox_delivered"
    return parcel(world, event, publish.open_id, content)


def _became_public(world: World, post_id: str) -> Parcel | None:
    post = world.posts.get(post_id)
    if post is None or not is_public(world, post):
        return None
    return parcel(world, "post.publish.publicly_available", post.profile_id, _of_post(world, post))


def _of_publish(publish: Publish) -> dict[str, Any]:
    return {"publish_id": publish.id, "publish_type": PUBLISH_TYPES[publish.mode]}


def _of_post(world: World, post: Post) -> dict[str, Any]:
    return _of_publish(world.publishes[post.object_ids[0]]) | {"post_id": post.id}


def parcel(world: World, event: str, open_id: str, content: Mapping[str, Any]) -> Parcel:
    """An event as TikTok sends it; its content is JSON within JSON."""
    body = {
        "client_key": TIKTOK_CLIENT_KEY,
        "event": event,
        "create_time": int(world.now()),
        "user_openid": open_id,
        "content": to_json(content).decode(),
    }
    return Parcel(network="tiktok", event=event, url=world.settings.webhooks.tiktok.callback_url, body=to_json(body))


def _is_wanted(world: World) -> bool:
    return bool(world.settings.webhooks.tiktok.callback_url)
