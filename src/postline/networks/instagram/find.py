"""Did the commit happen? The container's own state tells."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from postline.core.content import PublishOrder
from postline.core.outcomes import CannotTell, Found, NotFound
from postline.core.words import Format
from postline.networks.base import Call
from postline.networks.instagram.checkpoint import InstagramCheckpoint
from postline.networks.instagram.container import ContainerState, read_container
from postline.networks.instagram.options import is_single_video
from postline.networks.meta.graph import Graph
from postline.networks.meta.paging import Node, read_list

# Marks a receipt of a post that is live while Instagram has not told its media id.
UNRESOLVED: Final = "container:"
SEARCH_MARGIN_S: Final = 60
FIELDS: Final = "id,caption,timestamp,permalink,media_product_type"

Answer = Found[InstagramCheckpoint] | NotFound[InstagramCheckpoint] | CannotTell


async def find_commit(graph: Graph, call: Call, checkpoint: InstagramCheckpoint) -> Answer:
    """PUBLISHED is live. FINISHED, ERROR and EXPIRED are not, and the same container can be sent again or made anew."""
    container = await read_container(graph, call, checkpoint.container_id or "")
    match container.state:
        case ContainerState.PUBLISHED:
            found = checkpoint.model_copy(update={"is_published": True, "waiting_since": None})
            return Found(found, "Instagram says that the container is published.")
        case ContainerState.IN_PROGRESS:
            return CannotTell("Instagram still works on the container.")
        case state:
            return NotFound(checkpoint, f"Instagram says that the container is {state.lower()}, not published.")


async def find_media(graph: Graph, call: Call, order: PublishOrder) -> str | None:
    """The media id of a post known to be live: the only one of its kind, text and time. None: none, or several."""
    since = int(call.since.timestamp()) - SEARCH_MARGIN_S
    edge = "stories" if order.format is Format.STORY else "media"
    params = {"fields": FIELDS, "since": str(since), "limit": "25"}
    tokens = (call.target.access_token, call.target.user_token)

    async def page(asked: Mapping[str, str]) -> Node:
        return await graph.read(f"account.{edge}", f"{call.target.remote_id}/{edge}", tokens, asked)

    listing = await read_list(page, params, lambda media: _is_since(media, since))
    product = _product(order)
    matching = [
        str(media["id"])
        for media in listing.nodes
        if media.get("media_product_type", product) == product
        and (product == "STORY" or _folded(media.get("caption")) == _folded(order.caption))
    ]
    return matching[0] if len(matching) == 1 and listing.is_whole else None


def _is_since(media: Node, since: int) -> bool:
    """The list is asked for what is new; whether it heeds that is seen here."""
    stamp = media.get("timestamp")
    return stamp is not None and datetime.fromisoformat(stamp).timestamp() >= since


def _product(order: PublishOrder) -> str:
    if order.format is Format.STORY:
        return "STORY"
    return "REELS" if is_single_video(order) else "FEED"


def _folded(text: object) -> str:
    """Instagram strips "@" from returned captions for some tokens."""
    return " ".join(str(text or "").replace("@", "").split())
