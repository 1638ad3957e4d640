"""Sending a video's bytes, chunk by chunk and in order.

206: accepted; 201: all in, posting begins; 416: not the bytes TikTok waits for; 403 and 404: the upload is gone.
Source: https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide, read 2026-09-11.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Restart
from postline.networks.base import Call
from postline.networks.bodies import file_body
from postline.networks.http import Answer, unreadable
from postline.networks.polling import begin_anew
from postline.networks.tiktok.checkpoint import TikTokCheckpoint
from postline.networks.tiktok.chunks import ChunkPlan, received_bytes
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.status import State, fetch_status

Outcome = Done[TikTokCheckpoint] | Restart[TikTokCheckpoint]

UPLOAD_LASTS: Final = timedelta(hours=1)
GONE: Final = frozenset({403, 404})
WRONG_RANGE: Final = 416
EXPIRED: Final = NetworkError(
    ErrorKind.TRANSIENT,
    "upload_gone",
    "TikTok no longer accepts this upload. Postline starts a new one.",
    is_definite=True,
)


@dataclass(frozen=True, slots=True)
class TikTokUpload:
    client: TikTokClient

    async def send_first(
        self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint, chunks: ChunkPlan
    ) -> Outcome:
        """Everything but the last chunk. Repeated, it goes on where TikTok says it has got to."""
        if checkpoint.upload_url is None:
            return _not_sent(checkpoint)
        place, last, corrections = 0, chunks.count - 1, 0
        while place < last:
            answer = await self._send(call, order, checkpoint, chunks, place)
            if answer.is_ok:
                place += 1
            elif answer.status in GONE:
                return begin_anew(checkpoint, EXPIRED)
            elif answer.status == WRONG_RANGE and corrections < chunks.count:
                corrections += 1
                place = chunks.index_from(_received(answer, chunks))
            else:
                raise _failed(answer)
        return Done(checkpoint)

    async def send_last(
        self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint, chunks: ChunkPlan
    ) -> Outcome:
        """The bytes that make TikTok begin to post."""
        if checkpoint.is_spent:
            return begin_anew(checkpoint, EXPIRED)
        if checkpoint.upload_url is None:
            return _not_sent(checkpoint)
        answer = await self._send(call, order, checkpoint, chunks, chunks.count - 1)
        if answer.is_ok or (answer.status == WRONG_RANGE and _received(answer, chunks) >= chunks.size_bytes):
            return Done(checkpoint.model_copy(update={"waiting_since": None}))
        if answer.status in GONE:
            return await self._settle_gone(call, checkpoint, chunks)
        if answer.status == WRONG_RANGE:
            return begin_anew(checkpoint, EXPIRED)
        raise _failed(answer)

    async def _settle_gone(self, call: Call, checkpoint: TikTokCheckpoint, chunks: ChunkPlan) -> Outcome:
        """Gone because it is complete, or because it is too late: only what TikTok has tells which."""
        status = await fetch_status(self.client, call.target.access_token, checkpoint.publish_id or "")
        is_incomplete = status.state is State.UPLOADING and status.uploaded_bytes < chunks.size_bytes
        is_late = call.now - (checkpoint.upload_started_at or call.since) >= UPLOAD_LASTS
        if status.state is State.FAILED or (is_incomplete and is_late):
            return begin_anew(checkpoint, EXPIRED)
        if is_incomplete:
            text = "TikTok does not accept the upload and does not say that it has ended. Postline looks again."
            raise NetworkError(ErrorKind.AMBIGUOUS, "upload_refused", text)
        return Done(checkpoint.model_copy(update={"waiting_since": None}))

    async def _send(
        self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint, chunks: ChunkPlan, place: int
    ) -> Answer:
        first, end = chunks.ranges[place]
        chunk = file_body(call.media, order.media[0], first, end)
        return await self.client.put_chunk(checkpoint.upload_url or "", chunk, first, end, chunks.size_bytes)


def _not_sent(checkpoint: TikTokCheckpoint) -> Outcome:
    """There is no upload: the operator chose to send videos when this delivery was under way already."""
    is_pulled = checkpoint.publish_id is not None or checkpoint.post_id is not None
    return Done(checkpoint) if is_pulled else begin_anew(checkpoint, EXPIRED)


def _received(answer: Answer, chunks: ChunkPlan) -> int:
    return received_bytes(answer.headers.get("content-range", ""), chunks.size_bytes) or 0


def _failed(answer: Answer) -> NetworkError:
    if answer.is_refusal:
        text = "TikTok refused the bytes of the video. Upload the file again."
        return NetworkError(ErrorKind.CONTENT_REJECTED, f"upload_http_{answer.status}", text, is_definite=True)
    return unreadable("TikTok", answer)
