"""What an id in Graph API's one address space is, and the Page it belongs to."""

from typing import Final

from postline.sandbox.records import Comment
from postline.sandbox.settings import DAY, META_APP_ID
from postline.sandbox.world import World

WITHOUT_TOKEN: Final = frozenset({"dialog", "oauth", "debug_token"})
"""Addresses that are no ids and take no user's token."""

FIXED: Final = frozenset({"", "me", *WITHOUT_TOKEN})


def kind_of(world: World, node: str) -> str | None:
    """What kind of node an id (or a fixed name such as `me`) is. None: nothing that exists."""
    if node in FIXED:
        return node
    if post := world.posts.get(node):
        return {"facebook": "post", "instagram": "media"}.get(post.network)
    for kind, table in (
        ("page", world.pages),
        ("instagram", world.instagram),
        ("container", world.containers),
        ("video", world.videos),
        ("business", world.businesses),
        ("upload", world.file_uploads),
    ):
        if table.get(node) is not None:
            return kind
    if photo := world.photos.get(node):
        is_kept = photo.post_id or photo.temporary or world.now() < photo.created_at + DAY
        return "photo" if is_kept else None
    if comment := world.comments.get(node):
        return "reply" if _is_on_instagram(world, comment) else "comment"
    return "app" if node == META_APP_ID else None


def _is_on_instagram(world: World, comment: Comment) -> bool:
    return world.instagram.get(comment.author_id) is not None


def page_of(world: World, node: str) -> str:
    """The Page through which a node is reached; empty for nodes that belong to none."""
    if comment := world.comments.get(node):
        node = comment.object_id
    if post := world.posts.get(node):
        return post.profile_id if post.network == "facebook" else world.instagram[post.profile_id].page_id
    if container := world.containers.get(node):
        return world.instagram[container.instagram_id].page_id
    if account := world.instagram.get(node):
        return account.page_id
    if owned := world.videos.get(node) or world.photos.get(node):
        return owned.page_id
    return node if world.pages.get(node) else ""
