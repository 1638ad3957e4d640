"""What Meta tells an app of: a subscribed Page's posts and comments, ended Instagram stories, and removed access.

Source: https://developers.facebook.com/docs/graph-api/webhooks/reference/page and
https://developers.facebook.com/docs/instagram-platform/webhooks, read 2026-11-24; the feed's items as seen in payloads
that integrators published.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from postline.sandbox.context import Sandbox
from postline.sandbox.growth import number
from postline.sandbox.records import Comment, Post
from postline.sandbox.settings import DAY, HOUR, META_APP_SECRET
from postline.sandbox.webhooks import Parcel, to_json

ITEMS: Final[Mapping[str, str]] = {
    "text": "status",
    "link": "share",
    "image": "photo",
    "video": "video",
    "reel": "video",
}
"""A feed's word for a format; a carousel is a status with photos, and stories are in no feed."""
FEW_VIEWERS: Final = 5


def watch(sandbox: Sandbox) -> None:
    """Tell of posts from now on."""

    def changed(before: Post | None, after: Post | None) -> None:
        post = after or before
        if post is None or not sandbox.world.settings.webhooks.meta.callback_url:
            return
        if post.network == "facebook" and post.format != "story":
            _tell_of_feed(sandbox, before, after)
        elif post.network == "instagram" and post.format == "story" and before is None:
            sandbox.webhooks.plan(post.live_at + DAY, lambda: _story_insights(sandbox, post))

    sandbox.world.watchers.append(changed)


def _tell_of_feed(sandbox: Sandbox, before: Post | None, after: Post | None) -> None:
    """A post that is not live yet is told of twice: with published 0, and with 1 when it is."""
    world = sandbox.world
    now = world.now()
    if after is None:
        if before is not None:
            removed = {"item": "post", "verb": "remove", "post_id": before.id, "recipient_id": before.profile_id}
            sandbox.webhooks.plan(now, lambda: _feed(sandbox, before.profile_id, removed))
        return
    was_live = before is not None and before.published and before.live_at <= now
    if was_live:
        edited = _added(after) | {"verb": "edited", "published": 1}
        sandbox.webhooks.plan(now, lambda: _feed(sandbox, after.profile_id, edited))
        return
    if before is None and not world.is_live(after):
        staged = _added(after) | {"published": 0}
        sandbox.webhooks.plan(now, lambda: _feed(sandbox, after.profile_id, staged))
    if after.published:
        sandbox.webhooks.plan(after.live_at, lambda: _went_live(sandbox, after))


def _went_live(sandbox: Sandbox, planned: Post) -> Parcel | None:
    """Nothing if the post was removed, hidden or put off since."""
    post = sandbox.world.posts.get(planned.id)
    if post is None or not sandbox.world.is_live(post) or post.live_at != planned.live_at:
        return None
    return _feed(sandbox, post.profile_id, _added(post) | {"published": 1})


def _added(post: Post) -> dict[str, Any]:
    item = ITEMS.get(post.format, "status")
    value: dict[str, Any] = {"item": item, "verb": "add", "post_id": post.id, "created_time": int(post.created_at)}
    if post.caption:
        value["message"] = post.caption
    if post.link:
        value["link"] = post.link
    if post.object_ids and item in ("photo", "video"):
        value[f"{item}_id"] = post.object_ids[0]
    return value


def told_of_comment(sandbox: Sandbox, comment: Comment, verb: str) -> None:
    """Tell of a comment on a Page's post; verb: add, edited, remove. A first-level one has the post as its parent."""
    world = sandbox.world
    if not world.settings.webhooks.meta.callback_url:
        return
    video, photo = world.videos.get(comment.object_id), world.photos.get(comment.object_id)
    post_id = video.post_id if video else photo.post_id if photo else comment.object_id
    value = {
        "item": "comment",
        "verb": verb,
        "comment_id": comment.id,
        "parent_id": post_id,
        "post_id": post_id,
        "message": comment.text,
        "created_time": int(comment.created_at),
    }
    sandbox.webhooks.plan(world.now(), lambda: _feed(sandbox, comment.author_id, value))


def _feed(sandbox: Sandbox, page_id: str, value: Mapping[str, Any]) -> Parcel | None:
    page = sandbox.world.pages.get(page_id)
    if page is None or "feed" not in page.subscribed_fields:
        return None
    sender = {"from": {"id": page.id, "name": page.name}}
    return _parcel(sandbox, "page", page.id, [{"field": "feed", "value": sender | dict(value)}])


def _story_insights(sandbox: Sandbox, story: Post) -> Parcel | None:
    """The last numbers of a story, as the documentation's sample names them; few viewers are told as -1."""
    account = sandbox.world.instagram.get(story.profile_id)
    if account is None or "story_insights" not in account.subscribed_fields or not sandbox.world.posts.get(story.id):
        return None
    names = {"impressions": "views", "reach": "reach", "taps_forward": "navigation", "replies": "replies"}
    numbers = {shown: number(kind, story.id, DAY) for shown, kind in names.items()} | {"taps_back": 0, "exits": 0}
    if numbers["reach"] < FEW_VIEWERS:
        numbers = dict.fromkeys(numbers, -1)
    value = {"media_id": story.id, **numbers}
    return _parcel(sandbox, "instagram", account.id, [{"field": "story_insights", "value": value}])


def permissions_revoked(sandbox: Sandbox, person_id: str, scopes: Sequence[str], page_ids: Sequence[str]) -> None:
    """Tell that a person took permissions back."""
    changes = [{"field": scope, "value": {"verb": "revoked", "target_ids": list(page_ids)}} for scope in scopes]
    if changes and sandbox.world.settings.webhooks.meta.callback_url:
        sandbox.webhooks.plan(sandbox.world.now(), lambda: _parcel(sandbox, "permissions", person_id, changes))


def _parcel(sandbox: Sandbox, of: str, node: str, changes: Sequence[Mapping[str, Any]]) -> Parcel | None:
    """A delivery as Meta sends it; nothing if the app does not ask for the field (or, for permissions, the object)."""
    addresses = sandbox.world.settings.webhooks.meta
    asked = of if of == "permissions" else str(changes[0]["field"])
    if asked not in addresses.fields or not addresses.callback_url:
        return None
    entry: dict[str, Any] = {"id": node, "time": int(sandbox.world.now()), "changes": list(changes)}
    if of == "permissions":
        entry["uid"] = node
    return Parcel(
        network="meta",
        event=f"{of}.{asked}" if of != asked else of,
        url=addresses.callback_url,
        body=to_json({"object": of, "entry": [entry]}),
    )


def access_removed(sandbox: Sandbox, person_id: str) -> None:
    """Call the app's deauthorize callback."""
    url = sandbox.world.settings.webhooks.meta.deauthorize_url
    if url:
        body = urlencode({"signed_request": signed_request(person_id, sandbox.world.now())}).encode()
        call = Parcel(event="deauthorize", url=url, body=body, content_type="application/x-www-form-urlencoded")
        sandbox.webhooks.plan(sandbox.world.now(), lambda: call)


def signed_request(person_id: str, now: float) -> str:
    """What the deauthorize and data deletion callbacks carry: base64url(signature).base64url(JSON), without padding."""
    payload = {
        "user_id": person_id,
        "algorithm": "HMAC-SHA256",
        "issued_at": int(now),
        "expires": int(now + HOUR),
    }
    encoded = _base64url(to_json(payload))
    signature = hmac.new(META_APP_SECRET.encode(), encoded.encode(), hashlib.sha256).digest()
    return f"{_base64url(signature)}.{encoded}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
