"""The unseen half of publishing on a Page: photos staged unpublished, videos uploaded and not yet finished."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postline.core.content import MediaItem, PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Restart, Waiting
from postline.networks.base import Call
from postline.networks.bodies import file_body
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.facebook.video_status import fetch_status
from postline.networks.http import text_of
from postline.networks.meta.errors import as_number, codes
from postline.networks.meta.graph import Graph
from postline.networks.meta.resumable import is_refused_upload, send_rest
from postline.networks.polling import begin_anew, wait, waited

Outcome = Done[FacebookCheckpoint] | Waiting[FacebookCheckpoint] | Restart[FacebookCheckpoint]

UPLOAD_SETTLES: Final = timedelta(minutes=10)
OCTETS: Final = "application/octet-stream"
# The only kind of video that the API names; it looks into the file for what it really is.
FILE_TYPE: Final = "video/mp4"
SESSION_MARK: Final = "upload:"
GONE: Final = (100, 33)


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
        """A reel's or a story's bytes, to the address that Facebook gave for them."""
        item, token, url = order.media[0], call.target.access_token, checkpoint.upload_url or ""

        async def received() -> int:
            status = await fetch_status(self.graph, call, checkpoint)
            if status.failure is not None:
                raise status.failure
            return item.size_bytes if status.is_uploaded else status.bytes_transferred

        async def send(offset: int) -> None:
            if offset < item.size_bytes:
                rest = file_body(call.media, item, offset, content_type=OCTETS)
                await self.graph.upload("video.upload", url, token, rest, offset)

        try:
            await send_rest(0, send, received)
        except NetworkError as error:
            if not is_refused_upload(error):
                raise
            return begin_anew(checkpoint, error)
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

    async def set_cover(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        """A reel's cover, before it is published. Each image is added; the last one preferred is shown."""
        item = order.media[0]
        if item.cover is not None:
            path, file = f"{checkpoint.video_id}/thumbnails", file_body(call.media, item.cover)
            fields = {"is_preferred": "true"}
            await self.graph.post_file("video.thumbnails", path, call.target.access_token, fields, "source", file)
        return Done(checkpoint)

    async def start_session(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        session = await self._open_session(call, order.media[0])
        return Done(checkpoint.model_copy(update={"upload_session": session}))

    async def _open_session(self, call: Call, item: MediaItem) -> str:
        """A feed video's upload belongs to the app and the person; the Page comes in when it is published."""
        fields = {"file_name": item.sha256, "file_length": item.size_bytes, "file_type": FILE_TYPE}
        path = f"{self.graph.ready_app.app_id}/uploads"
        answer = await self.graph.post("app.uploads", path, call.target.user_token, fields)
        session = text_of(answer, "id", "Facebook")
        if not session.startswith(SESSION_MARK):
            text = "Facebook named an upload that is none. Postline asks for another."
            raise NetworkError(ErrorKind.TRANSIENT, "foreign_upload_session", text, is_definite=True)
        return session

    async def upload_file(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        """A feed video's bytes; the answer to the last one is a handle of the file."""
        item, token, session = order.media[0], call.target.user_token, checkpoint.upload_session or ""

        async def received() -> int:
            told = await self.graph.upload_session("GET", "upload.offset", session, token)
            return as_number(told.get("file_offset")) or 0

        async def send(offset: int) -> str:
            nonlocal session
            if offset >= item.size_bytes:
                # All bytes are in and their handle got lost on the way: only another session gives one.
                session, offset = await self._open_session(call, item), 0
            rest = file_body(call.media, item, offset, content_type=OCTETS)
            answer = await self.graph.upload_session("POST", "upload.send", session, token, rest, offset)
            return text_of(answer, "h", "Facebook")

        try:
            handle = await send_rest(await received(), send, received)
        except NetworkError as error:
            is_gone = codes(error) == GONE or error.kind is ErrorKind.CONTENT_REJECTED
            if not is_gone and not is_refused_upload(error):
                raise
            return begin_anew(checkpoint, error)
        return Done(checkpoint.model_copy(update={"file_handle": handle}))
