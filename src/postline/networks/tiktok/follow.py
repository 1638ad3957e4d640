"""What becomes of a post or a draft that TikTok took, until there is a receipt.

Sources, read 2026-09-11: https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status,
https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide (cancelling)
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Receipt, Waiting
from postline.networks.base import Call
from postline.networks.polling import ask, is_worth_waiting, still_processing, wait, waited
from postline.networks.tiktok.checkpoint import TikTokCheckpoint
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.errors import failure_of
from postline.networks.tiktok.find import UNRESOLVED
from postline.networks.tiktok.options import Privacy, chosen, is_video
from postline.networks.tiktok.status import PostStatus, State, fetch_status

Outcome = Waiting[TikTokCheckpoint] | Receipt

PROCESSING_MAX: Final = timedelta(hours=2)
# Moderation gives a public post its id, usually within a minute and sometimes after hours; the post is out before that.
POST_ID_PATIENCE: Final = timedelta(minutes=3)
IN_INBOX: Final = "It waits in the creator's TikTok inbox: they open its notification and post it in the TikTok app."


@dataclass(frozen=True, slots=True)
class TikTokFollower:
    client: TikTokClient

    async def wait_post(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        if checkpoint.publish_id is None:
            # Found among the creator's posts after the answer was lost.
            return Receipt(checkpoint.post_id or "", checkpoint.permalink)
        status = await ask(fetch_status(self.client, call.target.access_token, checkpoint.publish_id))
        unresolved = f"{UNRESOLVED}{checkpoint.publish_id}"
        match status.state:
            case State.FAILED:
                raise _final(failure_of(status.fail_reason))
            case State.IN_INBOX:
                return Receipt(unresolved, None, note=IN_INBOX)
            case State.COMPLETE if status.post_id is not None:
                return await self._receipt(call, order, checkpoint, status.post_id)
            case State.COMPLETE:
                completed_at = checkpoint.completed_at or call.now
                is_public = chosen(order).privacy_level is Privacy.EVERYONE
                if is_public and call.now - completed_at < POST_ID_PATIENCE:
                    noted = checkpoint.model_copy(update={"completed_at": completed_at})
                    return wait(noted, call.now, "The post is out; TikTok has not given its address yet.")
                return Receipt(unresolved, None)
        if waited(checkpoint, call.now) > PROCESSING_MAX:
            return await self._give_up(call, checkpoint, status)
        return wait(checkpoint, call.now, "TikTok has the post and processes it.")

    async def _give_up(self, call: Call, checkpoint: TikTokCheckpoint, status: PostStatus) -> Outcome:
        """A download that never ends can be cancelled, after which the status says that nothing was posted."""
        if status.state is not State.DOWNLOADING or checkpoint.cancelled_at is not None:
            raise still_processing("TikTok")
        body = {"publish_id": checkpoint.publish_id}
        try:
            await self.client.post("publish.cancel", "post/publish/cancel/", call.target.access_token, body)
        except NetworkError as error:
            if error.code == "publish_not_cancellable":
                raise still_processing("TikTok") from error
            raise
        noted = checkpoint.model_copy(update={"cancelled_at": call.now})
        return wait(noted, call.now, "TikTok did not finish fetching the media; it was asked to give up.")

    async def _receipt(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint, post_id: str) -> Outcome:
        try:
            body, params = {"filters": {"video_ids": [post_id]}}, {"fields": "id,share_url"}
            answer = await self.client.post("video.query", "video/query/", call.target.access_token, body, params)
            shared = [video["share_url"] for video in answer.get("videos") or () if video.get("share_url")]
        except NetworkError as error:
            if is_worth_waiting(error, checkpoint, call.now):
                return wait(checkpoint, call.now, "The post is out; TikTok does not show its address yet.")
            shared = []
        # The query tells TikTok which app shared the link; people get it without.
        permalink = str(shared[0]).partition("?")[0] if shared else None
        if permalink is None and checkpoint.username:
            kind = "video" if is_video(order) else "photo"
            permalink = f"https://www.tiktok.com/@{checkpoint.username}/{kind}/{post_id}"
        return Receipt(post_id, permalink)


def _final(failure: NetworkError) -> NetworkError:
    """Nothing was posted and this publish_id is spent: a person sends it again, as a new post."""
    kind = ErrorKind.CONTENT_REJECTED if failure.kind is ErrorKind.TRANSIENT else failure.kind
    return NetworkError(kind, failure.code, failure.message, is_definite=True)
