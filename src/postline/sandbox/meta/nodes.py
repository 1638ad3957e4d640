"""What an id in Graph API's one address space is, and the Page it belongs to."""

from typing import Any, Final

from postline.sandbox.world import Table, World

WITHOUT_TOKEN: Final = frozenset({"dialog", "oauth", "debug_token"})
"""Addresses that are no ids and take no user's token."""


def kind_of(world: World, node: str) -> str | None:
    """What kind of node an id (or a fixed name such as `me`) is. None: nothing that exists."""
    if node in ("", "me", *WITHOUT_TOKEN):
        return node
    if post := world.posts.get(node):
        return {"facebook": "post", "instagram": "media"}.get(post.network)
    tables: dict[str, Table[Any]] = {
        "container": world.containers,
        "video": world.videos,
        "photo": world.photos,
        "page": world.pages,
        "instagram": world.instagram,
    }
    return next((kind for kind, table in tables.items() if table.get(node) is not None), None)


def page_of(world: World, node: str) -> str:
    """The Page through which a node is reached; empty for nodes that belong to none."""
    if post := world.posts.get(node):
        return post.profile_id if post.network == "facebook" else world.instagram[post.profile_id].page_id
    if container := world.containers.get(node):
        return world.instagram[container.instagram_id].page_id
    if account := world.instagram.get(node):
        return account.page_id
    if owned := world.videos.get(node) or world.photos.get(node):
        return owned.page_id
    return node if world.pages.get(node) else ""
