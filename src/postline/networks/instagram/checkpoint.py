"""How far an Instagram post has got."""

from postline.networks.meta.comments import CommentCheckpoint


class InstagramCheckpoint(CommentCheckpoint):
    """`item_ids`: a container for each of the order's media; `upload_urls` beside them, "" where nothing is uploaded.

    `container_id` is the one that is published: a carousel's own, or the only item's. A published post whose media id
    the network did not tell has `is_published` and no `media_id`.
    """

    item_ids: tuple[str, ...] = ()
    upload_urls: tuple[str, ...] = ()
    container_id: str | None = None
    is_published: bool = False
    media_id: str | None = None
