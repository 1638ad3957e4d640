"""How TikTok posts are published.

A video is sent as a file: TikTok begins to post when the last byte is in, so the last chunk is the commit. Photos can
only be fetched by TikTok, and the call that asks for it is the commit.
Sources, read 2026-09-11: https://developers.tiktok.com/docs/en/content-posting-api-reference-direct-post,
.../content-posting-api-reference-photo-post, .../content-posting-api-media-transfer-guide
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Effect, Receipt, Restart, Waiting
from postline.core.words import MediaKind
from postline.networks.base import Call, Step
from postline.networks.http import text_of
from postline.networks.polling import ask, is_worth_waiting, still_processing, wait, waited
from postline.networks.tiktok.checkpoint import TikTokCheckpoint
from postline.networks.tiktok.chunks import ChunkPlan, plan_chunks
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.creator import query_creator, require_allowed
from postline.networks.tiktok.errors import failure_of
from postline.networks.tiktok.find import UNRESOLVED
from postline.networks.tiktok.options import Privacy, TikTokOptions
from postline.networks.tiktok.status import State, fetch_status
from postline.networks.tiktok.upload import TikTokUpload

Outcome = Done[TikTokCheckpoint] | Waiting[TikTokCheckpoint] | Restart[TikTokCheckpoint] | Receipt

PROCESSING_MAX: Final = timedelta(hours=2)
# Moderation gives a public post its id, usually within a minute and sometimes after hours; the post is out before that.
POST_ID_PATIENCE: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class TikTokPublisher:
    client: TikTokClient
    upload: TikTokUpload

    def plan(self, order: PublishOrder) -> Sequence[Step[TikTokCheckpoint]]:
        check = Step("check_creator", Effect.READ, self._check_creator)
        wait_post = Step("wait_post", Effect.READ, self._wait_post)
        if not _is_video(order):
            return [check, Step("start_post", Effect.ONCE, self._start_photos), wait_post]
        steps = [check, Step("start_upload", Effect.REPEATABLE, self._start_upload)]
        if self._chunks(order).count > 1:
            steps.append(Step("upload_chunks", Effect.REPEATABLE, self._upload_chunks))
        return [*steps, Step("upload_last_chunk", Effect.ONCE, self._upload_last_chunk), wait_post]

    async def _check_creator(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        creator = await query_creator(self.client, call.target.access_token)
        require_allowed(creator, order, _options(order))
        return Done(checkpoint.model_copy(update={"username": creator.username or None}))

    async def _start_upload(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        chunks = self._chunks(order)
        body = {
            "post_info": _video_info(order),
            "source_info": {
                "source": "FILE_UPLOAD",
                "video_size": chunks.size_bytes,
                "chunk_size": chunks.chunk_bytes,
                "total_chunk_count": chunks.count,
            },
        }
        answer = await self.client.post("video.init", "post/publish/video/init/", call.target.access_token, body)
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

    async def _start_photos(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        options = _options(order)
        body = {
            "media_type": "PHOTO",
            "post_mode": "DIRECT_POST",
            "is_aigc": options.is_aigc,
            "post_info": {
                "title": options.title,
                "description": order.caption,
                "auto_add_music": options.auto_add_music,
                **_shared_info(options),
            },
            "source_info": {
                "source": "PULL_FROM_URL",
                "photo_cover_index": options.photo_cover_index,
                "photo_images": [call.media.public_url(item.asset_id) for item in order.media],
            },
        }
        answer = await self.client.post("content.init", "post/publish/content/init/", call.target.access_token, body)
        return Done(checkpoint.model_copy(update={"publish_id": text_of(answer, "publish_id", "TikTok")}))

    async def _wait_post(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Outcome:
        if checkpoint.publish_id is None:
            # Found among the creator's posts after the answer was lost.
            return Receipt(checkpoint.post_id or "", checkpoint.permalink)
        status = await ask(fetch_status(self.client, call.target.access_token, checkpoint.publish_id))
        if status.state is State.FAILED:
            failure = failure_of(status.fail_reason)
            # Nothing was posted and this publish_id is spent: a person sends it again, as a new post.
            kind = ErrorKind.CONTENT_REJECTED if failure.kind is ErrorKind.TRANSIENT else failure.kind
            raise NetworkError(kind, failure.code, failure.message, is_definite=True)
        if status.state is not State.COMPLETE:
            if waited(checkpoint, call.now) > PROCESSING_MAX:
                raise still_processing("TikTok")
            return wait(checkpoint, call.now, "TikTok has the post and processes it.")
        if status.post_id is not None:
            return await self._receipt(call, order, checkpoint, status.post_id)
        completed_at = checkpoint.completed_at or call.now
        if _options(order).privacy_level is Privacy.EVERYONE and call.now - completed_at < POST_ID_PATIENCE:
            noted = checkpoint.model_copy(update={"completed_at": completed_at})
            return wait(noted, call.now, "The post is out; TikTok has not given its address yet.")
        return Receipt(f"{UNRESOLVED}{checkpoint.publish_id}", None)

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
            kind = "video" if _is_video(order) else "photo"
            permalink = f"https://www.tiktok.com/@{checkpoint.username}/{kind}/{post_id}"
        return Receipt(post_id, permalink)

    def _chunks(self, order: PublishOrder) -> ChunkPlan:
        chunk_bytes = self.client.app.chunk_bytes if self.client.app else None
        size = order.media[0].size_bytes
        return plan_chunks(size) if chunk_bytes is None else plan_chunks(size, chunk_bytes)


def _options(order: PublishOrder) -> TikTokOptions:
    return TikTokOptions.model_validate(dict(order.options))


def _is_video(order: PublishOrder) -> bool:
    return order.media[0].kind is MediaKind.VIDEO


def _shared_info(options: TikTokOptions) -> dict[str, Any]:
    """TikTok's API allows what is not disabled, its rules allow nothing that was not chosen: hence the turn."""
    return {
        "privacy_level": options.privacy_level.value,
        "disable_comment": not options.allow_comment,
        "brand_content_toggle": options.branded_content,
        "brand_organic_toggle": options.your_brand,
    }


def _video_info(order: PublishOrder) -> dict[str, Any]:
    options = _options(order)
    info = {
        "title": order.caption,
        "disable_duet": not options.allow_duet,
        "disable_stitch": not options.allow_stitch,
        "is_aigc": options.is_aigc,
        **_shared_info(options),
    }
    return info if options.cover_ms is None else info | {"video_cover_timestamp_ms": options.cover_ms}
