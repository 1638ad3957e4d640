"""How far a Facebook post has got."""

from pydantic import AwareDatetime

from postline.networks.polling import PollingCheckpoint


class FacebookCheckpoint(PollingCheckpoint):
    """`photo_ids` are staged, unpublished photos in display order; `video_id` names a video also after it is live.

    `upload_from` and `upload_to` are the bytes that Facebook wants first. `commit_noted_at`: within a minute before
    the commit was last sent, which bounds the time in which a look-up has to search. `was_sent_before`: an earlier
    commit was looked up and taken for lost.
    """

    photo_ids: tuple[str, ...] = ()
    video_id: str | None = None
    upload_url: str | None = None
    upload_session_id: str | None = None
    upload_from: int = 0
    upload_to: int = 0
    commit_noted_at: AwareDatetime | None = None
    was_sent_before: bool = False
    post_id: str | None = None
