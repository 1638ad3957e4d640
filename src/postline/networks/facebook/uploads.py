"""The unseen half of publishing on a Page: photos staged unpublished, videos uploaded and not yet finished."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Restart, Waiting
from postline.networks.base import Call
from postline.networks.bodies import file_body
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.facebook.video_status import fetch_status
from postline.networks.http import text_of
from postline.networks.meta.errors import UploadInterrupted
from postline.networks.meta.graph import Graph
from postline.networks.polling import begin_anew, wait, waited

Outcome = Done[FacebookCheckpoint] | Waiting[FacebookCheckpoint] | Restart[FacebookCheckpoint]

UPLOAD_SETTLES: Final = timedelta(minutes=10)
PIECE_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class FacebookUploads:
    """Every step here may be repeated: what it leaves behind is invisible and deleted by Facebook after a day."""

    graph: Graph

    async def stage_photos(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        photo_ids = []
        for item in order.media:
            fields = {"published": "false"} | ({"alt_text_custom": item.alt_text} if item.alt_text else {})
            path, file = f"{call.target.remote_id}/photos", file_body(call.media, item)
            answer = await self.graph.post_file(
                "page.photos.stage", path, call.target.access_token, fields, "source", file
            )
            photo_ids.append(text_of(answer, "id", "Facebook"))
        return Done(checkpoint.model_copy(update={"photo_ids": tuple(photo_ids)}))

    async def start_reel(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        return await self._start(call, checkpoint, "video_reels")

    async def start_story(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        return await self._start(call, checkpoint, "video_stories")

    async def _start(self, call: Call, checkpoint: FacebookCheckpoint, edge: str) -> Outcome:
        path = f"{call.target.remote_id}/{edge}"
        answer = await self.graph.post(f"page.{edge}.start", path, call.target.access_token, {"upload_phase": "start"})
        made = {
            "video_id": text_of(answer, "video_id", "Facebook"),
            "upload_url": text_of(answer, "upload_url", "Facebook"),
        }
        return Done(checkpoint.model_copy(update=made))

    async def upload_video(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        """The whole file in one call; after a break the rest, from where Facebook has got to."""
        item, token, url = order.media[0], call.target.access_token, checkpoint.upload_url or ""
        octets = "application/octet-stream"
        try:
            await self.graph.upload("video.upload", url, token, file_body(call.media, item, content_type=octets))
        except NetworkError as error:
            if not error.code.startswith("upload/"):
                raise
            status = await fetch_status(self.graph, call, checkpoint)
            if status.failure is not None:
                return begin_anew(checkpoint, status.failure)
            offset = status.bytes_transferred
            if offset < item.size_bytes and not status.is_uploaded:
                if offset == 0:
                    return begin_anew(checkpoint, error)
                rest = file_body(call.media, item, offset, content_type=octets)
                await self.graph.upload("video.upload", url, token, rest, offset)
        return Done(checkpoint)

    async def wait_upload(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        status = await fetch_status(self.graph, call, checkpoint)
        if status.failure is not None:
            raise status.failure
        if status.is_uploaded:
            return Done(checkpoint.model_copy(update={"waiting_since": None}))
        if waited(checkpoint, call.now) > UPLOAD_SETTLES:
            text = "Facebook did not take in the uploaded video. Postline uploads it again."
            return begin_anew(checkpoint, NetworkError(ErrorKind.TRANSIENT, "upload_stalled", text))
        return wait(checkpoint, call.now, "Facebook takes in the uploaded video.")

    async def start_pieces(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        """An upload in pieces, so that the video has its id before the call that publishes it."""
        fields = {"upload_phase": "start", "file_size": order.media[0].size_bytes}
        path = f"{call.target.remote_id}/videos"
        answer = await self.graph.post("page.videos.start", path, call.target.access_token, fields)
        made = {
            "video_id": text_of(answer, "video_id", "Facebook"),
            "upload_session_id": text_of(answer, "upload_session_id", "Facebook"),
            "upload_from": int(text_of(answer, "start_offset", "Facebook")),
            "upload_to": int(text_of(answer, "end_offset", "Facebook")),
        }
        return Done(checkpoint.model_copy(update=made))

    async def upload_pieces(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        """Facebook names the next piece in each answer, also in the one that refuses a piece."""
        start, end, failures = checkpoint.upload_from, checkpoint.upload_to, 0
        while start < end:
            try:
                start, end = await self._upload_piece(call, order, checkpoint, start, end)
            except UploadInterrupted as interrupted:
                failures += 1
                if failures > PIECE_TRIES:
                    return begin_anew(checkpoint, interrupted)
                start, end = interrupted.start, interrupted.end
            except NetworkError as error:
                if error.kind is ErrorKind.TRANSIENT and error.is_definite and error.code != "not_sent":
                    return begin_anew(checkpoint, error)
                raise
        return Done(checkpoint)

    async def _upload_piece(
        self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint, start: int, end: int
    ) -> tuple[int, int]:
        fields = {
            "upload_phase": "transfer",
            "upload_session_id": checkpoint.upload_session_id or "",
            "start_offset": str(start),
        }
        path, piece = f"{call.target.remote_id}/videos", file_body(call.media, order.media[0], start, end)
        answer = await self.graph.post_file(
            "page.videos.transfer", path, call.target.access_token, fields, "video_file_chunk", piece
        )
        return int(text_of(answer, "start_offset", "Facebook")), int(text_of(answer, "end_offset", "Facebook"))
