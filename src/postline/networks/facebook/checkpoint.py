"""How far a Facebook post has got."""

from postline.networks.meta.comments import CommentCheckpoint


class FacebookCheckpoint(CommentCheckpoint):
    """`photo_ids` are staged, unpublished photos in display order; `video_id` names a video also after it is live.

    `upload_url` takes the bytes of a reel or story. A feed video goes through an `upload_session` (its id is also its
    address), which gives the `file_handle` that is then published. `was_sent_before`: an earlier commit was looked up
    and taken for lost.
    """

    photo_ids: tuple[str, ...] = ()
    video_id: str | None = None
    upload_url: str | None = None
    upload_session: str | None = None
    file_handle: str | None = None
    was_sent_before: bool = False
    post_id: str | None = None
