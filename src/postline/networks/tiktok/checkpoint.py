"""How far a TikTok post has got."""

from pydantic import AwareDatetime

from postline.networks.polling import PollingCheckpoint


class TikTokCheckpoint(PollingCheckpoint):
    """`publish_id` names an upload or post under way; it is no post id. `upload_url` is a key in itself, for an hour.

    `is_spent`: TikTok gave up this upload by a fault of its own. `post_id` is known once a public post has passed
    moderation. `completed_at`: when TikTok first called it complete. `cancelled_at`: when TikTok agreed to give up a
    download that did not end.
    """

    username: str | None = None
    publish_id: str | None = None
    upload_url: str | None = None
    upload_started_at: AwareDatetime | None = None
    is_spent: bool = False
    completed_at: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None
    post_id: str | None = None
    permalink: str | None = None
