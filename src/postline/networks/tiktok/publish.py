"""How TikTok posts and drafts are published.

A video is sent as a file: TikTok begins to post when the last byte is in, so the last chunk is the commit. Photos, and
videos where the operator wants it so, are fetched by TikTok, and the call that asks for it is the commit.
Sources, read 2026-09-11: https://developers.tiktok.com/docs/en/content-posting-api-reference-direct-post,
.../content-posting-api-reference-photo-post, .../content-posting-api-media-transfer-guide
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from postline.core.content import PublishOrder
from postline.core.outcomes import Done, Effect, Receipt, Restart, Waiting
from postline.networks.base import Call, Step
from postline.networks.http import text_of
from postline.networks.tiktok.checkpoint import TikTokCheckpoint
from postline.networks.tiktok.chunks import ChunkPlan, plan_chunks
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.creator import query_creator, require_allowed
from postline.networks.tiktok.follow import TikTokFollower
from postline.networks.tiktok.options import chosen, is_video
from postline.networks.tiktok.upload import TikTokUpload
from postline.networks.tiktok.wire import photos_body, pulled_source, sent_source, video_body

Outcome = Done[TikTokCheckpoint] | Waiting[TikTokCheckpoint] | Restart[TikTokCheckpoint] | Receipt

UPLOAD_SAFETY: Final = (
    "Nothing begins before the last byte, and the upload's id is stored before the first: TikTok's status of it tells "
    "whether all bytes are in"
)
PULL_SAFETY: Final = (
    "It is never sent again by itself: after a lost answer the post is sought among the creator's public ones, and "
    "where they cannot tell, a person decides"
)
DRAFT_SAFETY: Final = (
    "It is never sent again by itself: TikTok shows apps no drafts, so after a lost answer a person decides"
)


@dataclass(frozen=True, slots=True)
class TikTokPublisher:
    client: TikTokClient
    upload: TikTokUpload
    follower: TikTokFollower

    def plan(self, order: PublishOrder) -> Sequence[Step[TikTokCheckpoint]]:
        is_draft = chosen(order).as_draft
        # A draft needs no leave to post, and a connection for drafts alone may not ask what the creator may choose.
        before = [] if is_draft else [Step("check_creator", Effect.READ, self._check_creator)]
        wait_post = Step("wait_post", Effect.READ, self.follower.wait_post)
        if is_pulled(order, self.client):
            safety = DRAFT_SAFETY if is_draft else PULL_SAFETY
            start = self._start_pull if is_video(order) else self._start_photos
            return [*before, Step("start_post", Effect.ONCE, start, safety), wait_post]
        before.append(Step("start_upload", Effect.REPEATABLE, self._start_upload))
        if self._chunks(order).count > 1:
            before.append(Step("upload_chunks", Effect.REPEATABLE, self._upload_chunks))
        return [*before, Step("upload_last_chunk", Effect.ONCE, self._upload_last_chunk, UPLOAD_SAFETY), wait_post]

    async def _check_creator(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        creator = await query_creator(self.client, call.target.access_token)
        require_allowed(creator, order, chosen(order))
        return Done(checkpoint.model_copy(update={"username": creator.username or None}))

    async def _start_upload(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        answer = await self._init_video(call, order, sent_source(self._chunks(order)))
        made = {
            "publish_id": text_of(answer, "publish_id", "TikTok"),
            "upload_url": text_of(answer, "upload_url", "TikTok"),
            "upload_started_at": call.now,
        }
        return Done(checkpoint.model_copy(update=made))

    async def _upload_chunks(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        return await self.upload.send_first(call, order, checkpoint, self._chunks(order))

    async def _upload_last_chunk(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        return await self.upload.send_last(call, order, checkpoint, self._chunks(order))

    async def _start_pull(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        if checkpoint.upload_url is not None:
            # Begun as an upload, before the operator chose otherwise: were it pulled too, both could be posted.
            return await self._upload_last_chunk(call, order, checkpoint)
        source = pulled_source(call.media.public_url(order.media[0].asset_id))
        return _started(checkpoint, await self._init_video(call, order, source))

    async def _start_photos(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        body = photos_body(order, [call.media.public_url(item.asset_id) for item in order.media])
        token = call.target.access_token
        return _started(checkpoint, await self.client.post("content.init", "post/publish/content/init/", token, body))

    async def _init_video(self, call: Call, order: PublishOrder, source: dict[str, Any]) -> dict[str, Any]:
        name, path = ("inbox", "inbox/video") if chosen(order).as_draft else ("video", "video")
        body, token = video_body(order, source), call.target.access_token
        return await self.client.post(f"{name}.init", f"post/publish/{path}/init/", token, body)

    def _chunks(self, order: PublishOrder) -> ChunkPlan:
        size, app = order.media[0].size_bytes, self.client.app
        return plan_chunks(size) if app is None else plan_chunks(size, app.chunk_bytes, app.whole_bytes)


def is_pulled(order: PublishOrder, client: TikTokClient) -> bool:
    """Whether TikTok fetches the media of this order itself."""
    return not is_video(order) or (client.app is not None and client.app.pulls_videos)


def _started(checkpoint: TikTokCheckpoint, answer: Mapping[str, Any]) -> Outcome:
    return Done(checkpoint.model_copy(update={"publish_id": text_of(answer, "publish_id", "TikTok")}))
